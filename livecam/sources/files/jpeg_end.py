"""JPEGs that lack nothing but their end mark, which OpenCV's imdecode does not read."""

from collections.abc import Callable
from typing import Any

import numpy as np

_SCAN, _END = b"\xff\xda", b"\xff\xd9"
_FILLER = b"\x5a\xc3\x96" * 32  # as compressed data it would be pixels; without FF no marker


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
    picture = decode(data + _END)
    if picture is None or not np.array_equal(picture, decode(data + _FILLER + _END)):
        return encoded
    return data + _END
