#!/usr/bin/env bash
# A picture that PyAV hands over with the type I becomes a key frame in H.264, VP9 and MPEG-4, but
# in HEVC (libx265) only an intra picture, where the key frame before is nearer than a tenth of the
# group; FFmpeg's option forced-idr cures it, while the same word among x265-params is unknown there
# and passes with a line in FFmpeg's log alone (PyAV 18.1.0, FFmpeg 8). livecam asks for its key
# frames by that type (livecam/sinks/recording/encoder.py).
#
# The guess: what is asked for is done, by each encoder; an unknown parameter raises, as a bad value
# of a known option does.
# Twenty pictures in a group of 60; the type I is asked for pictures 5 and 12.
# Needs bash, python3 (3.11 or newer) and pip; any user; less than a minute.
# The output, which this script compares with what it gets:
#   > libx264                             key frames [0, 5, 12], intra [0, 5, 12]
#   > libvpx-vp9                          key frames [0, 5, 12], intra [0, 5, 12]
#   > mpeg4                               key frames [0, 5, 12], intra [0, 5, 12]
#   > libx265                             key frames [0, 12], intra [0, 5, 12]
#   > libx265, x265-params: forced-idr=1  key frames [0, 12], intra [0, 5, 12]
#   > libx265, x265-params: min-keyint=1  key frames [0, 5, 12], intra [0, 5, 12]
#   > libx265, forced-idr: 1              key frames [0, 5, 12], intra [0, 5, 12]
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet av==18.1.0 numpy==2.4.6
"$folder/venv/bin/python" - << 'PYTHON' | tee "$folder/output"
import io

import av
import numpy as np
from av.video.frame import PictureType

PICTURE = np.random.default_rng(0).integers(0, 256, (240, 320, 3), np.uint8)


def show(codec, **options):
    options = {name.replace("_", "-"): value for name, value in options.items()}
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as output:
        stream = output.add_stream(codec, rate=30, options=options)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        stream.codec_context.gop_size, stream.codec_context.max_b_frames = 60, 0
        for number in range(20):
            frame = av.VideoFrame.from_ndarray(PICTURE, format="rgb24")
            frame.pts = number
            if number in (5, 12):
                frame.pict_type = PictureType.I
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    file.seek(0)
    with av.open(file) as clip:
        frames = list(clip.decode(video=0))
    keys = [number for number, frame in enumerate(frames) if frame.key_frame]
    intra = [number for number, frame in enumerate(frames) if frame.pict_type == PictureType.I]
    name = ", ".join([codec, *(f"{option}: {value}" for option, value in options.items())])
    print(f"{name:35} key frames {keys}, intra {intra}")


for codec in ("libx264", "libvpx-vp9", "mpeg4", "libx265"):
    show(codec)
show("libx265", x265_params="forced-idr=1")
show("libx265", x265_params="min-keyint=1")
show("libx265", forced_idr="1")
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: x265_forced_key_frames"
