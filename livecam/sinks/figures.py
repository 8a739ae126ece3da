"""The record of one frame as data: the fixed words of `--stats`."""

from typing import Any

from livecam.values import Shot


def record_of(shot: Shot, *, grid: bool) -> dict[str, Any]:
    """One frame's figures under their fixed names; `grid` adds 7 rows of 7 numbers."""
    stats, frame = shot.stats, shot.frame
    record: dict[str, Any] = {
        "frame": frame.index,
        "time_s": round(frame.time_s, 6),
        "class": stats.class_name,
        "max": round(stats.maximum, 5),
        "mean": round(stats.mean, 5),
        "peak": list(stats.peak),
        "logit": round(stats.logit, 5),
        "probability": round(stats.probability, 8),
        "fps": None if stats.fps is None else round(stats.fps, 2),
        "latency_ms": round(stats.latency_ms, 3),
    }
    if frame.name:
        record["picture"] = frame.name
    if grid:
        record["grid"] = [[round(float(value), 5) for value in row] for row in shot.activation.grid]
    return record


def flat_record(record: dict[str, Any]) -> dict[str, Any]:
    """The same for CSV: `peak` becomes peak_row and peak_column, `grid` grid_0_0 to grid_6_6."""
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if name == "peak":
            flat["peak_row"], flat["peak_column"] = value
        elif name == "grid":
            for row, values in enumerate(value):
                flat |= {f"grid_{row}_{column}": v for column, v in enumerate(values)}
        else:
            flat[name] = value
    return flat
