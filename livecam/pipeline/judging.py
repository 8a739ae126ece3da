"""Judges the maps of one picture: runs the network on what deletion and insertion leave of it."""

from dataclasses import dataclass

import cv2
import numpy as np

from livecam.core.map_centre import centre_of_map
from livecam.core.map_placement import MapPlacement
from livecam.core.map_quality.deletion_insertion import HeatMap
from livecam.core.protocols import ActivationModel
from livecam.core.softmax import softmax
from livecam.core.types import CropBox, FloatGrid, NetworkOutput, RgbImage


@dataclass(frozen=True, slots=True, eq=False)
class LookedAt:
    """A picture as the network sees it, and what it gave.

    Attributes:
        rgb: uint8 [height, width, 3].
        output: of the network.
    """

    rgb: RgbImage
    output: NetworkOutput


def probability_in(model: ActivationModel, output: NetworkOutput, class_index: int) -> float:
    """The class's probability in what the network gave: that of its best window of cells."""
    activation = model.activation(output, class_index)
    return float(softmax(activation.logits, activation.temperature)[class_index])


@dataclass(frozen=True, slots=True, eq=False)
class PlacedMap:
    """A map in pixels of the network's input, as it is drawn.

    Attributes:
        heat: float32 [height, width], bilinear, at its offset.
        centre: x and y of its centre (core/map_centre.py); None where nothing speaks for the class.
    """

    heat: HeatMap
    centre: tuple[float, float] | None = None


def placed_map(grid: FloatGrid, rgb: RgbImage, offset_px: tuple[float, float]) -> PlacedMap:
    """The map of a picture [height, width, 3] at its offset in pixels of the network's input."""
    height, width = rgb.shape[:2]
    placement = MapPlacement.of(CropBox(0, 0, width, height), grid, offset_px)
    heat = np.asarray(placement.spread(grid, cv2.INTER_LINEAR), dtype=np.float32)
    found = centre_of_map(grid, placement)
    return PlacedMap(heat, None if found is None else found.centre)
