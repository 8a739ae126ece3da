"""Scores of one map: where it points, how it overlaps with the truth, what it alone leaves.

Sources: pointing game, Zhang et al., "Top-down Neural Attention by Excitation Backprop" (2016);
average drop and increase, Chattopadhay et al., "Grad-CAM++" (2018); energy, Wang et al.,
"Score-CAM" (2020).
"""

from dataclasses import dataclass

import numpy as np

from livecam.core.bounding_box import Box
from livecam.core.map_quality.deletion_insertion import HeatMap
from livecam.core.map_quality.truth import Truth
from livecam.core.types import NETWORK_SIDE_PX, RgbImage

TOLERANCE_PX = 15.0
IOU_SHARES = (0.3, 0.5, 0.7)
CENTRE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class PlaceScores:
    """How a map agrees with the truth; all pixels are those of an input of 224 on the short side.

    Attributes:
        points_inside: the map's maximum lies in the box of a thing.
        points_near: the same with 15 pixels' tolerance.
        centre_error_px: from the map's centre to the middle of the nearest box.
        centre_inside_half: the centre lies in the inner half of a box: no farther from its middle
            than a quarter of its sides' mean ("half a radius").
        overlaps: intersection over union of what is above 0.3, 0.5 and 0.7 of the map's maximum
            with the things' pixels.
        energy_inside: the part of the map's positive sum that lies on the things' pixels.
    """

    points_inside: bool
    points_near: bool
    centre_error_px: float
    centre_inside_half: bool
    overlaps: tuple[float, ...]
    energy_inside: float

    @property
    def mean_overlap(self) -> float:
        """The mean of `overlaps`."""
        return sum(self.overlaps) / len(self.overlaps)


def place_scores(
    heat: HeatMap, truth: Truth, centre: tuple[float, float] | None = None
) -> PlaceScores:
    """Compare a map with the truth, both in pixels of the network's input.

    A map without any positive value finds nothing: its overlap is 0, and its centre is where it is
    largest.

    Args:
        heat: the map.
        truth: where the things are.
        centre: x and y of the map's centre where it is known; None for `centre_of`.
    """
    unit_px = min(heat.shape) / NETWORK_SIDE_PX
    points = maximum_of(heat)
    centre = centre or centre_of(heat)
    nearest = min(truth.boxes, key=lambda box: _distance(centre, box.centre))
    error = _distance(centre, nearest.centre)
    positive = np.clip(heat, 0.0, None)
    total = float(positive.sum(dtype=np.float64))
    return PlaceScores(
        points_inside=any(_holds(box, points, 0.0) for box in truth.boxes),
        points_near=any(_holds(box, points, TOLERANCE_PX * unit_px) for box in truth.boxes),
        centre_error_px=error / unit_px,
        centre_inside_half=error <= (nearest.width + nearest.height) / 8,
        overlaps=tuple(overlap_above(heat, share, truth) for share in IOU_SHARES),
        energy_inside=float(positive[truth.mask].sum(dtype=np.float64)) / total if total else 0.0,
    )


def maximum_of(heat: HeatMap) -> tuple[float, float]:
    """x and y of the largest value; the middle of all pixels that have it."""
    rows, columns = np.nonzero(heat >= heat.max() - 1e-6 * np.ptp(heat))
    return float(columns.mean()) + 0.5, float(rows.mean()) + 0.5


def centre_of(heat: HeatMap) -> tuple[float, float]:
    """x and y of the mass centre of what is above half the maximum."""
    largest = float(heat.max())
    if largest <= 0:
        return maximum_of(heat)
    mass = np.where(heat > CENTRE_SHARE * largest, heat, 0.0).astype(np.float64)
    total = mass.sum()
    x = mass.sum(axis=0) @ (np.arange(heat.shape[1]) + 0.5)
    y = mass.sum(axis=1) @ (np.arange(heat.shape[0]) + 0.5)
    return float(x / total), float(y / total)


def overlap_above(heat: HeatMap, share: float, truth: Truth) -> float:
    """Intersection over union of what is at least `share` of the maximum with the truth."""
    largest = float(heat.max())
    if largest <= 0:
        return 0.0
    found = heat >= share * largest
    union = np.count_nonzero(found | truth.mask)
    return float(np.count_nonzero(found & truth.mask) / union) if union else 0.0


def explained_part(rgb: RgbImage, heat: HeatMap) -> RgbImage:
    """The picture times its map, 0 to 1: what the map says is enough. uint8 as `rgb`."""
    light = np.clip(heat, 0.0, None) / max(float(heat.max()), 1e-12)
    return RgbImage((rgb * light[..., np.newaxis] + 0.5).astype(np.uint8))


def drop_of(whole: float, explained: float) -> float:
    """What of the probability is lost in the explained part, 0 to 1 (the mean is average drop)."""
    return max(0.0, whole - explained) / whole if whole > 0 else 0.0


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))


def _holds(box: Box, point: tuple[float, float], tolerance_px: float) -> bool:
    """Whether a point lies in a box, or no farther from it than the tolerance."""
    nearest = (
        min(max(point[0], box.left), box.right),
        min(max(point[1], box.top), box.bottom),
    )
    return _distance(point, nearest) <= tolerance_px
