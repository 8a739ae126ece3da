"""Photographs of shared/, as the network sees them."""

import cv2

from benchmarks.inputs.scratch_folder import SHARED
from livecam.core.crop import centred_square, network_view
from livecam.core.types import BgrImage, RgbImage


def photographs(most_flowers: int) -> list[RgbImage]:
    """Flowers, evenly chosen, and all other things, 224 x 224; [] without shared/."""
    flowers = sorted((SHARED / "photos" / "flowers").glob("*/*.jpg"))
    files = flowers[:: max(1, len(flowers) // most_flowers)]
    files += sorted((SHARED / "photos" / "other").glob("*"))
    pictures = [cv2.imread(str(file)) for file in files]
    return [
        network_view(BgrImage(bgr), centred_square(bgr.shape[1], bgr.shape[0]))
        for bgr in pictures
        if bgr is not None
    ]
