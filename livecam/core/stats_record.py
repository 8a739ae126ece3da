"""The record of one frame: the fields of `--stats`, in JSON and in CSV."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from livecam.core.annotated_frame import AnnotatedFrame, Stats
from livecam.core.printable_text import printable
from livecam.core.types import FloatGrid

if TYPE_CHECKING:  # of several classes
    from collections.abc import Sequence

    from livecam.core.class_figures import ClassFigures
    from livecam.core.located_object import LocatedObject


def stats_record(
    annotated: AnnotatedFrame,
    *,
    grid: bool,
    top: bool = False,
    timings: bool = False,
    boxes: bool = False,
) -> dict[str, Any]:
    """The figures of one frame under their field names, which stats_columns.py describes.

    Args:
        annotated: the frame and its figures.
        grid: add the rows of activations, for each class that was chosen.
        top: add the most probable class (None for "something else") and the five most probable
            ones that can be found.
        timings: add the age of the frame before this one when it was shown, in ms; frames per
            second of the source, and of each stage alone; what limits the rate; and how many
            frames a live source has dropped so far, by cause.
        boxes: have the things in the map in every record, none while nobody looks for them; else
            they are in the records of frames in which they were looked for.
    """
    stats, frame = annotated.stats, annotated.frame
    record: dict[str, Any] = {"frame": frame.index, "time_s": round(frame.time_s, 6)}
    if annotated.waiting_for:  # a status card in a recording: it has no figures
        return record | {"at": _at(annotated), "lost": annotated.waiting_for}
    record |= _figures(stats, _at(annotated))
    if frame.name:
        record["picture"] = frame.name
    if top:
        record |= _top(stats)
    if timings:
        record |= _timings(annotated)
    if annotated.view.boxes or boxes:
        record["objects"] = _object_records(annotated.objects)
    if grid:
        record["grid"] = _rounded_grid(annotated.activation.grid)
    return record | _classes(stats, grid=grid)


def look_record(
    stats: Stats,
    grid: FloatGrid,
    *,
    index: int,
    time_s: float,
    at: datetime,
    objects: "Sequence[LocatedObject] | None" = None,
) -> dict[str, Any]:
    """The same fields for a picture that nobody has drawn: with grid and top.

    Args:
        stats: of the class that the record is about.
        grid: float32 [rows, columns], its map.
        index: counts the pictures that were looked at.
        time_s: of the picture.
        at: when it was taken.
        objects: the things in the map; None where nobody looks for them.
    """
    record: dict[str, Any] = {"frame": index, "time_s": round(time_s, 6)}
    record |= _figures(stats, at.isoformat(timespec="milliseconds")) | _top(stats)
    if objects is not None:
        record["objects"] = _object_records(objects)
    return record | {"grid": _rounded_grid(grid)} | _classes(stats, grid=True)


def _figures(stats: Stats, at: str | None) -> dict[str, Any]:
    record = {
        "class": stats.class_name,
        **_map_record(stats),
        "fps": _rounded(stats.fps),
        "latency_ms": round(stats.latency_ms, 3),
        "at": at,
    }
    return record | {"approximate": True} if stats.is_approximate else record


def _top(stats: Stats) -> dict[str, Any]:
    best = [[name, round(probability, 8)] for _, name, probability in stats.top]
    return {"seen": stats.seen, "sure": stats.is_sure, "top": best}


def _object_records(objects: "Sequence[LocatedObject]") -> list[dict[str, Any]]:
    from livecam.core.located_object import object_record  # late: few runs look for things

    return [object_record(located) for located in objects]


def _classes(stats: Stats, *, grid: bool) -> dict[str, Any]:
    if not stats.classes:
        return {}
    found = {name: _class_record(of, grid=grid) for name, of in stats.classes.items()}
    return {"classes": found}


def _at(annotated: AnnotatedFrame) -> str | None:
    at = annotated.status.at
    return None if at is None else at.isoformat(timespec="milliseconds")


def _class_record(figures: "ClassFigures", *, grid: bool) -> dict[str, Any]:
    """What a record says about each of several classes."""
    record = _map_record(figures)
    return record | {"grid": _rounded_grid(figures.grid)} if grid else record


def _map_record(of: "Stats | ClassFigures") -> dict[str, Any]:
    """What is read off one map."""
    return {
        "max": round(of.maximum, 5),
        "mean": round(of.mean, 5),
        "peak": list(of.peak),
        "centre": _rounded_pair(of.centre),
        "extent": _rounded_pair(of.extent),
        "logit": round(of.logit, 5),
        "probability": round(of.probability, 8),
        "window": list(of.window),
    }


def _rounded_pair(pair: tuple[float, float] | None) -> list[float] | None:
    return None if pair is None else [round(value, 2) for value in pair]


def _rounded_grid(grid: FloatGrid) -> list[list[float]]:
    return [[round(float(value), 5) for value in row] for row in grid]


def _timings(annotated: AnnotatedFrame) -> dict[str, Any]:
    stats, rates, drops = annotated.stats, annotated.status.rates, annotated.frame.drops
    return {
        "age_ms": None if stats.age_ms is None else round(stats.age_ms, 1),
        "model_ms": round(stats.model_ms, 3),
        "source_fps": _rounded(annotated.frame.source_rate),
        "model_fps": _rounded(rates.model),
        "paint_fps": _rounded(rates.paint),
        "encoder_fps": _rounded(rates.encoder),
        "screen_fps": _rounded(rates.screen),
        "limit": rates.limit,
        "dropped_newer": drops.newer,
        "dropped_stale": drops.stale,
        "dropped_repeated": drops.repeated,
        "dropped_damaged": drops.damaged,
    }


def _rounded(rate: float | None) -> float | None:
    return None if rate is None else round(rate, 2)


def csv_record(record: dict[str, Any], grid_size: tuple[int, int] | None = None) -> dict[str, Any]:
    """The record as columns: peak_row, peak_column, centre_x, top_1, ... grid_6_6.

    A map of another size than `grid_size`, rows and columns, where that is given, is JSON in the
    column `grid`, which is empty else: the columns of a file cannot change.

    The figures of several classes have the class before their names: bee_max, bee_peak_row, ...
    Texts are printable but for the ends of lines, for which CSV has quotation marks.
    """
    return {
        printable(name): _printable_lines(value) if isinstance(value, str) else value
        for name, value in _columns(record, grid_size).items()
    }


def _printable_lines(text: str) -> str:
    return "\n".join(map(printable, text.split("\n")))


_PAIRS = {
    "peak": ("peak_row", "peak_column"),
    "centre": ("centre_x", "centre_y"),
    "extent": ("extent_width", "extent_height"),
    "window": ("window_row", "window_column"),
}


def _columns(record: dict[str, Any], grid_size: tuple[int, int] | None) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if name in _PAIRS:
            flat |= dict(zip(_PAIRS[name], value or (None, None), strict=True))
        elif name == "top":
            for place, (label, probability) in enumerate(value, start=1):
                flat |= {f"top_{place}": label, f"top_{place}_probability": probability}
        elif name == "grid":
            flat |= _grid_columns(value, grid_size)
        elif name == "objects":
            flat |= {"object_count": len(value), "objects": json.dumps(value, ensure_ascii=False)}
        elif name == "classes":
            for label, figures in value.items():
                flat |= {
                    f"{label}_{key}": figure for key, figure in _columns(figures, grid_size).items()
                }
        else:
            flat[name] = str(value).lower() if isinstance(value, bool) else value  # as in JSON
    return flat


def size_of(grid: list[list[float]]) -> tuple[int, int]:
    """Rows and columns."""
    return len(grid), len(grid[0])


def _grid_columns(grid: list[list[float]], size: tuple[int, int] | None) -> dict[str, Any]:
    if size is not None and size_of(grid) != size:
        return {"grid": json.dumps(grid)}
    cells = {f"grid_{y}_{x}": value for y, row in enumerate(grid) for x, value in enumerate(row)}
    return {"grid": "", **cells}
