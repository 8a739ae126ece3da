"""OpenEXR: what a file says about its light, and its pixels in sRGB. FFmpeg decodes it."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import av
import numpy as np

from livecam.core.types import BgrImage
from livecam.sources.decoding.geometry import Geometry
from livecam.sources.decoding.orientation import Orientation
from livecam.sources.files.colour import MID_GREY, encode_linear
from livecam.sources.files.described_colour import Chromaticities, matrix_to_srgb
from livecam.sources.pixels import read_only_image

_HEADER_BYTES = 8
_D65, _ACES_WHITE = (0.3127, 0.3290), (0.32168, 0.33767)
_PRIMARIES: dict[str, Chromaticities] = {
    "rec709": ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06), _D65),
    "rec2020": ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046), _D65),
    "p3d65": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _D65),
    "ap1": ((0.713, 0.293), (0.165, 0.830), (0.128, 0.044), _ACES_WHITE),
    "acescg": ((0.713, 0.293), (0.165, 0.830), (0.128, 0.044), _ACES_WHITE),
    "ap0": ((0.7347, 0.2653), (0.0, 1.0), (0.0001, -0.077), _ACES_WHITE),
    "aces2065": ((0.7347, 0.2653), (0.0, 1.0), (0.0001, -0.077), _ACES_WHITE),
}
"""By parts of the names that writers give to colour spaces."""

_NAMES_OF_SPACE = ("colorInteropID", "oiio:ColorSpace", "ColorSpace", "colorSpace")
_LINEAR_WORDS = re.compile(r"^lin|linear|aces")
_DISPLAY_WORDS = re.compile(r"srgb|rec_?\.?709|bt_?\.?1886|gamma|^g\d\d|display")


@dataclass(frozen=True, slots=True)
class ExrColour:
    """How the numbers of a file become colours.

    Attributes:
        is_linear: whether they are light; else they are made for a screen.
        chromaticities: of their primaries and white; None for those of sRGB.
        is_guess: whether the file itself says nothing of it.
    """

    is_linear: bool = True
    chromaticities: Chromaticities | None = None
    is_guess: bool = False


def exr_colour(head: bytes) -> ExrColour:
    """What a file says that begins so; where it says nothing, OpenEXR's own rule: light."""
    attributes = dict(_attributes(head))
    space = next((_text(attributes[n]) for n in _NAMES_OF_SPACE if n in attributes), "").casefold()
    own = _chromaticities(attributes.get("chromaticities", b""))
    named = next((_PRIMARIES[part] for part in _PRIMARIES if part in space), None)
    if _LINEAR_WORDS.search(space) or "acesImageContainerFlag" in attributes:
        return ExrColour(chromaticities=own or named)
    gamma = attributes.get("gamma", b"")
    has_gamma = len(gamma) == 4 and abs(struct.unpack("<f", gamma)[0] - 1.0) > 0.01
    if _DISPLAY_WORDS.search(space) or has_gamma:
        return ExrColour(is_linear=False)
    return ExrColour(chromaticities=own, is_guess=own is None)


def exr_size_px(head: bytes) -> tuple[int, int]:
    """Width and height of the larger one of its windows; (0, 0) where it has none."""
    attributes = dict(_attributes(head))
    windows = [attributes.get(name, b"") for name in ("dataWindow", "displayWindow")]
    boxes = [struct.unpack("<4i", window) for window in windows if len(window) == 16]
    sizes = [(right - left + 1, bottom - top + 1) for left, top, right, bottom in boxes]
    return max(sizes, default=(0, 0), key=lambda size: size[0] * size[1])


def decode_exr(encoded: bytes) -> BgrImage | None:
    """The picture in sRGB, transparent pixels on mid-grey; None where it is damaged."""
    decoder: Any = av.CodecContext.create("exr", "r")  # its size was looked at before
    try:
        frames = decoder.decode(av.Packet(encoded)) + decoder.decode(None)
        frame = frames[0]
        form = frame.format.name
        has_alpha, is_grey = "a" in form.split("f")[0].removeprefix("gray"), "gray" in form
        numbers = frame.to_ndarray()
    except (av.error.FFmpegError, ValueError, IndexError):
        return None
    rgb = np.repeat(numbers[..., np.newaxis], 3, axis=-1) if is_grey else numbers[..., :3]
    bgr = _encoded(rgb, numbers[..., 3:] if has_alpha else None, exr_colour(encoded[: 1 << 16]))
    shape = decoder.sample_aspect_ratio
    geometry = Geometry(float(shape) if shape else 1.0, Orientation())
    return read_only_image(geometry.applied(bgr))


def _encoded(rgb: Any, alpha: Any, colour: ExrColour) -> Any:
    if alpha is not None:  # the colours are multiplied by it
        rgb = np.divide(rgb, alpha, out=np.zeros_like(rgb), where=alpha > 0)
    if colour.chromaticities is not None:
        rgb = rgb @ matrix_to_srgb(colour.chromaticities).T.astype(np.float32)
    if colour.is_linear:
        shown = encode_linear(rgb)
    else:
        shown = np.rint(255 * np.nan_to_num(np.clip(rgb, 0.0, 1.0))).astype(np.uint8)
    bgr = shown[..., ::-1]
    if alpha is None:
        return bgr
    return np.rint(MID_GREY + (bgr - float(MID_GREY)) * np.clip(alpha, 0.0, 1.0))


def _attributes(head: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and value of what stands in the (first) header."""
    position = _HEADER_BYTES
    while position < len(head) and head[position]:
        name, _, rest = head[position : position + 512].partition(b"\0")
        kind, _, after = rest.partition(b"\0")
        begin = position + len(name) + len(kind) + 2
        if len(after) < 4:
            return
        size = int.from_bytes(head[begin : begin + 4], "little")
        yield name.decode("latin-1"), head[begin + 4 : begin + 4 + size]
        position = begin + 4 + size


def _text(value: bytes) -> str:
    return value.decode("latin-1").strip("\0 ")


def _chromaticities(value: bytes) -> Chromaticities | None:
    if len(value) != 32:
        return None
    numbers = struct.unpack("<8f", value)
    points = tuple(zip(numbers[::2], numbers[1::2], strict=True))
    return points if all(np.isfinite(numbers)) and points[3][1] > 0 else None
