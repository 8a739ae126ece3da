#!/usr/bin/env bash
# A turned photo that Pillow saves as AVIF stands upright in browsers, but not in OpenCV, whose
# imread turns JPEG, PNG and WebP with the same orientation by itself: Pillow moves the orientation
# out of the EXIF data into AVIF's own box "irot", and OpenCV's reader passes that box over, with
# every flag (opencv-python 5.0.0.93, Pillow 13.0.0, PyAV 18.1.0). livecam reads AVIF with Pillow
# (livecam/sources/files/pillow_pictures.py).
#
# The guess: imread, which heeds an orientation by default, heeds it in each format that it reads,
# as Pillow's exif_transpose does, for which Pillow makes the tag up again from the box.
# A picture of 30 x 20 pixels, its top left quarter red, is saved with the orientation 6 (a quarter
# turn clockwise): upright it is 20 x 30, with the red quarter at the top right.
# Needs bash, python3 (3.11 or newer) and pip; any user; less than a minute.
# The output, which this script compares with what it gets:
#   > JPEG  OpenCV 20x30 red top right  Pillow 20x30 red top right  EXIF tag, no irot
#   > PNG   OpenCV 20x30 red top right  Pillow 20x30 red top right  EXIF tag, no irot
#   > WEBP  OpenCV 20x30 red top right  Pillow 20x30 red top right  EXIF tag, no irot
#   > AVIF  OpenCV 30x20 red top left   Pillow 20x30 red top right  no EXIF, irot
#   > AVIF in PyAV: 30x20, to be turned by -90 degrees
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
from PIL import Image, ImageOps

ORIENTATION, QUARTER_TURN = 274, 6


def photo(kind):
    pixels = np.zeros((20, 30, 3), np.uint8)
    pixels[:10, :15] = (255, 0, 0)
    exif, file = Image.Exif(), io.BytesIO()
    exif[ORIENTATION] = QUARTER_TURN
    Image.fromarray(pixels).save(file, kind, exif=exif)
    return file.getvalue()


def told(rgb):
    """Size, and which of the upper quarters is the redder one."""
    height, width = rgb.shape[:2]
    left, right = np.split(rgb[: height // 2, :, 0], 2, axis=1)
    return f"{width}x{height} red top {'left' if left.mean() > right.mean() else 'right'}"


for kind in ("JPEG", "PNG", "WEBP", "AVIF"):
    data = photo(kind)
    by_opencv = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[:, :, ::-1]
    image = Image.open(io.BytesIO(data))
    by_pillow = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    tag = "EXIF tag" if b"exif" in data.lower() else "no EXIF"
    box = "irot" if b"irot" in data else "no irot"
    print(f"{kind:5} OpenCV {told(by_opencv):20} Pillow {told(by_pillow)}  {tag}, {box}")
with av.open(io.BytesIO(photo("AVIF"))) as file:
    frame = next(file.decode(video=0))
print(f"AVIF in PyAV: {frame.width}x{frame.height}, to be turned by {frame.rotation} degrees")
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: avif_turned_by_readers"
