"""The record of one frame: the fields of `--stats`, in JSON and in CSV."""

from typing import Any

from livecam.core.annotated_frame import AnnotatedFrame


def stats_record(
    annotated: AnnotatedFrame, *, grid: bool, top: bool = False, timings: bool = False
) -> dict[str, Any]:
    """The figures of one frame under their field names.

    Args:
        annotated: the frame and its figures.
        grid: add 7 rows of 7 activations.
        top: add the most probable class (None for "something else") and the five most probable
            ones that can be found.
        timings: add the age of the frame before this one when it was shown, in ms; frames per
            second of the source, and of each stage alone; what limits the rate; and how many
            frames a live source has dropped so far, by cause.
    """
    stats, frame = annotated.stats, annotated.frame
    if annotated.waiting_for:  # a status card in a recording: it has no figures
        return {
            "frame": frame.index,
            "time_s": round(frame.time_s, 6),
            "lost": annotated.waiting_for,
        }
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
    if top:
        record["seen"] = stats.seen
        record["top"] = [[name, round(probability, 8)] for _, name, probability in stats.top]
    if timings:
        record |= _timings(annotated)
    if grid:
        record["grid"] = [
            [round(float(value), 5) for value in row] for row in annotated.activation.grid
        ]
    return record


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


def csv_record(record: dict[str, Any]) -> dict[str, Any]:
    """The record as columns: peak_row, peak_column, top_1, top_1_probability, ... grid_6_6."""
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if name == "peak":
            flat["peak_row"], flat["peak_column"] = value
        elif name == "top":
            for place, (label, probability) in enumerate(value, start=1):
                flat |= {f"top_{place}": label, f"top_{place}_probability": probability}
        elif name == "grid":
            for row, values in enumerate(value):
                flat |= {f"grid_{row}_{column}": v for column, v in enumerate(values)}
        else:
            flat[name] = value
    return flat
