"""Reads every picture of a file, whatever its format: upright, in sRGB, as uint8 BGR."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from livecam.core.input_limits import DEFAULT_LIMITS, SizeLimits, TooLargeError
from livecam.core.types import BgrImage
from livecam.native.silenced_stderr import silenced_native_stderr
from livecam.sources.files.exif_time import time_taken
from livecam.sources.files.format import HEAD_BYTES, UNREADABLE_FORMATS, Format, format_of
from livecam.sources.files.header_size import described_size
from livecam.sources.files.jpeg_end import with_end_mark
from livecam.sources.files.special_files import special_kind_of
from livecam.sources.pixels import read_only_image


class UnreadablePictureError(Exception):
    """A file is no picture, or damaged; the text says which, to stand after the file's name.

    Attributes:
        is_foreign: it is a file of the system's beside a picture, and no damage.
        advice: what the user can do, where it is not to give another kind of file; else "".
    """

    def __init__(self, reason: str, *, is_foreign: bool = False, advice: str = "") -> None:
        """`reason` is like "is empty"."""
        super().__init__(reason)
        self.is_foreign, self.advice = is_foreign, advice


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One picture of a file.

    Attributes:
        bgr: uint8 [height, width, 3], read-only.
        duration_s: how long it is shown in an animation; None where the file does not say.
        taken_at: when it was taken, with its zone where that is known; None where nobody knows.
    """

    bgr: BgrImage
    duration_s: float | None = None
    taken_at: datetime | None = None


def read_pictures(path: Path, limits: SizeLimits = DEFAULT_LIMITS) -> Iterator[Picture]:
    """Every picture of a file: all of an animation, all pages of a TIFF.

    The bytes are read by Python, because cv2.imread cannot open every name on Windows.

    Raises:
        UnreadablePictureError: after the last picture that could be read; also for one that is
            larger than the limits allow.
    """
    try:
        yield from _read_pictures(path, limits)
    except TooLargeError as error:
        raise UnreadablePictureError(str(error), advice=limits.advice) from None


def _read_pictures(path: Path, limits: SizeLimits) -> Iterator[Picture]:
    encoded = _read_bytes(path, limits)
    found = format_of(encoded[:HEAD_BYTES], path.suffix)
    if found == "AppleDouble":
        raise UnreadablePictureError(
            "is no picture but what macOS keeps beside one", is_foreign=True
        )
    if found in UNREADABLE_FORMATS:
        raise UnreadablePictureError(f"is {UNREADABLE_FORMATS[found]}, which cannot be read")
    limits.check(*described_size(encoded, found))
    taken_at = time_taken(encoded, found)
    if found == "JPEG":
        encoded = with_end_mark(encoded, lambda jpeg: _imdecode(jpeg, cv2.IMREAD_COLOR))
    for picture in _decoded(encoded, found, limits):
        yield replace(picture, taken_at=taken_at) if taken_at is not None else picture


def _decoded(encoded: bytes, found: Format, limits: SizeLimits) -> Iterator[Picture]:
    if found == "EXR":
        from livecam.sources.files.exr import decode_exr

        yield _picture_or_error(decode_exr(encoded))
    elif found in _LINEAR_FORMATS:
        yield _picture_or_error(_decode_linear(encoded))
    elif found in _IS_ORDINARY and _IS_ORDINARY[found](encoded):
        yield _picture_or_error(_decode_with_opencv(encoded))
    else:
        yield from _read_special(encoded, found, limits)


def count_pictures(path: Path, limits: SizeLimits = DEFAULT_LIMITS) -> int:
    """How many pictures a file has, without decoding them; 1 where that cannot be known."""
    try:
        with path.open("rb") as file:
            head = file.read(_COUNTED_HEAD_BYTES)
    except (OSError, ValueError):
        return 1
    found = format_of(head[:HEAD_BYTES], path.suffix)
    if found not in _MAY_BE_MANY or not _MAY_BE_MANY[found](head):
        return 1
    from livecam.sources.files.pillow_pictures import count_with_pillow

    try:
        limits.check(*described_size(head, found))
        return count_with_pillow(path, found, limits)
    except TooLargeError:
        return 1


def describe_guesses(paths: Sequence[Path]) -> str:
    """One line where files do not say what their numbers mean, for the user; else ""."""
    guessed = [path for path in paths if path.suffix.casefold() == ".exr" and _is_guessed(path)]
    if not guessed:
        return ""
    others = f" and {len(guessed) - 1} more do" if len(guessed) > 1 else " does"
    name = "it" if len(paths) == 1 else guessed[0].name
    return (
        f"{name}{others} not say what the numbers mean: taken for linear light, as "
        "OpenEXR asks; what looks too bright was made for a screen: give a PNG of it"
    )


def _is_guessed(path: Path) -> bool:
    from livecam.sources.files.exr import exr_colour

    try:
        with path.open("rb") as file:
            head = file.read(_COUNTED_HEAD_BYTES)
    except (OSError, ValueError):
        return False
    return format_of(head) == "EXR" and exr_colour(head).is_guess


def _read_bytes(path: Path, limits: SizeLimits) -> bytes:
    special = special_kind_of(path)
    if special:  # it would be waited for without end
        raise UnreadablePictureError(f"is {special}, which cannot be read")
    try:
        limits.check_bytes(path.stat().st_size, limits.file_bytes)
        encoded = path.read_bytes()
    except (OSError, ValueError):
        gone = not path.is_file()
        denied = not gone and not os.access(path, os.R_OK)
        raise UnreadablePictureError(
            "is gone" if gone else f"cannot be read{' (no permission)' if denied else ''}"
        ) from None
    if not encoded:
        raise UnreadablePictureError("is empty")
    return encoded


def _read_special(encoded: bytes, found: Format, limits: SizeLimits) -> Iterator[Picture]:
    from livecam.sources.files.pillow_pictures import DAMAGE, open_with_pillow

    opened = open_with_pillow(BytesIO(encoded), found, limits)
    if opened is None and found in _PILLOW_ONLY:
        raise UnreadablePictureError(f"is damaged, or a kind of {found} that cannot be read")
    if opened is None or opened.is_ordinary:
        bgr = _decode_with_opencv(encoded)
        if bgr is not None or opened is None:
            yield _picture_or_error(bgr)
            return
    number = 0
    try:
        for picture in opened.pictures():
            yield Picture(picture.bgr, picture.duration_s)
            number += 1
    except DAMAGE:
        after = f" after picture {number}" if number else ""
        raise UnreadablePictureError(f"is damaged{after} ({found})") from None


def _picture_or_error(bgr: BgrImage | None) -> Picture:
    if bgr is None:
        raise UnreadablePictureError("is damaged or no picture")
    return Picture(bgr)


def _decode_with_opencv(encoded: bytes) -> BgrImage | None:
    decoded = _imdecode(encoded, cv2.IMREAD_COLOR)
    if decoded is not None:
        return read_only_image(decoded)
    linear = _decode_floats(encoded)  # of a TIFF: the flag for colour does not convert them
    if linear is not None and np.count_nonzero(linear > 1.0) > linear.size / 2:
        raise UnreadablePictureError(
            f"holds floats up to {np.nanmax(linear):.6g}, and 1.0 is white"
        )
    return None if linear is None else _encode_linear(linear)


def _decode_linear(encoded: bytes) -> BgrImage | None:
    linear = _decode_floats(encoded)
    return None if linear is None else _encode_linear(linear)


def _decode_floats(encoded: bytes) -> Any:
    """Floats [height, width, channels] in OpenCV's order; None where it has none."""
    linear = _imdecode(encoded, cv2.IMREAD_UNCHANGED)
    if linear is None or not np.issubdtype(linear.dtype, np.floating):
        return None
    return linear[:, :, np.newaxis] if linear.ndim == 2 else linear


def _encode_linear(linear: Any) -> BgrImage:
    from livecam.sources.files.colour import MID_GREY, encode_linear

    bgr: Any = encode_linear(np.broadcast_to(linear[..., :3], (*linear.shape[:2], 3)))
    if linear.shape[2] == 4:
        alpha = np.clip(linear[..., 3:], 0.0, 1.0)
        bgr = np.rint(MID_GREY + (bgr - float(MID_GREY)) * alpha)
    return read_only_image(bgr)


def _imdecode(encoded: bytes, flags: int) -> Any:
    try:
        with silenced_native_stderr():  # the image libraries print warnings of their own
            return cv2.imdecode(np.frombuffer(encoded, dtype=np.uint8), flags)
    except cv2.error:
        return None


_PILLOW_ONLY = frozenset({"AVIF", "GIF", "HEIC", "ICO", "PSD", "QOI", "TGA"})
_LINEAR_FORMATS = frozenset({"PFM", "Radiance HDR"})
_COUNTED_HEAD_BYTES = 1 << 16
_PNG_SPECIAL = (b"acTL", b"cICP", b"iCCP", b"tRNS")
_PNG_WITH_ALPHA = frozenset({4, 6})
_WEBP_ANIMATED = 0b0000_0010
_WEBP_SPECIAL = 0b0011_0000 | _WEBP_ANIMATED  # profile, transparency
_APP2, _START_OF_SCAN = 0xE2, 0xDA


def _is_ordinary_jpeg(encoded: bytes) -> bool:
    """Whether no segment before the pixels is a profile."""
    position = 2
    while encoded[position : position + 1] == b"\xff":
        marker = encoded[position + 1 : position + 2]
        if not marker or marker[0] == _START_OF_SCAN:
            return True
        if marker[0] == _APP2 and encoded[position + 4 : position + 16] == b"ICC_PROFILE\0":
            return False
        position += 2 + int.from_bytes(encoded[position + 2 : position + 4], "big")
    return True


def _is_ordinary_png(encoded: bytes) -> bool:
    colour_type = encoded[25:26]
    has_alpha = bool(colour_type) and colour_type[0] in _PNG_WITH_ALPHA
    header = _png_header(encoded)
    # Most of those that have a gamma also say that it is sRGB's.
    has_gamma = (b"gAMA" in header or b"cHRM" in header) and b"sRGB" not in header
    return not (has_alpha or has_gamma or any(chunk in header for chunk in _PNG_SPECIAL))


def _png_header(encoded: bytes) -> bytes:
    return encoded[: max(0, encoded.find(b"IDAT"))]


def _is_ordinary_webp(encoded: bytes) -> bool:
    form, body = encoded[12:16], encoded[20:25]
    if form == b"VP8X":
        return not (body[:1] and body[0] & _WEBP_SPECIAL)
    return not (form == b"VP8L" and len(body) == 5 and body[4] & 0b1_0000)


def _is_ordinary_bmp(encoded: bytes) -> bool:
    header_bytes, has_alpha_mask = encoded[14:15], any(encoded[66:70])
    return not (header_bytes >= b"\x38" and encoded[30:31] == b"\3" and has_alpha_mask)


_IS_ORDINARY: dict[Format, Callable[[bytes], bool]] = {
    "JPEG": _is_ordinary_jpeg,
    "PNG": _is_ordinary_png,
    "WebP": _is_ordinary_webp,
    "BMP": _is_ordinary_bmp,
    "PNM": lambda _: True,
    "Sun raster": lambda _: True,
    "": lambda _: True,
}
"""Whether OpenCV reads such a file as well; it is the fastest. Of other formats, it may not."""

_MAY_BE_MANY: dict[Format, Callable[[bytes], bool]] = {
    "PNG": lambda head: b"acTL" in head,
    "WebP": lambda head: bool(head[20:21] and head[20] & _WEBP_ANIMATED),
    "GIF": lambda _: True,
    "AVIF": lambda _: True,
    "HEIC": lambda _: True,
    "TIFF": lambda _: True,
}
"""Whether a file that begins so may have more than one picture. Of other formats, none has."""
