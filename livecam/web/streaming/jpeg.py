"""JPEG encoding of the pictures for browsers: quality and largest size."""

import cv2
import numpy as np

from livecam.core.jpeg import jpeg_of
from livecam.core.types import BgrImage

MAX_SIDE_PX = 1280
JPEG_QUALITY = 80


def encode_jpeg(bgr: BgrImage, *, max_side_px: int = MAX_SIDE_PX) -> bytes:
    """The picture as JPEG, scaled down where its longer side exceeds `max_side_px`."""
    height, width = bgr.shape[:2]
    scale = min(1.0, max_side_px / max(height, width))
    if scale < 1.0:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        bgr = BgrImage(np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), np.uint8))
    return jpeg_of(bgr, JPEG_QUALITY)
