"""The centred square of a picture: what the program shows to the network."""

from collections.abc import Iterable

import cv2

from training.data.picture_store import Entry, Picture, PictureStore

SIDE_PX = 224


def centred_square(picture: Picture, side_px: int = SIDE_PX) -> Picture:
    """Return the largest centred square, scaled by averaging as in the program."""
    height, width = picture.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    cut = picture[top : top + side, left : left + side]
    return cv2.resize(cut, (side_px, side_px), interpolation=cv2.INTER_AREA)


def squares_of(store: PictureStore, entries: Iterable[Entry]) -> list[Picture]:
    """Return the centred squares of some pictures of a store."""
    return [centred_square(store.picture(entry)) for entry in entries]
