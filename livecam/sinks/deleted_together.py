"""What is deleted together with a recording or a snapshot: figures that mean nothing without it."""

import json
import stat
from pathlib import Path

LARGEST_LINE_BYTES = 1_000_000

_CLEAN = "_clean"


def companions_of(path: Path) -> tuple[Path, ...]:
    """The figures of a video (--record-stats) or of a clean snapshot (key S), no other file.

    The untouched twin of a video is a recording of its own.
    """
    if path.suffix.casefold() == ".png":
        figures = path.with_suffix(".json") if path.stem.endswith(_CLEAN) else None
    else:
        figures = None if path.stem.endswith(_CLEAN) else path.with_suffix(".jsonl")
    return (figures,) if figures is not None and are_figures(figures) else ()


def are_figures(path: Path) -> bool:
    """Whether an ordinary file begins with a record of figures, on one line or as a whole."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return False
        with path.open("rb") as file:
            text = file.read(LARGEST_LINE_BYTES) if path.suffix == ".json" else file.readline()
        record = json.loads(text[:LARGEST_LINE_BYTES])
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(record, dict) and {"frame", "time_s", "class"} <= record.keys()
