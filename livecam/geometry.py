"""Where the network looks: the largest centred square, and the way there and back."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from livecam.values import NETWORK_SIDE_PX, BgrImage, CropBox, RgbImage


def centred_square(width_px: int, height_px: int) -> CropBox:
    """The largest square in the middle of a picture; an odd pixel goes to the right or bottom."""
    side = min(width_px, height_px)
    return CropBox(left=(width_px - side) // 2, top=(height_px - side) // 2, side=side)


def network_view(bgr: BgrImage, box: CropBox, side_px: int = NETWORK_SIDE_PX) -> RgbImage:
    """The square as the network sees it: uint8 RGB [side_px, side_px, 3], contiguous.

    Shrinking averages the pixels (INTER_AREA), so fine texture does not alias into false
    evidence; enlarging is bilinear, because INTER_AREA would repeat pixels.
    """
    square: npt.NDArray[Any] = bgr[box.top : box.top + box.side, box.left : box.left + box.side]
    if box.side != side_px:
        method = cv2.INTER_AREA if box.side > side_px else cv2.INTER_LINEAR
        square = np.asarray(cv2.resize(square, (side_px, side_px), interpolation=method))
    return RgbImage(np.asarray(cv2.cvtColor(square, cv2.COLOR_BGR2RGB), dtype=np.uint8))
