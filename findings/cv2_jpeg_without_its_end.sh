#!/usr/bin/env bash
# Of a JPEG that lacks its last byte OpenCV's imread gives the whole picture, and imdecode of the same
# bytes None: libjpeg's reader of files, which imread uses, puts a missing end mark (FF D9) there by
# itself; that of memory waits for bytes that never come, though all pixels but a few are decoded.
# imread gives even half of a file, the rest in grey, without an error (opencv-python 5.0.0.93; 4.11
# does the same). livecam reads pictures by imdecode, and adds an end mark where nothing but that is
# missing (livecam/sources/files/jpeg_end.py).
#
# The guess: imread is imdecode of the file's bytes; the documentation of imdecode refers to imread
# for formats and flags. And what lacks no pixel is not too short.
# A JPEG of 320 x 240 pixels, cut at its end; "the same" means the same pixels as of the whole file.
# (Now and then imdecode has read far enough ahead: of some grey pictures, of none in colour here.)
# Needs bash, python3 (3.11 or newer) and pip; any user; less than a minute.
# The output, which this script compares with what it gets:
#   > whole                    imread the same         imdecode the same  imdecodemulti the same
#   > without its last byte    imread the same         imdecode None      imdecodemulti None
#   > without its end mark     imread the same         imdecode None      imdecodemulti None
#   > the first half           imread differs in 52 %  imdecode None      imdecodemulti None
#   > half, an end mark added  imread differs in 52 %  imdecode as imread
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet opencv-python==5.0.0.93 numpy==2.4.6
"$folder/venv/bin/python" - "$folder/picture.jpg" << 'PYTHON' 2> "$folder/log" | tee "$folder/output"
import sys

import cv2
import numpy as np

FILE = sys.argv[1]
END = b"\xff\xd9"
noise = np.random.default_rng(0).integers(0, 256, (30, 40, 3), np.uint8)
JPEG = cv2.imencode(".jpg", noise.repeat(8, 0).repeat(8, 1))[1].tobytes()
WHOLE = cv2.imdecode(np.frombuffer(JPEG, np.uint8), cv2.IMREAD_COLOR)


def by_imread(encoded):
    with open(FILE, "wb") as file:
        file.write(encoded)
    return cv2.imread(FILE)


def by_imdecode(encoded):
    return cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)


def by_imdecodemulti(encoded):
    pages = cv2.imdecodemulti(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)[1]
    return pages[0] if pages else None


def told(picture):
    if picture is None:
        return "None"
    different = (picture != WHOLE).any(axis=-1).mean()
    return f"differs in {different:.0%}".replace("%", " %") if different else "the same"


half = JPEG[: len(JPEG) // 2]
for name, encoded in (
    ("whole", JPEG),
    ("without its last byte", JPEG[:-1]),
    ("without its end mark", JPEG[:-2]),
    ("the first half", half),
):
    print(
        f"{name:24} imread {told(by_imread(encoded)):16} imdecode "
        f"{told(by_imdecode(encoded)):9} imdecodemulti {told(by_imdecodemulti(encoded))}"
    )
as_imread = np.array_equal(by_imread(half), by_imdecode(half + END))
print(
    f"{'half, an end mark added':24} imread {told(by_imread(half + END)):16} "
    f"imdecode {'as imread' if as_imread else 'otherwise'}"
)
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: cv2_jpeg_without_its_end"
