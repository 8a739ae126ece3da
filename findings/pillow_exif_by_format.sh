#!/usr/bin/env bash
# One Exif object of Pillow, given as exif= to save, is not written alike by the formats, and AVIF
# changes it: AVIF takes the orientation out of the caller's object, so that the next file saved
# with it lies on its side, and if no other tag of the main list is left, AVIF drops date, time zone
# and place, too. TIFF drops these where they were set through get_ifd, unless it gets the same
# object as bytes (Pillow 13.0.0). No error, no warning. livecam reads such files, and writes no
# EXIF (livecam/sources/files/exif_time.py).
#
# The guess: save leaves what it is given as it was, exif=x and exif=x.tobytes() do the same, and
# TIFF, whose own tags EXIF is made of, is the last to lose any.
# The object has the orientation 6, and a date, its time zone and a place, set through get_ifd.
# Needs bash, python3 (3.11 or newer) and pip; any user; less than a minute.
# The output, which this script compares with what it gets:
#   > JPEG             date yes, zone yes, place yes; the object's orientation afterwards 6
#   > PNG              date yes, zone yes, place yes; the object's orientation afterwards 6
#   > WEBP             date yes, zone yes, place yes; the object's orientation afterwards 6
#   > AVIF             date no, zone no, place no; the object's orientation afterwards None
#   > AVIF and a make  date yes, zone yes, place yes; the object's orientation afterwards None
#   > TIFF             date no, zone no, place no; the object's orientation afterwards 6
#   > TIFF and a make  date no, zone no, place no; the object's orientation afterwards 6
#   > TIFF, as bytes   date yes, zone yes, place yes; the object's orientation afterwards 6
#   > one object for JPEG, AVIF, JPEG: orientations read 6 6 None, upright 20x30 20x30 30x20
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pillow==13.0.0
"$folder/venv/bin/python" - << 'PYTHON' | tee "$folder/output"
import io

from PIL import Image, ImageOps
from PIL.ExifTags import GPS, IFD, Base

PICTURE = Image.new("RGB", (30, 20), "green")


def described():
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = "2026:11:29 12:00:00"
    exif.get_ifd(IFD.Exif)[Base.OffsetTimeOriginal] = "+01:00"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitudeRef] = "N"
    return exif


def saved(kind, exif):
    file = io.BytesIO()
    PICTURE.save(file, kind, exif=exif)
    return Image.open(file)


def yes(value):
    return "no" if value is None else "yes"


def show(name, kind, exif, given):
    found = saved(kind, given).getexif()
    taken, place = found.get_ifd(IFD.Exif), found.get_ifd(IFD.GPSInfo)
    date, zone = taken.get(Base.DateTimeOriginal), taken.get(Base.OffsetTimeOriginal)
    told = f"date {yes(date)}, zone {yes(zone)}, place {yes(place.get(GPS.GPSLatitudeRef))}"
    print(f"{name:16} {told}; the object's orientation afterwards {exif.get(Base.Orientation)}")


for name in ("JPEG", "PNG", "WEBP", "AVIF", "AVIF and a make", "TIFF", "TIFF and a make"):
    exif = described()
    if name.endswith("make"):
        exif[Base.Make] = "A camera"
    show(name, name[:4].strip(), exif, exif)
exif = described()
show("TIFF, as bytes", "TIFF", exif, exif.tobytes())

exif, read, sizes = described(), [], []
for kind in ("JPEG", "AVIF", "JPEG"):
    picture = saved(kind, exif)
    read.append(str(picture.getexif().get(Base.Orientation)))
    sizes.append("x".join(map(str, ImageOps.exif_transpose(picture).size)))
print(f"one object for JPEG, AVIF, JPEG: orientations read {' '.join(read)},", end=" ")
print(f"upright {' '.join(sizes)}")
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: pillow_exif_by_format"
