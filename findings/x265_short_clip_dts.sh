#!/usr/bin/env bash
# x265 4.2 takes the decoding times (dts) of a clip of one or two pictures out of memory that it
# never wrote to, so whether MOV and MP4 accept the clip, and with which error they refuse it,
# depends on what ran before in the same process (PyAV 18.1.0; x265's issue 781). livecam encodes
# without B-frames (livecam/sinks/recording/encoder_catalogue.py).
#
# The guess: one picture is the easiest clip of all, and its decoding time is its own time. In a
# fresh process such memory is mostly zero, so that a test with one picture passes.
# glibc's MALLOC_PERTURB_ fills new memory with the complement of a byte: here left alone, 0x5a and
# 0xa5. MOV keeps the time base 1/90000; with 1/30 the conversion overflows, and hides the fault.
# Needs bash, python3 (3.11 or newer), pip, and glibc on x86-64; any user; about a minute.
# The output, which this script compares with what it gets:
#   > memory fresh, 1 picture: dts 0  mov written
#   > memory fresh, 2 pictures: dts 0 3000  mov written
#   > memory 0x5a, 1 picture: dts -6510615555426900570  mov PatchWelcomeError
#   > memory 0x5a, 2 pictures: dts -6510615555426900570 -6510615555426897570  mov PatchWelcomeError
#   > memory 0xa5, 1 picture: dts 6510615555426900571  mov ArgumentError
#   > memory 0xa5, 2 pictures: dts 6510615555426900571 6510615555426903571  mov ArgumentError
#   > memory 0xa5, 3 pictures: dts -6000 -3000 0  mov written
#   > memory 0xa5, 1 picture, bframes=0: dts 0  mov written
#   > memory 0xa5, 2 pictures, bframes=0: dts 0 3000  mov written
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet av==18.1.0 numpy==2.4.6
cat > "$folder/show.py" << 'PYTHON'
import io
import os
import sys
from fractions import Fraction

import av
import numpy as np

TIME_BASE, STEP = Fraction(1, 90000), 3000


def show(count, parameters):
    packets = []
    try:
        with av.open(io.BytesIO(), "w", format="mov") as output:
            quiet = {"x265-params": ":".join(["log-level=none", *parameters])}
            stream = output.add_stream("libx265", rate=30, options=quiet)
            stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
            stream.time_base = stream.codec_context.time_base = TIME_BASE
            for number in range(count):
                picture = np.full((240, 320, 3), number, np.uint8)
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts, frame.time_base = number * STEP, TIME_BASE
                packets += stream.encode(frame)
            packets += stream.encode(None)
            times = " ".join(str(packet.dts) for packet in packets)
            for packet in packets:
                output.mux(packet)
        outcome = "written"
    except av.FFmpegError as error:
        outcome = type(error).__name__
    perturb = int(os.environ["MALLOC_PERTURB_"])
    memory = f"0x{255 - perturb:02x}" if perturb else "fresh"
    told = ", ".join([f"{count} picture{'s' * (count > 1)}", *parameters])
    print(f"memory {memory}, {told}: dts {times}  mov {outcome}")


show(int(sys.argv[1]), sys.argv[2:])
PYTHON
show() { MALLOC_PERTURB_=$1 "$folder/venv/bin/python" "$folder/show.py" "${@:2}"; }
{
    show 0 1
    show 0 2
    show 165 1
    show 165 2
    show 90 1
    show 90 2
    show 90 3
    show 90 1 bframes=0
    show 90 2 bframes=0
} | tee "$folder/output"
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: x265_short_clip_dts"
