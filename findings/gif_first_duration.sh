#!/usr/bin/env bash
# Of a GIF whose first picture has a duration below 10 ms, Pillow leaves out that picture's control
# block, and OpenCV's imdecodeanimation then shows the picture for a whole second, PyAV for 100 ms,
# and Pillow tells no duration; the same length on a later picture becomes 0 in OpenCV and Pillow
# (Pillow 13.0.0, opencv-python 5.0.0.93, PyAV 18.1.0). livecam reads GIF with Pillow, and has a
# shortest duration of its own (livecam/sources/files/pillow_pictures.py).
#
# The guess: a duration below 10 ms is written as 0 wherever it stands, and a missing control block,
# which GIF allows, is read as 0 or as the customary 100 ms.
# GIFs of three grey pictures, saved with the durations of the first column, in ms; "blocks" are
# the control blocks in the file.
# Needs bash, python3 (3.11 or newer) and pip; any user; less than a minute.
# The output, which this script compares with what it gets:
#   > saved 100 200 900  blocks 3  Pillow 100 200 900   OpenCV 100 200 900   PyAV 100 200 900
#   > saved 5 200 900    blocks 2  Pillow None 200 900  OpenCV 1000 200 900  PyAV 100 200 900
#   > saved 0 200 30     blocks 2  Pillow None 200 30   OpenCV 1000 200 30   PyAV 100 200 30
#   > saved 200 5 900    blocks 3  Pillow 200 0 900     OpenCV 200 0 900     PyAV 200 100 900
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet \
    opencv-python==5.0.0.93 av==18.1.0 pillow==13.0.0 numpy==2.4.6
"$folder/venv/bin/python" - << 'PYTHON' | tee "$folder/output"
import io

import cv2
import av
import numpy as np
from PIL import Image, ImageSequence

PICTURES = [Image.new("RGB", (60, 40), (grey, grey, grey)) for grey in (10, 100, 200)]
CONTROL_BLOCK = b"\x21\xf9\x04"


def by_pillow(data):
    frames = ImageSequence.Iterator(Image.open(io.BytesIO(data)))
    return [frame.info.get("duration") for frame in frames]


def by_opencv(data):
    return cv2.imdecodeanimation(np.frombuffer(data, np.uint8))[1].durations


def by_pyav(data):
    with av.open(io.BytesIO(data)) as file:
        return [round(frame.duration * frame.time_base * 1000) for frame in file.decode(video=0)]


def told(durations):
    return " ".join(map(str, durations))


for durations in ([100, 200, 900], [5, 200, 900], [0, 200, 30], [200, 5, 900]):
    file = io.BytesIO()
    PICTURES[0].save(file, "GIF", save_all=True, append_images=PICTURES[1:], duration=durations)
    data = file.getvalue()
    saved = f"saved {told(durations):12} blocks {data.count(CONTROL_BLOCK)}"
    read = f"Pillow {told(by_pillow(data)):12}  OpenCV {told(by_opencv(data)):12}"
    print(f"{saved}  {read}  PyAV {told(by_pyav(data))}")
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: gif_first_duration"
