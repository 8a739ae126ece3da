"""The row of the built-in scene."""

import json

from benchmarks.child import python
from benchmarks.make import Scratch
from benchmarks.table import Row

MOST_MS = 1000.0 / 60.0


def scene_rows(place: Scratch) -> list[Row]:
    """One picture of 640 x 480 on one core, near and far."""
    found: dict[str, float] = json.loads(python(["-m", "benchmarks.scene"], place).stdout)
    told = ", ".join(f"{what} {ms:.1f} ms" for what, ms in found.items())
    passed = max(found.values()) <= MOST_MS
    return [Row("a picture of the daisy scene, 640 x 480, one core", "at least 60 a second",
                told, passed)]  # fmt: skip
