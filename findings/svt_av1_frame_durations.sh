#!/usr/bin/env bash
# Of six encoders told to keep each picture's duration, SVT-AV1 alone gives packets without one, so
# the last picture of an AV1 file lasts one frame of the nominal rate, however long it was shown,
# and that may be most of the file (PyAV 18.1.0, FFmpeg 8). livecam counts the durations of AV1
# itself (livecam/sinks/recording/video_file.py).
#
# The guess: the flag "frame duration" (1 << 8) of a codec context works with each, or raises.
# Four pictures, shown for 100, 400, 100 and 2000 ms, are encoded at a nominal rate of 30 a second.
# Needs bash, python3 (3.11 or newer) and pip; any user; less than a minute. (SVT-AV1 has been seen
# to stand still now and then on two cores: after two minutes that ends the script as a failure.)
# The output, which this script compares with what it gets; the file's length is Matroska's:
#   > libx264     packets 100 400 100 2000 ms  file 2600 ms
#   > libx265     packets 100 400 100 2000 ms  file 2600 ms
#   > libvpx-vp9  packets 100 400 100 2000 ms  file 2600 ms
#   > ffv1        packets 100 400 100 2000 ms  file 2600 ms
#   > mpeg4       packets 100 400 100 2000 ms  file 2600 ms
#   > libsvtav1   packets 0 0 0 0 ms  file 633 ms
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet av==18.1.0 numpy==2.4.6
SVT_LOG=1 timeout 120 "$folder/venv/bin/python" - << 'PYTHON' | tee "$folder/output"
import io
from fractions import Fraction

import av
import numpy as np

KEEP_DURATIONS = 1 << 8
MILLISECOND = Fraction(1, 1000)

for codec in ("libx264", "libx265", "libvpx-vp9", "ffv1", "mpeg4", "libsvtav1"):
    file, durations, at = io.BytesIO(), [], 0
    with av.open(file, "w", format="matroska") as output:
        quiet = {"x265-params": "log-level=none"} if codec == "libx265" else {}
        stream = output.add_stream(codec, rate=30, options=quiet)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        context = stream.codec_context
        context.time_base, context.max_b_frames = MILLISECOND, 0
        context.flags |= KEEP_DURATIONS
        packets = []
        for duration in (100, 400, 100, 2000):
            picture = np.full((240, 320, 3), at // 10, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.duration, frame.time_base = at, duration, MILLISECOND
            packets += stream.encode(frame)
            at += duration
        for packet in packets + stream.encode(None):
            durations.append(str(packet.duration))
            output.mux(packet)
    file.seek(0)
    with av.open(file) as clip:
        length = clip.duration // 1000
    print(f"{codec:11} packets {' '.join(durations)} ms  file {length} ms")
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: svt_av1_frame_durations"
