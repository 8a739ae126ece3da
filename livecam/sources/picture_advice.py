"""What a caller can do who handed in something that is nearly a picture, for the error's text."""

import io
from typing import Any

import numpy as np


def advice_for_array(array: Any) -> str:
    """How to make uint8 [height, width, 3] of an array; "" where that is not plain."""
    if array is None:
        return ": cv2.imread gives None for a file that it cannot read"
    if not isinstance(array, np.ndarray):
        return ""
    ways = [way for way in (_of_type(array), _of_shape(array)) if way]
    return f": {'; '.join(ways)}" if ways else ""


def is_encoded(value: object) -> bool:
    """Whether it holds the bytes of a file, where a picture or several are expected."""
    return isinstance(value, bytes | bytearray | memoryview | io.IOBase)


def advice_for_encoded(value: object) -> str:
    """How to make a picture of the bytes of a file, or of an open file; "" for anything else."""
    if not is_encoded(value):
        return ""
    if isinstance(value, io.IOBase):
        return ": give its path, or PIL.Image.open(file)"
    return ": PIL.Image.open(io.BytesIO(data)) makes a picture of a file's bytes"


def _of_type(array: np.ndarray[Any, Any]) -> str:
    if array.dtype == np.bool_:
        return "255 * picture.astype(numpy.uint8) makes one of True and False"
    if array.dtype == np.uint8 or not np.issubdtype(array.dtype, np.number):
        return ""
    return _of_range(array)


def _of_range(array: np.ndarray[Any, Any]) -> str:
    largest = float(array.max()) if array.size else 0.0
    if array.size and not array.min() >= 0:  # or it is NaN
        return _SCALE_IT
    if np.issubdtype(array.dtype, np.floating) and largest <= 1.0:
        return "(255 * picture).astype(numpy.uint8) makes one of numbers from 0 to 1"
    if largest <= 255:
        return "picture.astype(numpy.uint8) makes one of numbers from 0 to 255"
    if array.dtype == np.uint16:
        return "(picture // 257).astype(numpy.uint8) makes one of 16 bits"
    return _SCALE_IT


_SCALE_IT = "scale it to 0 to 255, then picture.astype(numpy.uint8)"


def _of_shape(array: np.ndarray[Any, Any]) -> str:
    if array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 1):
        return "cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR) makes one of a grey picture"
    if array.ndim == 3 and array.shape[2] == 4:
        return "picture[..., :3] leaves out the fourth channel"
    if array.ndim in (3, 4) and array.shape[-1] != 3 and array.shape[-3] == 3:
        order = "1, 2, 0" if array.ndim == 3 else "0, 2, 3, 1"
        return f"picture.transpose({order}) puts the channels last"
    return ""
