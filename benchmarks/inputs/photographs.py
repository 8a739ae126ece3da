"""Photographs of ../shared, as the network sees them."""

from pathlib import Path

import cv2

from livecam.core.crop import centred_square, network_view
from livecam.core.types import BgrImage, RgbImage


def photographs(shared: Path, about_flowers: int) -> list[RgbImage]:
    """About so many flowers, evenly chosen, and all other things, 224 x 224; maybe none."""
    flowers = sorted((shared / "photos" / "flowers").glob("*/*.jpg"))
    files = flowers[:: max(1, len(flowers) // about_flowers)]
    files += sorted((shared / "photos" / "other").glob("*"))
    pictures = [cv2.imread(str(file)) for file in files]
    return [
        network_view(BgrImage(bgr), centred_square(bgr.shape[1], bgr.shape[0]))
        for bgr in pictures
        if bgr is not None
    ]
