"""The centred square: what the program shows to the network."""

import cv2

from training.data.picture_store import Picture

SIDE_PX = 224


def centred_square(picture: Picture, side_px: int = SIDE_PX) -> Picture:
    """Return the largest centred square, scaled as the program scales it."""
    height, width = picture.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    cut = picture[top : top + side, left : left + side]
    return cv2.resize(cut, (side_px, side_px), interpolation=cv2.INTER_AREA)
