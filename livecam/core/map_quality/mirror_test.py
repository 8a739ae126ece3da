"""The mirror test: how far a network's maps lie from the evidence, without knowing where that is.

A network that draws its evidence too far left draws that of the mirrored picture too far left,
too: mirrored back, that is too far right. Half of what lies between the two maps is the offset.

From left to right things are alike on average, upside down they are not: the evidence for a shirt
may lie at its collar, and elsewhere in the shirt turned over. Laid on its side, a picture has left
and right of its things one above the other. There the test in y says where the network draws, and
nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from livecam.core.map_offset import Offset
from livecam.core.map_quality.bootstrap import interval_of
from livecam.core.types import CELL_PX, FloatGrid

POINTS_PER_CELL = 8
FARTHEST_CELLS = 1.5
"""Displacements are looked for up to here; an offset is at most half of it: 24 network pixels."""


@dataclass(frozen=True, slots=True)
class OffsetInterval:
    """The offset of a map, x and y, in pixels of the network's input.

    Attributes:
        median: over the pictures; positive: the evidence lies further right and down than the
            map says.
        low, high: the bootstrap's 95 % interval of the median (percentiles over drawn pictures).
        count: how many pictures.
    """

    median: Offset
    low: Offset
    high: Offset
    count: int

    def within(self, limits: Offset, carried: Offset = (0.0, 0.0)) -> bool:
        """Whether what is left after a correction by `carried` is at most so much in x and y."""
        left = np.subtract(self.median, carried)
        return bool((np.abs(left) <= limits).all())


@dataclass(frozen=True, slots=True)
class MedianInterval:
    """A median over pictures.

    Attributes:
        median: over the pictures.
        low, high: the bootstrap's 95 % interval of it.
        count: how many pictures.
    """

    median: float
    low: float
    high: float
    count: int


def offset_by_mirror(plain: FloatGrid, mirrored: FloatGrid, flipped: FloatGrid) -> Offset | None:
    """The offset that one picture shows: x and y in pixels of the network's input.

    Args:
        plain: the map of the picture.
        mirrored: that of the picture mirrored left to right, mirrored back.
        flipped: that of the picture turned upside down by mirroring, mirrored back.

    Returns:
        None where a map is the same everywhere.
    """
    right = displacement_cells(plain, mirrored)
    down = displacement_cells(plain.T, flipped.T)
    if right is None or down is None:
        return None
    return right * CELL_PX / 2, down * CELL_PX / 2


def down_laid_by_mirror(laid: FloatGrid, flipped: FloatGrid) -> float | None:
    """The offset in y that one picture laid on its side shows, in pixels of the network's input.

    Args:
        laid: the map of the picture turned by 90 degrees.
        flipped: that of the turned picture mirrored upside down, mirrored back.

    Returns:
        None where a map is the same everywhere.
    """
    down = displacement_cells(laid.T, flipped.T)
    return None if down is None else down * CELL_PX / 2


def displacement_cells(grid: FloatGrid, other: FloatGrid) -> float | None:
    """How many cells further right `other` lies than `grid`: where they agree best.

    Both are made eight times as fine (bicubic); for each shift their correlation is computed over
    what they share; between the shifts a parabola through the best and its neighbours is taken.
    """
    fine, other_fine = (
        cv2.resize(np.ascontiguousarray(part, np.float32), None, fx=POINTS_PER_CELL,
                   fy=POINTS_PER_CELL, interpolation=cv2.INTER_CUBIC)
        for part in (grid, other)
    )  # fmt: skip
    farthest = round(FARTHEST_CELLS * POINTS_PER_CELL)
    width = fine.shape[1]
    agreement = []
    for shift in range(-farthest, farthest + 1):
        part = fine[:, max(0, -shift) : width - max(0, shift)]
        moved = other_fine[:, max(0, shift) : width + min(0, shift)]
        agreement.append(_correlation(part, moved))
    best = int(np.nanargmax(agreement)) if np.isfinite(agreement).any() else None
    if best is None:
        return None
    return (best - farthest + _vertex(agreement, best)) / POINTS_PER_CELL


def offset_interval(offsets: Sequence[Offset], rng: np.random.Generator) -> OffsetInterval | None:
    """The median of offsets, one a picture, and its interval; None without any.

    Args:
        offsets: in any order.
        rng: draws the pictures; the same seed gives the same interval.
    """
    if not offsets:
        return None
    median, low, high = _median_interval(np.asarray(offsets, dtype=np.float64), rng)
    return OffsetInterval(_pair(median), _pair(low), _pair(high), len(offsets))


def median_interval(values: Sequence[float], rng: np.random.Generator) -> MedianInterval | None:
    """The median of values, one a picture, and its interval; None without any."""
    if not values:
        return None
    median, low, high = _median_interval(np.asarray(values, dtype=np.float64), rng)
    return MedianInterval(float(median), float(low), float(high), len(values))


def _median_interval(
    array: npt.NDArray[np.float64], rng: np.random.Generator
) -> tuple[npt.NDArray[np.float64], ...]:
    """Median over the first axis, and both ends of its interval."""
    low, high = interval_of(array, np.median, rng)
    return np.median(array, axis=0), low, high


def _pair(values: npt.NDArray[np.float64]) -> Offset:
    x, y = values.tolist()
    return x, y


def _correlation(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> float:
    """Pearson's, over all points; nan where one of them is the same everywhere."""
    a, b = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale > 0 else float("nan")


def _vertex(values: Sequence[float], best: int) -> float:
    """Where the parabola through the best value and its neighbours peaks, from the best."""
    if not 0 < best < len(values) - 1:
        return 0.0
    before, here, after = values[best - 1 : best + 2]
    bend = before - 2 * here + after
    return (before - after) / (2 * bend) if bend < 0 else 0.0
