"""When a photograph was taken, as its EXIF says: DateTimeOriginal, with its zone where it is known.

Few cameras write a zone (OffsetTimeOriginal): the time is then that of the camera's clock, and no
zone is made up for it.
"""

import warnings
from contextlib import suppress
from datetime import MAXYEAR, datetime, timedelta, timezone
from io import BytesIO
from typing import TYPE_CHECKING, Any

from livecam.native.silenced_stderr import silenced_native_stderr
from livecam.sources.files.format import Format

if TYPE_CHECKING:
    from PIL import Image

_HEAD_BYTES = 1 << 17  # where a file says that it has EXIF
_MARKS = (b"Exif", b"eXIf", b"EXIF")
_ALWAYS_LOOKED_AT = frozenset({"TIFF"})  # its tags are the same list
_MAY_HAVE_EXIF = frozenset({"JPEG", "HEIC", "AVIF", "PNG", "WebP", "TIFF"})

_EXIF_IFD = 0x8769
_DATE_TIME, _OFFSET, _SUB_SECONDS = 0x9003, 0x9011, 0x9291
_FIRST_YEAR = 1971  # a clock that was never set says 1970, or zeros
_LARGEST_OFFSET = timedelta(hours=15)


def time_taken(encoded: bytes, found: Format) -> datetime | None:
    """When the picture of a file was taken; None where the file does not say.

    Args:
        encoded: the whole file.
        found: its format.

    Returns:
        With a zone where the file names one, else without.
    """
    if found not in _MAY_HAVE_EXIF:
        return None
    if found not in _ALWAYS_LOOKED_AT and not any(m in encoded[:_HEAD_BYTES] for m in _MARKS):
        return None
    # Damaged EXIF raises anything: the picture may be whole all the same.
    with suppress(Exception), warnings.catch_warnings(), silenced_native_stderr():
        warnings.simplefilter("ignore")
        return time_in_exif(_opened(encoded, found).getexif())
    return None


def _opened(encoded: bytes, found: Format) -> "Image.Image":
    if found == "JPEG":  # without what the other formats need, it takes a third of the time
        from PIL import Image

        return Image.open(BytesIO(encoded), formats=("JPEG", "MPO"))
    from livecam.sources.files.pillow_pictures import opened_image

    return opened_image(BytesIO(encoded), found)


def time_in_exif(exif: "Image.Exif") -> datetime | None:
    """DateTimeOriginal with its fraction of a second and its zone, as far as they are there."""
    tags = exif.get_ifd(_EXIF_IFD)
    try:
        taken_at = datetime.strptime(_text(tags.get(_DATE_TIME)), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None
    if not _FIRST_YEAR <= taken_at.year < MAXYEAR:  # of the last year not every zone has all
        return None
    digits = _text(tags.get(_SUB_SECONDS))
    if digits.isascii() and digits.isdecimal():
        taken_at += timedelta(seconds=float(f"0.{digits[:6]}"))
    return taken_at.replace(tzinfo=_zone(_text(tags.get(_OFFSET))))


def _zone(text: str) -> timezone | None:
    """The zone of "+02:00" or "Z"; None for anything else."""
    try:
        offset = datetime.strptime(text, "%z").utcoffset()
    except ValueError:
        return None
    return timezone(offset) if offset is not None and abs(offset) < _LARGEST_OFFSET else None


def _text(value: Any) -> str:
    """A text of EXIF, which may be bytes and end in zeros; "" for anything else."""
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip(" \0") if isinstance(value, str) else ""
