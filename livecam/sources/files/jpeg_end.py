"""JPEGs that lack nothing but their end mark, which OpenCV's imdecode does not read."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from livecam.sources.files.header_size import FRAME_MARKERS

_SCAN, _END = b"\xff\xda", b"\xff\xd9"
_FILLER = b"\xa5\xc3\x96" * 32
"""As compressed data it would be other pixels, from its first bit on; without FF no marker."""
_RESTART = re.compile(rb"\xff([\xd0-\xd7])")
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # one that ends compressed data
_COEFFICIENTS = range(64)


def with_end_mark(encoded: bytes, decode: Callable[[bytes], Any]) -> bytes:
    """The JPEG with an end mark behind it, where only that is missing; else as it is.

    Where the compressed data is whole, what stands between it and the end mark changes no pixel;
    where some is missing, it is decoded as pixels. So a JPEG that was cut off stays damaged.

    Args:
        encoded: a JPEG.
        decode: gives uint8 [height, width, 3] of a JPEG; None where it cannot be read.
    """
    if encoded.endswith(_END):
        return encoded
    scan = encoded.rfind(_SCAN)
    if scan < 0 or encoded.find(_END, scan) >= 0:
        return encoded
    data = encoded.rstrip(b"\xff")  # the first half of the end mark
    if not _begins_every_scan(data):
        return encoded
    picture = decode(data + _END)
    if picture is None:
        return encoded
    # Where it was cut off before a restart marker, decoders pass over all that stands there
    # instead of that marker.
    restarts = _RESTART.findall(data, scan)
    following = 0xD0 + (restarts[-1][0] - 0xD0 + 1) % 8 if restarts else 0xD0
    for filler in (_FILLER, bytes((0xFF, following)) + _FILLER):
        if not np.array_equal(picture, decode(data + filler + _END)):
            return encoded
    return data + _END


def _begins_every_scan(jpeg: bytes) -> bool:
    """Whether there is a scan for each coefficient of each component, down to its last bit.

    A picture whose later scans are missing, as one that is progressive may be, is blurred or grey.
    """
    missing: set[tuple[int, int]] = set()
    for marker, content in _segments(jpeg):
        if marker in FRAME_MARKERS:
            missing = {(one, k) for one in content[6::3] for k in _COEFFICIENTS}
        elif marker == _SCAN[1]:
            components = content[1 : 1 + 2 * content[0] : 2]
            first, last, bits = content[1 + 2 * content[0] :][:3]
            if bits % 16 == 0:  # else the lower bits are to come
                missing -= {(one, k) for one in components for k in range(first, last + 1)}
    return not missing


def _segments(jpeg: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and content of each segment that is whole, without the compressed data."""
    at = 2
    while found := _MARKER.search(jpeg, at):
        at = found.end()
        size = int.from_bytes(jpeg[at : at + 2], "big")
        content = jpeg[at + 2 : at + size]
        if size < 2 or len(content) < size - 2:
            return
        yield jpeg[at - 1], content
        at += size
