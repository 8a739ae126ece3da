"""The network's input: the largest centred square of a frame, scaled to 224 x 224."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from livecam.core.types import NETWORK_SIDE_PX, BgrImage, CropBox, RgbImage

_BILINEAR_SHRINKS_BY = 1.75


def centred_square(width_px: int, height_px: int) -> CropBox:
    """The largest square in the middle of a picture; an odd pixel goes to the right or bottom."""
    side = min(width_px, height_px)
    return CropBox(left=(width_px - side) // 2, top=(height_px - side) // 2, side=side)


def network_view(bgr: BgrImage, box: CropBox, side_px: int = NETWORK_SIDE_PX) -> RgbImage:
    """The square as the network sees it: uint8 RGB [side_px, side_px, 3], contiguous.

    Shrinking averages the pixels, so fine texture does not alias into false evidence; enlarging
    is bilinear, because averaging would repeat pixels.
    """
    square: npt.NDArray[Any] = bgr[box.top : box.top + box.side, box.left : box.left + box.side]
    if box.side < side_px:
        square = np.asarray(cv2.resize(square, (side_px, side_px)))
    elif box.side > side_px:
        square = _shrunk(square, side_px)
    return RgbImage(np.asarray(cv2.cvtColor(square, cv2.COLOR_BGR2RGB), dtype=np.uint8))


def _shrunk(square: npt.NDArray[Any], side_px: int) -> npt.NDArray[Any]:
    """Averaged down to `side_px`, in a third of the time of averaging by an odd factor at once.

    First bilinear, by less than 1.75, where every pixel still weighs in, to `side_px` times a
    power of two; from there averaging is quick.
    """
    side, between_px = square.shape[0], side_px
    while between_px * _BILINEAR_SHRINKS_BY < side:
        between_px *= 2
    if side_px < between_px < side:
        square = np.asarray(cv2.resize(square, (between_px, between_px)))
    return np.asarray(cv2.resize(square, (side_px, side_px), interpolation=cv2.INTER_AREA))
