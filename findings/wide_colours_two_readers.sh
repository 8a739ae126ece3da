#!/usr/bin/env bash
# OpenCV's and PyAV's readers, both FFmpeg 8 with the same libswscale, give different pictures of
# one wide-gamut or HDR clip: OpenCV 5 converts BT.2020 primaries and the curves HLG and PQ to
# BT.709, while PyAV's to_ndarray leaves them as they are, without a word (opencv-python 5.0.0.93,
# PyAV 18.1.0). livecam reads clips with PyAV, so such clips have PyAV's colours.
#
# The guess: both convert the YUV matrix and the range and no more, and agree. OpenCV 4.12 did.
# A clip of one colour, RGB 180 120 60, is encoded for each pair of tags, and read back. The last
# column is PyAV's reformat with BT.709 named as the wanted curve and primaries.
# Needs bash, python3 (3.11 or newer) and pip; any user; less than a minute.
# The output, which this script compares with what it gets, to within 4 of 255:
#   > BT.709 primaries, BT.709 curve    OpenCV 179 119 58  PyAV 179 119 58  reformat 179 119 58
#   > BT.709 primaries, HLG curve       OpenCV 223 142 72  PyAV 179 119 58  reformat 223 142 72
#   > BT.709 primaries, PQ curve        OpenCV 255 139 70  PyAV 179 119 58  reformat 255 139 70
#   > BT.2020 primaries, BT.709 curve   OpenCV 212 109 32  PyAV 179 119 59  reformat 212 109 32
#   > BT.2020 primaries, HLG curve      OpenCV 255 126 52  PyAV 179 119 59  reformat 255 126 52
#   > BT.2020 primaries, PQ curve       OpenCV 255 105 46  PyAV 179 119 59  reformat 255 105 46
set -euo pipefail
script=$(realpath "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet opencv-python==5.0.0.93 av==18.1.0 numpy==2.4.6
cd "$folder"
venv/bin/python - "$script" << 'PYTHON'
import re
import sys

import cv2
import av
import numpy as np

COLOUR = np.full((240, 320, 3), (180, 120, 60), np.uint8)


def write_clip(primaries, curve):
    """The YUV matrix 1 is BT.709 and 9 BT.2020, as with primaries; range 1 is the limited one."""
    with av.open("clip.mp4", "w") as output:
        stream = output.add_stream("libx264", rate=25, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        context = stream.codec_context
        context.colorspace, context.color_range = primaries, 1
        context.color_primaries, context.color_trc = primaries, curve
        for _ in range(5):
            frame = av.VideoFrame.from_ndarray(COLOUR, format="rgb24")
            output.mux(stream.encode(frame.reformat(format="yuv420p", dst_colorspace=primaries)))
        output.mux(stream.encode(None))


def told(picture):
    return " ".join(str(value) for value in picture[100, 100])


def numbers(line):
    return [int(number) for number in re.findall(r"\d+", line)]


with open(sys.argv[1]) as script:
    expected = iter([line[6:] for line in script if line.startswith("#   > ")])
for primaries, name in ((1, "BT.709"), (9, "BT.2020")):
    for curve, curve_name in ((1, "BT.709"), (18, "HLG"), (16, "PQ")):
        write_clip(primaries, curve)
        by_opencv = cv2.VideoCapture("clip.mp4").read()[1][:, :, ::-1]
        with av.open("clip.mp4") as clip:
            frame = next(clip.decode(video=0))
        asked = frame.reformat(format="rgb24", dst_color_trc=1, dst_color_primaries=1).to_ndarray()
        line = f"{f'{name} primaries, {curve_name} curve':33} OpenCV {told(by_opencv)}"
        line += f"  PyAV {told(frame.to_ndarray(format='rgb24'))}  reformat {told(asked)}"
        print(line)
        np.testing.assert_allclose(numbers(line), numbers(next(expected)), rtol=0, atol=4)
PYTHON
echo "as found: wide_colours_two_readers"
