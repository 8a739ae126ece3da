"""What a map has to be better than: a box in the middle of the picture, and chance."""

import cv2
import numpy as np

from livecam.core.map_quality.deletion_insertion import HeatMap

CENTRE_SHARE = 0.5  # of each side
RANDOM_CELLS = 7


def centre_box(height: int, width: int) -> HeatMap:
    """About 1 in the middle half of each side, about 0.1 outside: photographers put things there.

    Towards the rim it falls a little, so that deletion has an order.
    """
    rows = np.abs(np.arange(height) + 0.5 - height / 2) / (height / 2)
    columns = np.abs(np.arange(width) + 0.5 - width / 2) / (width / 2)
    distance = np.maximum(rows[:, np.newaxis], columns)  # 0 in the middle, 1 at the rim
    heat = np.where(distance <= CENTRE_SHARE, 1.0, 0.2) - 0.1 * distance
    return np.asarray(heat, dtype=np.float32)


def random_map(height: int, width: int, rng: np.random.Generator) -> HeatMap:
    """Random cells 0 to 1, as many as a map has, spread smoothly as a map is."""
    cells = rng.random((RANDOM_CELLS, RANDOM_CELLS), dtype=np.float32)
    return np.asarray(cv2.resize(cells, (width, height), interpolation=cv2.INTER_LINEAR))
