"""Where in the frame the evidence lies: the centre of the strong part of a map, and its extent.

The largest cell is no place: the map of something small is a plateau, as wide as the thing and a
cell together, whose highest cell is a matter of chance. Nor is the centre of all that is strong: of
two flowers it lies between them, where none is.
"""

import math
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from livecam.core.map_placement import MapPlacement
from livecam.core.types import FloatGrid

SHARE_OF_MAXIMUM = 0.5
"""What is above this share of the maximum is the strong part."""

POINTS_PER_CELL = 9
"""Along each side; the map between the middles of cells is the drawn one. An odd number: one of
them is the very middle, so the maximum itself is among them, however low its neighbours are."""


@dataclass(frozen=True, slots=True)
class MapCentre:
    """Place and size of the strong part of a map, in pixels of the frame.

    Attributes:
        centre: x and y of its centre, from the top left corner of the frame.
        extent: width and height of the evenly filled rectangle that is spread as widely: the
            square root of twelve times the variance along each axis.
    """

    centre: tuple[float, float]
    extent: tuple[float, float]


def centre_of_map(grid: FloatGrid, placement: MapPlacement) -> MapCentre | None:
    """Centre and extent of the part of the map that is above half of its maximum.

    The map is taken as it is drawn: bilinear between the middles of the cells, which are where
    the placement says. Of several parts that do not touch it is the one with the most evidence. In
    the centre each point weighs as much as it is above that half, so no point that comes or goes
    at the edge makes it jump. The centre never lies outside the box that the network saw.

    Returns:
        None where the maximum is not above 0: nothing speaks for the class.
    """
    if not grid.max() > 0:
        return None
    factor = POINTS_PER_CELL
    fine = cv2.resize(grid, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR)
    # OpenCV keeps what is above a level, not what reaches it.
    level = np.nextafter(np.float32(SHARE_OF_MAXIMUM * grid.max()), np.float32(-np.inf))
    _, strong = cv2.threshold(fine, float(level), 0.0, cv2.THRESH_TOZERO)
    strong = _strongest_part(np.asarray(strong, np.float32))
    above = np.maximum(strong - level, 0.0)
    row, column = _mean_along(above, 1), _mean_along(above, 0)
    height_cells, width_cells = _extent_along(strong, 1), _extent_along(strong, 0)
    (x, y), box = placement.centre_of(row, column), placement.box
    cell_width, cell_height = placement.cell_px
    centre = (
        min(max(x, box.left), box.left + box.width),
        min(max(y, box.top), box.top + box.height),
    )
    return MapCentre(centre, (width_cells * cell_width, height_cells * cell_height))


def _strongest_part(strong: FloatGrid) -> FloatGrid:
    """The connected part of what is not 0 that adds up to the most; 0 elsewhere."""
    count, labels = cv2.connectedComponents((strong > 0).view(np.uint8), connectivity=4)
    if count <= 2:  # what is 0, and one part
        return strong
    sums = np.bincount(labels.ravel(), strong.ravel())
    return np.where(labels == sums.argmax(), strong, np.float32(0.0))


def _mean_along(points: FloatGrid, summed_axis: int) -> float:
    """Where the weights of the fine points lie on the other axis, in cells."""
    weights = _sums(points, summed_axis)
    return float(_places(len(weights)) @ weights / weights.sum())


def _extent_along(points: FloatGrid, summed_axis: int) -> float:
    """How far they reach there: the root of twelve times their variance, in cells."""
    weights = _sums(points, summed_axis)
    places, total = _places(len(weights)), weights.sum()
    variance = float((places - places @ weights / total) ** 2 @ weights / total)
    return math.sqrt(12 * variance)


def _sums(points: FloatGrid, axis: int) -> np.ndarray:
    return np.asarray(cv2.reduce(points, axis, cv2.REDUCE_SUM, dtype=cv2.CV_64F)).ravel()


@cache
def _places(points: int) -> np.ndarray:
    """Of so many fine points, in cells; the first middle is 0."""
    return (np.arange(points) + 0.5) / POINTS_PER_CELL - 0.5
