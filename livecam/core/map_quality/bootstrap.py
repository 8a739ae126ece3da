"""Means with their 95 % intervals, by drawing the pictures again and again (bootstrap)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

RESAMPLES = 2000
_LOW, _HIGH = 2.5, 97.5


@dataclass(frozen=True, slots=True)
class MeanInterval:
    """A mean and where it may lie.

    Attributes:
        mean: of the values.
        low, high: the bootstrap's 95 % interval (percentiles of the means of drawn pictures).
        count: how many values.
    """

    mean: float
    low: float
    high: float
    count: int

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of 0."""
        return self.low > 0 or self.high < 0


def mean_interval(values: Sequence[float], rng: np.random.Generator) -> MeanInterval | None:
    """The mean of values, one a picture; None without any.

    A difference of two drawings is judged by the differences in each picture: hand those in.

    Args:
        values: in any order.
        rng: draws the pictures; the same seed gives the same interval.
    """
    if not len(values):
        return None
    array = np.asarray(values, dtype=np.float64)
    low, high = interval_of(array, np.mean, rng)
    return MeanInterval(float(array.mean()), float(low), float(high), len(array))


def interval_of(
    values: Floats, statistic: Callable[..., Floats], rng: np.random.Generator
) -> Floats:
    """The 95 % interval of a statistic: its low end and its high end.

    Args:
        values: float64 [pictures, ...], one row a picture.
        statistic: np.mean or np.median: called with what is drawn, and the axis of the pictures.
        rng: draws the pictures; the same seed gives the same interval.

    Returns:
        float64 [2, ...].
    """
    drawn = rng.integers(len(values), size=(RESAMPLES, len(values)))
    return np.percentile(statistic(values[drawn], axis=1), [_LOW, _HIGH], axis=0)
