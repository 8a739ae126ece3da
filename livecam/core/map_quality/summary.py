"""The judgement of many pictures: means of each drawing, and differences between drawings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from livecam.core.map_quality.bootstrap import MeanInterval, mean_interval
from livecam.core.map_quality.metrics import METRICS, MapScores, Metric

CENTRE_BOX, RANDOM = "centre box", "random"
BASELINES = (CENTRE_BOX, RANDOM)
"""Maps of no network at all, judged beside the drawings."""


@dataclass(frozen=True, slots=True, eq=False)
class JudgedPicture:
    """One picture with all its maps judged.

    Attributes:
        name: the file.
        class_name: the class whose map was judged.
        probability: of the class in the whole picture.
        has_truth: whether boxes of the class were known.
        scores: by drawing ("measured", "page", ...) and baseline.
    """

    name: str
    class_name: str
    probability: float
    has_truth: bool
    scores: Mapping[str, MapScores]


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One figure of all maps.

    Attributes:
        metric: which.
        means: by drawing and baseline, those that have it.
        differences: of the first drawing less another one, picture by picture, by the other one's
            name.
    """

    metric: Metric
    means: Mapping[str, MeanInterval]
    differences: Mapping[str, MeanInterval]


def verdict(metric: Metric, difference: MeanInterval) -> str:
    """What a difference says: "better" or "worse" where the interval excludes 0, else "unclear"."""
    if not difference.excludes_zero:
        return "unclear"
    return "better" if (difference.mean > 0) == metric.higher_is_better else "worse"


def summary_of(pictures: Sequence[JudgedPicture], seed: int = 0) -> list[MetricRow]:
    """Every figure that at least one picture has.

    Args:
        pictures: judged with the same drawings.
        seed: of the bootstrap.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for metric in METRICS:
        values = _values_by_map(pictures, metric)
        means = {name: mean_interval(list(v.values()), rng) for name, v in values.items()}
        found = {name: mean for name, mean in means.items() if mean is not None}
        if found:
            rows.append(MetricRow(metric, found, _differences(values, rng)))
    return rows


def _values_by_map(
    pictures: Sequence[JudgedPicture], metric: Metric
) -> dict[str, dict[int, float]]:
    """The values of each map, by the number of the picture."""
    values: dict[str, dict[int, float]] = {}
    for number, picture in enumerate(pictures):
        for name, scores in picture.scores.items():
            of_map = values.setdefault(name, {})
            if metric.name in scores.values:
                of_map[number] = scores.values[metric.name]
    return values


def _differences(
    values: Mapping[str, Mapping[int, float]], rng: np.random.Generator
) -> dict[str, MeanInterval]:
    names = [name for name in values if name not in BASELINES]
    found = {}
    for other in [*names[1:], *(name for name in BASELINES if name in values)]:
        first, second = values[names[0]], values[other]
        paired = [first[number] - second[number] for number in first if number in second]
        difference = mean_interval(paired, rng)
        if difference is not None:
            found[other] = difference
    return found
