"""Which figures judge a map, what each means, and which way is better; the figures of one map."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from livecam.core.map_quality.deletion_insertion import (
    ALL_POINTS,
    HeatMap,
    JudgedCurves,
    deletion_and_insertion,
)
from livecam.core.map_quality.map_scores import drop_of, explained_part, place_scores
from livecam.core.map_quality.truth import Truth
from livecam.core.types import RgbImage


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure of the judgement.

    Attributes:
        name: its key in the JSON.
        title: in tables.
        words: what it means.
        higher_is_better: which way is better.
        unit: "" (0 to 1), "%" (a share or a mean of 0 to 1, shown as percent) or "px".
        needs_truth: whether boxes are needed.
    """

    name: str
    title: str
    words: str
    higher_is_better: bool
    unit: str = ""
    needs_truth: bool = False


METRICS = (
    Metric(
        "deletion",
        "deletion",
        "area below the class's probability while the hottest pixels are deleted first",
        higher_is_better=False,
    ),
    Metric(
        "insertion",
        "insertion",
        "area below the class's probability while the hottest pixels come back first",
        higher_is_better=True,
    ),
    Metric(
        "average_drop",
        "average drop",
        "part of the probability that is lost in the picture times its map",
        higher_is_better=False,
        unit="%",
    ),
    Metric(
        "increase",
        "increase",
        "pictures whose probability rises in the picture times its map",
        higher_is_better=True,
        unit="%",
    ),
    Metric(
        "pointing",
        "pointing",
        "pictures whose map has its maximum in a box",
        higher_is_better=True,
        unit="%",
        needs_truth=True,
    ),
    Metric(
        "pointing_15px",
        "pointing, 15 px",
        "the same with a tolerance of 15 of 224 pixels",
        higher_is_better=True,
        unit="%",
        needs_truth=True,
    ),
    Metric(
        "centre_error_px",
        "centre error",
        "from the map's centre to the middle of the nearest box, in pixels of 224",
        higher_is_better=False,
        unit="px",
        needs_truth=True,
    ),
    Metric(
        "centre_inside_half",
        "centre in half",
        "pictures whose centre lies within half a radius of the middle of a box",
        higher_is_better=True,
        unit="%",
        needs_truth=True,
    ),
    *(
        Metric(
            f"iou_{share}",
            f"IoU above 0.{share}",
            f"overlap of what is above 0.{share} of the maximum with the things",
            higher_is_better=True,
            needs_truth=True,
        )
        for share in (3, 5, 7)
    ),
    Metric(
        "iou_mean",
        "IoU, mean",
        "mean of these three",
        higher_is_better=True,
        needs_truth=True,
    ),
    Metric(
        "energy_inside",
        "energy inside",
        "part of the map's positive sum that lies on the things",
        higher_is_better=True,
        unit="%",
        needs_truth=True,
    ),
)


@dataclass(frozen=True, slots=True, eq=False)
class MapScores:
    """How true one map of one picture is.

    Attributes:
        curves: of deletion and insertion.
        values: by the names of METRICS; those that need a truth only where there is one.
    """

    curves: JudgedCurves
    values: Mapping[str, float]


LOOKS = ALL_POINTS
"""The network's looks for the figures of one map: both curves share their first point, and one
look is at the picture times its map."""


def score_map(
    rgb: RgbImage,
    heat: HeatMap,
    truth: Truth | None,
    probability_of: Callable[[RgbImage], float],
    *,
    centre: tuple[float, float] | None = None,
) -> MapScores:
    """All figures of one map; runs the network 58 times.

    Args:
        rgb: uint8 [height, width, 3], as the network sees it.
        heat: the map in its pixels.
        truth: where the things are; None for the figures that need none.
        probability_of: the class's probability in a picture.
        centre: x and y of the map's centre; None for the mass centre of what is above half of the
            maximum.
    """
    *_, curves = deletion_and_insertion(rgb, heat, probability_of)
    whole, explained = curves.deletion[0], probability_of(explained_part(rgb, heat))
    values = {
        "deletion": curves.deletion_area,
        "insertion": curves.insertion_area,
        "average_drop": drop_of(whole, explained),
        "increase": float(explained > whole),
    }
    return MapScores(curves, values | (place_values(heat, truth, centre) if truth else {}))


def place_values(
    heat: HeatMap, truth: Truth, centre: tuple[float, float] | None = None
) -> dict[str, float]:
    """The figures that need a truth, by the names of METRICS; cheap."""
    scores = place_scores(heat, truth, centre)
    low, middle, high = scores.overlaps
    return {
        "pointing": float(scores.points_inside),
        "pointing_15px": float(scores.points_near),
        "centre_error_px": scores.centre_error_px,
        "centre_inside_half": float(scores.centre_inside_half),
        "iou_3": low,
        "iou_5": middle,
        "iou_7": high,
        "iou_mean": scores.mean_overlap,
        "energy_inside": scores.energy_inside,
    }
