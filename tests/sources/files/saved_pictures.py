"""Pictures saved by Pillow, and what the program reads of them."""

from pathlib import Path

import numpy as np
from PIL import Image
from sources.files.picture_samples import BOARD, fields

from livecam.sources.files.picture import count_pictures, read_pictures

EXACT = {"quality": 100, "subsampling": "4:4:4"}


def saved(path: Path, image: Image.Image | np.ndarray, **options) -> Path:
    image = image if isinstance(image, Image.Image) else Image.fromarray(image)
    if path.suffix == ".jpg":
        options = {"quality": 100, "subsampling": 0} | options
    if path.suffix == ".avif":
        options = EXACT | options
    if path.suffix == ".webp":
        options = {"lossless": True, "exact": True} | options
    image.save(path, **options)
    return path


def only_picture(path: Path) -> np.ndarray:
    (picture,) = read_pictures(path)
    assert picture.bgr.dtype == np.uint8
    assert picture.bgr.flags.c_contiguous
    assert not picture.bgr.flags.writeable
    assert count_pictures(path) == 1
    return picture.bgr


def error_of(path: Path) -> int:
    """Largest difference to the board, of 255."""
    return int(np.abs(fields(only_picture(path)) - BOARD).max())
