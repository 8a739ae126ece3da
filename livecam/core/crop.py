"""The network's input: the largest centred square of a frame, or all of it, scaled."""

import cv2
import numpy as np
import numpy.typing as npt

from livecam.core.types import NETWORK_SIDE_PX, BgrImage, CropBox, RgbImage

_BILINEAR_SHRINKS_BY = 1.75


def centred_square(width_px: int, height_px: int) -> CropBox:
    """The largest square in the middle of a picture; an odd pixel goes to the right or bottom."""
    side = min(width_px, height_px)
    return CropBox((width_px - side) // 2, (height_px - side) // 2, side, side)


def network_view(
    bgr: BgrImage, box: CropBox, size_px: tuple[int, int] = (NETWORK_SIDE_PX, NETWORK_SIDE_PX)
) -> RgbImage:
    """What is in the box as the network sees it, contiguous.

    Shrinking averages the pixels, so fine texture does not alias into false evidence; enlarging
    is bilinear, because averaging would repeat pixels.

    Args:
        bgr: uint8 [height, width, 3]; not changed.
        box: which part of it.
        size_px: width and height of the network's input.

    Returns:
        uint8 RGB [height, width, 3] of `size_px`.
    """
    part = box.part_of(bgr)
    if (box.width, box.height) != size_px:
        is_smaller = box.width < size_px[0] or box.height < size_px[1]
        part = np.asarray(cv2.resize(part, size_px)) if is_smaller else _shrunk(part, size_px)
    return RgbImage(np.asarray(cv2.cvtColor(part, cv2.COLOR_BGR2RGB), dtype=np.uint8))


def _shrunk(part: npt.NDArray[np.uint8], size_px: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """Averaged down to `size_px`, in a third of the time of averaging by an odd factor at once.

    First bilinear, by less than 1.75, where every pixel still weighs in, to `size_px` times a
    power of two; from there averaging is quick.
    """
    height, width = part.shape[:2]
    factor = 1
    while size_px[0] * factor * _BILINEAR_SHRINKS_BY < width:
        factor *= 2
    between_px = (size_px[0] * factor, size_px[1] * factor)
    if factor > 1 and between_px[0] < width and between_px[1] < height:
        part = np.asarray(cv2.resize(part, between_px), dtype=np.uint8)
    return np.asarray(cv2.resize(part, size_px, interpolation=cv2.INTER_AREA), dtype=np.uint8)
