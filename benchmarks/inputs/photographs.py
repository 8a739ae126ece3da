"""Photographs of ../shared, as the network sees them."""

from pathlib import Path

import cv2

from livecam.core.crop import centred_square, network_view
from livecam.core.types import NETWORK_SIDE_PX, BgrImage, RgbImage


def photographs(shared: Path, about_flowers: int, side_px: int = NETWORK_SIDE_PX) -> list[RgbImage]:
    """About so many flowers, evenly chosen, and all other things, as squares; maybe none."""
    flowers = sorted((shared / "photos" / "flowers").glob("*/*.jpg"))
    files = flowers[:: max(1, len(flowers) // about_flowers)]
    files += sorted((shared / "photos" / "other").glob("*"))
    pictures = [cv2.imread(str(file)) for file in files]
    return [
        network_view(BgrImage(bgr), centred_square(bgr.shape[1], bgr.shape[0]), (side_px, side_px))
        for bgr in pictures
        if bgr is not None
    ]
