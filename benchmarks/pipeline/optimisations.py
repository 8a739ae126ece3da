"""The rows of the levers: what each step took before, and what it takes now."""

import json
import sys

from benchmarks.child import environment
from benchmarks.live import on_a_screen
from benchmarks.make import Scratch
from benchmarks.table import Row


def lever_rows(place: Scratch) -> list[Row]:
    """One row for each lever."""
    command = [sys.executable, "-m", "benchmarks.levers", str(place.folder)]
    found: dict[str, list[float]] = json.loads(on_a_screen(command, environment(place)))
    return [
        Row(f"lever, {what}", "", f"{before:.2f} ms, {after:.2f} ms ({before / after:.1f} x)")
        for what, (before, after) in found.items()
    ]
