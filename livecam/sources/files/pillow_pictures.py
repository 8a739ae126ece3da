"""Reads with Pillow what OpenCV cannot: animations, profiles, transparency, AVIF, HEIC.

Imported only where a file has one of those.
"""

import struct
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np
import pi_heif
from PIL import Image, ImageCms, ImageOps

from livecam.core.input_limits import SizeLimits
from livecam.core.types import BgrImage
from livecam.native.silenced_stderr import silenced_native_stderr
from livecam.sources.files.colour import (
    encode_linear,
    hlg_to_srgb,
    is_srgb,
    on_mid_grey,
    to_srgb,
)
from livecam.sources.files.described_colour import (
    DESCRIPTION_BYTES,
    described_profile,
    is_hlg,
    overrides_profile,
)
from livecam.sources.files.format import Format
from livecam.sources.pixels import read_only_image

pi_heif.register_heif_opener()

DAMAGE = (
    ArithmeticError, AttributeError, EOFError, Image.DecompressionBombError, ImageCms.PyCMSError,
    LookupError, MemoryError, OSError, RuntimeError, SyntaxError, TypeError, ValueError,
    struct.error,
)  # fmt: skip
"""Pillow's decoders raise all of these for damaged files."""

_SHORTEST_S = 0.011
_DEFAULT_S = 0.1
"""How browsers show a picture of an animation that claims to last 10 ms or less."""

_NAMES_IN_PILLOW: dict[Format, tuple[str, ...]] = {
    "HEIC": ("HEIF",),
    "JPEG": ("JPEG", "MPO"),
    "JPEG 2000": ("JPEG2000",),
    "WebP": ("WEBP",),
}

_READ_BY_OPENCV = frozenset({"BMP", "JPEG", "JPEG2000", "MPO", "PNG", "TIFF", "WEBP"})
"""Not GIF (it gives the first picture) and not AVIF (it does not turn it)."""

_OF_ONE_PICTURE = frozenset({"JPEG", "MPO", "PSD"})
"""Others in such a file are previews, depth, gain maps and layers of the first one."""

_ANIMATED = frozenset({"AVIF", "GIF", "PNG", "WEBP"})

_Conversion = Callable[[Image.Image], Image.Image]

_ORIENTATION = 0x0112
_NEW_SUBFILE_TYPE = 254


@dataclass(frozen=True, slots=True, eq=False)
class PillowPicture:
    """A picture of a file: uint8 BGR, read-only, and its seconds (None where the file has none)."""

    bgr: BgrImage
    duration_s: float | None


class PillowFile:
    """A file that Pillow has opened; its pictures are not decoded yet."""

    def __init__(self, image: Image.Image, head: bytes, found: Format, limits: SizeLimits) -> None:
        """`head` is the beginning of the file, at least its description.

        Raises:
            TooLargeError: it is larger than the limits allow.
        """
        self._image, self._limits = image, limits
        limits.check(*image.size)
        profile = described_profile(head, found)
        if not overrides_profile(head, found):
            profile = image.info.get("icc_profile") or profile
        self._is_srgb = not (is_hlg(head, found) or (profile and not is_srgb(profile)))
        self._to_srgb = _to_srgb(profile, is_hlg=is_hlg(head, found))
        # What a HEIC derives pictures from ("dimg") are its tiles.
        is_tiled = found == "HEIC" and b"dimg" in head
        # Tiles are listed beside the picture, unless the writer of the HEIC marked them as hidden.
        self._has_one = is_tiled or image.format in _OF_ONE_PICTURE

    @property
    def count(self) -> int:
        """How many pictures there are.

        Raises:
            DAMAGE: that cannot be known.
        """
        with _silenced():
            return 1 if self._has_one else getattr(self._image, "n_frames", 1) - self._first

    @property
    def is_ordinary(self) -> bool:
        """Whether OpenCV reads it as well: one picture, opaque, in sRGB."""
        image = self._image
        if image.format not in _READ_BY_OPENCV or _has_alpha(image):
            return False
        try:
            has_one = self.count == 1
        except DAMAGE:
            return False
        return has_one and self._is_srgb

    def pictures(self) -> Iterator[PillowPicture]:
        """Every picture, upright, in sRGB, transparent pixels on mid-grey.

        Raises:
            DAMAGE: one of them cannot be decoded; those before it were given.
            TooLargeError: the next one is larger than the limits allow.
        """
        for number in count(self._first):
            picture = self._picture(number)
            if isinstance(picture, PillowPicture):
                yield picture
            if picture is _End.END or self._has_one:
                return

    @property
    def _first(self) -> int:
        """Number of the first one: an APNG may begin with one for programs that do not play it."""
        if self._has_one:
            return int(self._image.tell())
        return 1 if getattr(self._image, "default_image", False) else 0

    def _picture(self, number: int) -> "PillowPicture | _End":
        with _silenced():
            try:
                self._image.seek(number)
            except EOFError:
                return _End.END
            if _is_reduced(self._image):
                return _End.LEFT_OUT
            self._limits.check(*self._image.size)
            self._image.load()
            return PillowPicture(_to_bgr(self._image, self._to_srgb), _duration_s(self._image))


class _End(Enum):
    """Why there is no picture of a number."""

    LEFT_OUT = auto()
    END = auto()


def open_with_pillow(file: BinaryIO, found: Format, limits: SizeLimits) -> PillowFile | None:
    """The file, read as this format and no other; None where Pillow cannot do that.

    Some of Pillow's other formats would start programs.

    Raises:
        TooLargeError: it is larger than the limits allow.
    """
    Image.MAX_IMAGE_PIXELS = limits.pixels  # what twice as many have, Pillow itself refuses
    head = file.read(DESCRIPTION_BYTES)
    file.seek(0)
    with _silenced():
        try:
            image = opened_image(file, found)
        except DAMAGE:
            return None
    return PillowFile(image, head, found, limits)


def opened_image(file: BinaryIO, found: Format) -> Image.Image:
    """The image in a file, not decoded, read as this format and no other.

    Raises:
        DAMAGE: Pillow cannot do that.
    """
    return Image.open(file, formats=_NAMES_IN_PILLOW.get(found, (found,)))


def bgr_of_image(image: Image.Image) -> BgrImage:
    """The pixels of an image that somebody else has opened: upright, in sRGB, on mid-grey.

    Raises:
        DAMAGE: it cannot be decoded.
    """
    profile = image.info.get("icc_profile") or b""
    with _silenced():
        image.load()
        return _to_bgr(image, _to_srgb(b"" if is_srgb(profile) else profile, is_hlg=False))


def count_with_pillow(path: Path, found: Format, limits: SizeLimits) -> int:
    """How many pictures a file has; 1 where that cannot be known.

    Raises:
        TooLargeError: they are larger than the limits allow.
    """
    with path.open("rb") as file:
        opened = open_with_pillow(file, found, limits)
        try:
            return opened.count if opened is not None else 1
        except DAMAGE:
            return 1


def _duration_s(image: Image.Image) -> float | None:
    if image.format not in _ANIMATED:
        return None
    seconds = float(image.info.get("duration") or 0.0) / 1000.0
    shortest_s = 0.0 if image.format == "AVIF" else _SHORTEST_S
    return seconds if seconds > shortest_s else _DEFAULT_S


def _is_reduced(image: Image.Image) -> bool:
    """Whether this page of a TIFF is a thumbnail or a mask of another one."""
    tags = getattr(image, "tag_v2", {})
    return bool(tags.get(_NEW_SUBFILE_TYPE, 0) & 0b101)


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info


def _to_srgb(profile: bytes, *, is_hlg: bool) -> _Conversion:
    """What takes a picture of mode L, RGB or CMYK to sRGB."""
    if is_hlg:
        return lambda image: hlg_to_srgb(image.convert("RGB"))
    return (lambda image: to_srgb(image, profile)) if profile else (lambda image: image)


def _to_bgr(image: Image.Image, convert: _Conversion) -> BgrImage:
    is_turned = image.getexif().get(_ORIENTATION, 1) != 1
    upright = ImageOps.exif_transpose(image) if is_turned else image
    if upright.mode in {"RGBa", "La"}:  # premultiplied
        upright = upright.convert("RGBA" if upright.mode == "RGBa" else "LA")
    if _has_alpha(upright) and not upright.mode.startswith("I"):
        alpha = upright.convert("RGBA").getchannel("A")
        rgb = _opaque(upright.convert("L" if upright.mode == "LA" else "RGB"), convert)
        rgb.putalpha(alpha)
        rgb = on_mid_grey(rgb)
    else:
        rgb = _opaque(upright, convert)
    return read_only_image(cv2.cvtColor(np.asarray(rgb), cv2.COLOR_RGB2BGR))


def _opaque(image: Image.Image, convert: _Conversion) -> Image.Image:
    """A picture without transparency as RGB in sRGB."""
    if image.mode.startswith(("I", "F")):
        image = Image.fromarray(_as_uint8(np.asarray(image)))
    elif image.mode not in {"L", "RGB", "CMYK"}:
        image = image.convert("L" if image.mode == "1" else "RGB")
    return convert(image).convert("RGB")


def _as_uint8(grey: Any) -> Any:
    """uint8 of one channel: integers of 16 bit by their upper bits, floats as linear light."""
    if np.issubdtype(grey.dtype, np.floating):
        return encode_linear(grey)
    return np.clip(grey.astype(np.int64) >> 8, 0, 255).astype(np.uint8)


@contextmanager
def _silenced() -> Iterator[None]:
    """Without the warnings of the image libraries."""
    with warnings.catch_warnings(), silenced_native_stderr():
        warnings.simplefilter("ignore")
        yield
