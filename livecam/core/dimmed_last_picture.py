"""The last picture of a source that is lost, dimmed: the ground of the status card."""

import cv2
import numpy as np

from livecam.core.types import BgrImage

EMPTY_SIZE_PX = (640, 480)
EMPTY_GREY = 40

LEFT_OF_THE_PICTURE = 0.45
"""What is left of its brightness: 0 is black, 1 all of it."""


def dimmed_last_picture(last: BgrImage | None, *, mirror: bool) -> BgrImage:
    """The last picture, darkened and without colour; plain grey before the first one.

    Args:
        last: uint8 BGR of any size, not changed.
        mirror: whether it is flipped left to right.
    """
    if last is None:
        width, height = EMPTY_SIZE_PX
        return BgrImage(np.full((height, width, 3), EMPTY_GREY, np.uint8))
    grey = cv2.cvtColor(cv2.flip(last, 1) if mirror else last, cv2.COLOR_BGR2GRAY)
    dark = cv2.convertScaleAbs(grey, alpha=LEFT_OF_THE_PICTURE)
    return BgrImage(np.asarray(cv2.cvtColor(dark, cv2.COLOR_GRAY2BGR), np.uint8))
