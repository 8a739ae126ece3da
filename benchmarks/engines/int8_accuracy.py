"""The rows of int8's quality."""

import json

from benchmarks.child import python
from benchmarks.make import Scratch
from benchmarks.table import Row


def quality_rows(place: Scratch) -> list[Row]:
    """Correlation of the maps, and the pointing game, for each model with real weights."""
    found = json.loads(python(["-m", "benchmarks.quality", place.folder], place).stdout)
    rows = []
    for name, q in found.items():
        worse = q["points_float32"] - q["points_int8"]
        rows += [
            Row(f"int8 maps against float32, {name}, {q['on']}", "median at least 0.98",
                f"{q['median']:.4f}, worst twentieth {q['p5']:.3f}", q["median"] >= 0.98),
            Row(f"pointing game on rendered daisies, {name}", "at most 1 point worse",
                f"{q['points_int8']:.1f} % (float32 {q['points_float32']:.1f} %)", worse <= 1.0),
        ]  # fmt: skip
    return rows
