"""The judgement as lines of text and as an object for JSON."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from livecam.core.formatting import counted
from livecam.core.map_quality.bootstrap import MeanInterval
from livecam.core.map_quality.metrics import Metric
from livecam.core.map_quality.summary import (
    BASELINES,
    CENTRE_BOX,
    JudgedPicture,
    MetricRow,
    summary_of,
    verdict,
)


@dataclass(frozen=True, eq=False)
class Judgement:
    """What was judged, and what came out.

    Attributes:
        model: network and engine, for the user.
        settings: what was asked for, by name.
        pictures: in the order in which they were judged.
        seconds: that it took.
        is_whole: False where it was stopped before the end.
        approximate_because: why the maps are those of the gradient; "" where they are exact.
    """

    model: str
    settings: Mapping[str, Any]
    pictures: Sequence[JudgedPicture]
    seconds: float
    is_whole: bool = True
    approximate_because: str = ""

    @cached_property
    def rows(self) -> list[MetricRow]:
        """Means and differences of every figure."""
        return summary_of(self.pictures)

    @property
    def seconds_each(self) -> float:
        """Per picture, of all its maps."""
        return self.seconds / max(1, len(self.pictures))


def heading(judgement: Judgement) -> str:
    """What was judged, in one line."""
    pictures = judgement.pictures
    boxed = sum(picture.has_truth for picture in pictures)
    classes = sorted({picture.class_name for picture in pictures})
    named = ", ".join(classes[:3]) + (f" and {len(classes) - 3} more" if len(classes) > 3 else "")
    truth = f"{boxed} with boxes" if boxed else "no boxes"
    ended = "" if judgement.is_whole else ", stopped before the end"
    kind = ", approximate maps (gradient)" if judgement.approximate_because else ""
    count = counted(len(pictures), "picture")
    return f"{judgement.model}: {count} of {named}, {truth}{kind}{ended}"


def report_lines(judgement: Judgement) -> Iterator[str]:
    """The tables: means of each map, then differences of the first drawing less the others.

    At least one picture has to be judged.
    """
    yield heading(judgement)
    for table in report_tables(judgement):
        yield ""
        yield from _aligned(table)
    yield ""
    yield from _remarks(judgement)


def report_tables(judgement: Judgement) -> list[list[list[str]]]:
    """The tables as cells, each with its headings first."""
    rows = judgement.rows
    others = [name for name in rows[0].differences if name not in BASELINES]
    return [_table_of_means(rows), *(_table_of_differences(rows, other) for other in others)]


def _table_of_means(rows: Sequence[MetricRow]) -> list[list[str]]:
    names = list(rows[0].means)
    table = [["", "", *names]]
    for row in rows:
        wanted = "more" if row.metric.higher_is_better else "less"
        cells = [_with_interval(row, name) for name in names]
        table.append([row.metric.title, wanted, *cells])
    return table


def _with_interval(row: MetricRow, name: str) -> str:
    mean = row.means.get(name)
    if mean is None:
        return "-"
    return _value(row.metric, mean.mean) if name in BASELINES else _interval(row.metric, mean)


def _table_of_differences(rows: Sequence[MetricRow], other: str) -> list[list[str]]:
    first = next(iter(rows[0].means))
    table = [[f"{first} less {other}", "", ""]]
    for row in rows:
        difference = row.differences.get(other)
        if difference is not None:
            shown = _interval(row.metric, difference, signed=True)
            table.append([row.metric.title, shown, verdict(row.metric, difference)])
    return table


def _remarks(judgement: Judgement) -> Iterator[str]:
    rows = judgement.rows
    yield (
        "in brackets: 95 % interval (bootstrap over the pictures). more, less: which is better. "
        "Pixels are those of 224."
    )
    first = next(iter(rows[0].means))
    beaten = {
        base: [r.metric.title for r in rows if base in r.differences
               and verdict(r.metric, r.differences[base]) == "worse"]
        for base in BASELINES
    }  # fmt: skip
    for base, titles in beaten.items():
        if titles:
            a_map = "the centre box" if base == CENTRE_BOX else "a random map"
            yield f"{a_map} does better than {first} in: {', '.join(titles)}."
    yield f"{judgement.seconds_each:.2f} s a picture, all maps together."


def _aligned(table: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _value(metric: Metric, value: float, *, signed: bool = False) -> str:
    sign = "+" if signed else ""
    if metric.unit == "%":
        return f"{100 * value:{sign}.1f} %"
    return f"{value:{sign}.1f} px" if metric.unit == "px" else f"{value:{sign}.3f}"


def _interval(metric: Metric, mean: MeanInterval, *, signed: bool = False) -> str:
    low, high = (
        _value(metric, value, signed=signed).removesuffix(" %").removesuffix(" px")
        for value in (mean.low, mean.high)
    )
    return f"{_value(metric, mean.mean, signed=signed)} [{low}, {high}]"


def judgement_object(judgement: Judgement) -> dict[str, Any]:
    """Everything as plain values: settings, means, differences, and each picture."""
    because = judgement.approximate_because
    return {
        "model": judgement.model,
        **({"approximate": because} if because else {}),
        "settings": dict(judgement.settings),
        "whole": judgement.is_whole,
        "seconds": round(judgement.seconds, 3),
        "metrics": [_metric_object(row) for row in judgement.rows],
        "pictures": [_picture_object(picture) for picture in judgement.pictures],
    }


def _metric_object(row: MetricRow) -> dict[str, Any]:
    metric = row.metric
    return {
        "name": metric.name,
        "words": metric.words,
        "better": "more" if metric.higher_is_better else "less",
        "unit": "px of 224" if metric.unit == "px" else "",
        "means": {name: _mean_object(mean) for name, mean in row.means.items()},
        "differences": {
            name: _mean_object(mean) | {"verdict": verdict(metric, mean)}
            for name, mean in row.differences.items()
        },
    }


def _mean_object(mean: MeanInterval) -> dict[str, Any]:
    return {
        "mean": round(mean.mean, 6),
        "low": round(mean.low, 6),
        "high": round(mean.high, 6),
        "pictures": mean.count,
    }


def _picture_object(picture: JudgedPicture) -> dict[str, Any]:
    return {
        "picture": picture.name,
        "class": picture.class_name,
        "probability": round(picture.probability, 6),
        "maps": {
            name: {key: round(value, 6) for key, value in scores.values.items()}
            | {
                "deletion_curve": [round(value, 4) for value in scores.curves.deletion],
                "insertion_curve": [round(value, 4) for value in scores.curves.insertion],
            }
            for name, scores in picture.scores.items()
        },
    }
