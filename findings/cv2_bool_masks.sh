#!/usr/bin/env bash
# OpenCV 5 takes NumPy's bool arrays and returns bool arrays, but its bitwise_not turns the bits of the
# byte and not the truth: True (1) becomes 254, False 255, so the mask that comes back is True
# everywhere. As mask= of a next call it lets every pixel through; NumPy finds that it overlaps with
# the mask it was made of, and OpenCV that it does not. A saved mask is black: True is written as 1
# of 255, with a line in the log that names neither (opencv-python 5.0.0.93, NumPy 2.4.6). livecam
# turns masks with NumPy, and gives bitwise_not nothing but uint8
# (livecam/sources/synthetic/renderer.py).
#
# The guess: OpenCV 4 (4.13.0) refuses bool arrays; a version that takes them, and gives them back,
# knows what "not" is, as NumPy's `~` and bitwise_not do. What is not ready says so, as add and blur.
# A mask of 8 of 16 pixels, and a picture of 16.
# Needs bash, python3 (3.11 or newer) and pip; any user; less than a minute.
# The output, which this script compares with what it gets:
#   > mask                                bool, 8 True, bytes 0 1
#   > ~mask                               bool, 8 True, bytes 0 1
#   > np.bitwise_not(mask)                bool, 8 True, bytes 0 1
#   > cv2.bitwise_not(mask)               bool, 16 True, bytes 254 255
#   > mask & cv2.bitwise_not(mask)        bool, 8 True, bytes 0 1
#   > the same by cv2.bitwise_and         bool, 0 True, bytes 0
#   > pixels let through                  ~mask 8, cv2.bitwise_not(mask) 16
#   > PNG of the mask, read again         uint8, values 0 1
#   > cv2.add(mask, mask)                 error
#   > cv2.blur(mask, (3, 3))              error
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet opencv-python==5.0.0.93 numpy==2.4.6
"$folder/venv/bin/python" - << 'PYTHON' 2> "$folder/log" | tee "$folder/output"
import cv2
import numpy as np

mask = np.zeros((4, 4), bool)
mask[:2] = True
turned = cv2.bitwise_not(mask)
picture = np.full((4, 4), 7, np.uint8)


def bytes_of(array):
    return " ".join(map(str, np.unique(array.view(np.uint8))))


def show(words, array):
    print(f"{words:34}  {array.dtype}, {len(array[array])} True, bytes {bytes_of(array)}")


def let_through(by):
    return int((cv2.bitwise_and(picture, picture, mask=by) == 7).sum())


show("mask", mask)
show("~mask", ~mask)
show("np.bitwise_not(mask)", np.bitwise_not(mask))
show("cv2.bitwise_not(mask)", turned)
show("mask & cv2.bitwise_not(mask)", mask & turned)
show("the same by cv2.bitwise_and", cv2.bitwise_and(mask, turned))
counts = f"~mask {let_through(~mask)}, cv2.bitwise_not(mask) {let_through(turned)}"
print(f"{'pixels let through':34}  {counts}")
saved = cv2.imdecode(cv2.imencode(".png", mask)[1], cv2.IMREAD_UNCHANGED)
print(f"{'PNG of the mask, read again':34}  {saved.dtype}, values {bytes_of(saved)}")
for words, call in (
    ("cv2.add(mask, mask)", lambda: cv2.add(mask, mask)),
    ("cv2.blur(mask, (3, 3))", lambda: cv2.blur(mask, (3, 3))),
):
    try:
        show(words, call())
    except cv2.error:
        print(f"{words:34}  error")
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: cv2_bool_masks"
