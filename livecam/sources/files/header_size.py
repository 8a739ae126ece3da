"""How large a picture says it is: read from its first bytes, before any library takes memory."""

import re
from collections.abc import Callable, Iterator
from typing import Literal

from livecam.sources.files.format import Format

SizePx = tuple[int, int]
"""Width and height; (0, 0) where it is not known."""

_UNKNOWN: SizePx = (0, 0)
_START_OF_SCAN = 0xDA
FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xDA)})
_NUMBER = re.compile(rb"(?:#[^\n]*\n|\s)+(\d{1,10})")
_RADIANCE = re.compile(rb"\n[-+]([XY]) (\d{1,9}) [-+][XY] (\d{1,9})\n")
_PAM = re.compile(rb"\n(WIDTH|HEIGHT)\s+(\d{1,9})")
_CODESTREAM = b"\xff\x4f\xff\x51"
_TIFF_WIDTH, _TIFF_HEIGHT = 256, 257


def described_size(encoded: bytes, found: Format) -> SizePx:
    """The largest size that the beginning of a file names.

    Args:
        encoded: the file, or its beginning.
        found: its format.
    """
    read = _READERS.get(found)
    if read is None:
        return _UNKNOWN
    try:
        return read(encoded)
    except (IndexError, ValueError):  # cut off
        return _UNKNOWN


def jpeg_size(encoded: bytes) -> SizePx:
    """Of a JPEG: the first of its frames."""
    at = 2
    while at + 9 <= len(encoded):
        marker = encoded[at + 1] if encoded[at] == 0xFF else 0xFF
        if marker in FRAME_MARKERS:
            return _big(encoded, at + 7, 2), _big(encoded, at + 5, 2)
        if marker == _START_OF_SCAN:
            return _UNKNOWN
        if marker == 0xFF:  # filling, or rubbish that decoders pass over as well
            at = encoded.find(b"\xff", at + 1)
            if at < 0:
                return _UNKNOWN
        elif marker in _ALONE:
            at += 2
        else:
            at += 2 + _big(encoded, at + 2, 2)
    return _UNKNOWN


def _big(data: bytes, at: int, size: int = 4) -> int:
    return int.from_bytes(data[at : at + size], "big")


def _little(data: bytes, at: int, size: int = 4) -> int:
    return int.from_bytes(data[at : at + size], "little")


def _png(data: bytes) -> SizePx:
    return _big(data, 16), _big(data, 20)


def _ico(data: bytes) -> SizePx:
    """Its pictures are small; PNGs among them say for themselves how large they are."""
    starts = (found.start() for found in re.finditer(rb"\x89PNG\r\n\x1a\n", data))
    return _largest(_png(data[at : at + 24]) for at in starts)


def _bmp(data: bytes) -> SizePx:
    if _little(data, 14) == 12:
        return _little(data, 18, 2), _little(data, 20, 2)
    height = int.from_bytes(data[22:26], "little", signed=True)
    return _little(data, 18), abs(height)


def _webp(data: bytes) -> SizePx:
    match data[12:16]:
        case b"VP8X":
            return _little(data, 24, 3) + 1, _little(data, 27, 3) + 1
        case b"VP8L":
            bits = _little(data, 21)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return _little(data, 26, 2) & 0x3FFF, _little(data, 28, 2) & 0x3FFF


def _numbers_after_magic(data: bytes) -> SizePx:
    """PNM and PFM: both numbers follow, with comments between them."""
    first = _NUMBER.match(data, 2)
    second = _NUMBER.match(data, first.end()) if first else None
    return (int(first[1]), int(second[1])) if first and second else _UNKNOWN


def _radiance(data: bytes) -> SizePx:
    found = _RADIANCE.search(data)
    if found is None:
        return _UNKNOWN
    first, second = int(found[2]), int(found[3])
    return (second, first) if found[1] == b"Y" else (first, second)


def _unknown(data: bytes) -> SizePx:
    """PAM, which OpenCV reads too."""
    if not data.startswith(b"P7\n"):
        return _UNKNOWN
    sizes = {name: int(number) for name, number in _PAM.findall(data[:4096])}
    return sizes.get(b"WIDTH", 0), sizes.get(b"HEIGHT", 0)


def _jpeg_2000(data: bytes) -> SizePx:
    at = data.index(_CODESTREAM)
    right, bottom, left, top = (_big(data, at + 8 + 4 * k) for k in range(4))
    return right - left, bottom - top


def _heif(data: bytes) -> SizePx:
    """The largest of the sizes that its items have; the canvas of a grid is one of them."""
    starts = [found.end() for found in re.finditer(b"ispe", data[: 1 << 20])]
    return _largest((_big(data, at + 4), _big(data, at + 8)) for at in starts)


def _exr(data: bytes) -> SizePx:
    from livecam.sources.files.exr import exr_size_px

    return exr_size_px(data[: 1 << 16])


def _tiff(data: bytes) -> SizePx:
    """Of the first page."""
    order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
    is_big_tiff = 43 in data[2:4]

    def number(at: int, size: int) -> int:
        return int.from_bytes(data[at : at + size], order)

    offset_bytes, count_bytes, entry_bytes = (8, 8, 20) if is_big_tiff else (4, 2, 12)
    at = number(8 if is_big_tiff else 4, offset_bytes)
    entries = range(at + count_bytes, at + count_bytes + 512 * entry_bytes, entry_bytes)
    sizes = {_TIFF_WIDTH: 0, _TIFF_HEIGHT: 0}
    for entry, _ in zip(entries, range(number(at, count_bytes)), strict=False):
        tag, kind = number(entry, 2), number(entry + 2, 2)
        if tag in sizes:
            sizes[tag] = number(entry + entry_bytes - offset_bytes, 2 if kind == 3 else 4)
    return sizes[_TIFF_WIDTH], sizes[_TIFF_HEIGHT]


def _largest(sizes: Iterator[SizePx]) -> SizePx:
    return max(sizes, default=_UNKNOWN, key=lambda size: size[0] * size[1])


_READERS: dict[Format, Callable[[bytes], SizePx]] = {
    "AVIF": _heif,
    "BMP": _bmp,
    "EXR": _exr,
    "GIF": lambda data: (_little(data, 6, 2), _little(data, 8, 2)),
    "HEIC": _heif,
    "ICO": _ico,
    "JPEG": jpeg_size,
    "JPEG 2000": _jpeg_2000,
    "PFM": _numbers_after_magic,
    "PNG": _png,
    "PNM": _numbers_after_magic,
    "PSD": lambda data: (_big(data, 18), _big(data, 14)),
    "QOI": lambda data: (_big(data, 4), _big(data, 8)),
    "Radiance HDR": _radiance,
    "Sun raster": lambda data: (_big(data, 4), _big(data, 8)),
    "TGA": lambda data: (_little(data, 12, 2), _little(data, 14, 2)),
    "TIFF": _tiff,
    "WebP": _webp,
    "": _unknown,
}
