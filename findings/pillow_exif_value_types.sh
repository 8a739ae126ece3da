#!/usr/bin/env bash
# A float that is given to Pillow for a tag of the Exif list, like the exposure time, is written as
# DOUBLE, a type that Exif does not have: the package "exif" then leaves out that whole list, with a
# warning, and the photo has no date for it. A pair like (1, 250), which is piexif's form of a
# fraction, is written as two SHORTs, and "exif" reads an exposure of 1 s. Pillow reads back what it
# was given, so that a try looks right; of the three only its own IFDRational becomes a RATIONAL
# (Pillow 13.0.0, exif 1.6.1, exifread 3.5.1, pyexiv2 2.16.0). livecam looks for date, zone and
# orientation alone, and finds the date beside all three (livecam/sources/files/exif_time.py).
#
# The guess: what the standard makes a RATIONAL is written as one. Floats of the main list and of
# that of the place are: Pillow knows the types of their tags.
# A photo with a date and an exposure time of 1/250 s, given in three ways, and a resolution and a
# height, given as floats.
# Needs bash, python3 (3.11 or newer) and pip; any user; less than a minute.
# The output, which this script compares with what it gets:
#   > IFDRational(1, 250)  RATIONAL     Pillow 0.004     exif 0.004 date yes  exifread 1/250     exiv2 1/250
#   > 0.004                DOUBLE       Pillow 0.004     exif None  date no   exifread (0.004,)  exiv2 0.004
#   > (1, 250)             SHORT SHORT  Pillow (1, 250)  exif 1     date yes  exifread [1, 250]  exiv2 1 250
#   > floats elsewhere: resolution RATIONAL, height RATIONAL
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pillow==13.0.0 exif==1.6.1 exifread==3.5.1 pyexiv2==2.16.0
"$folder/venv/bin/python" -W ignore - << 'PYTHON' | tee "$folder/output"
import io
import struct

import exif
import exifread
import pyexiv2
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

TYPES = {3: "SHORT", 4: "LONG", 5: "RATIONAL", 12: "DOUBLE"}


def photo(exposure):
    tags = Image.Exif()
    tags.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = "2026:07:01 12:00:00"
    tags.get_ifd(IFD.Exif)[Base.ExposureTime] = exposure
    tags[Base.XResolution], tags.get_ifd(IFD.GPSInfo)[GPS.GPSAltitude] = 72.5, 12.5
    file = io.BytesIO()
    Image.new("RGB", (30, 20)).save(file, "JPEG", exif=tags)
    return file.getvalue()


def type_of(tag, encoded):
    """The type of a tag, by the 12 bytes of its entry: tag, type, count, and value or place."""
    tiff = encoded[encoded.index(b"Exif\0\0") + 6 :]
    order = "<" if tiff.startswith(b"II") else ">"
    entry = tiff.index(struct.pack(order + "H", tag))
    kind, count = struct.unpack_from(order + "HI", tiff, entry + 2)
    return " ".join([TYPES[kind]] * count)


def by_pillow(encoded):
    value = Image.open(io.BytesIO(encoded)).getexif().get_ifd(IFD.Exif)[Base.ExposureTime]
    return value if isinstance(value, tuple) else float(value)


for exposure in (IFDRational(1, 250), 0.004, (1, 250)):
    encoded = photo(exposure)
    name = "IFDRational(1, 250)" if isinstance(exposure, IFDRational) else str(exposure)
    by_exif = exif.Image(encoded)
    date = "yes" if by_exif.get("datetime_original") else "no"
    by_exifread = exifread.process_file(io.BytesIO(encoded))["EXIF ExposureTime"]
    by_exiv2 = pyexiv2.ImageData(encoded).read_exif()["Exif.Photo.ExposureTime"]
    print(
        f"{name:20} {type_of(Base.ExposureTime, encoded):12} Pillow {by_pillow(encoded)!s:9} "
        f"exif {by_exif.get('exposure_time')!s:5} date {date:4} exifread {by_exifread!s:9} "
        f"exiv2 {by_exiv2}"
    )
encoded = photo(0.004)
print(f"floats elsewhere: resolution {type_of(Base.XResolution, encoded)}", end=", ")
print(f"height {type_of(GPS.GPSAltitude, encoded)}")
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: pillow_exif_value_types"
