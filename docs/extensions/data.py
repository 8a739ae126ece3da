"""The data that livecam writes: its columns, from a real run, with the words of the docstrings."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import av
from markdown import sentence, table

from livecam.core.archive.columns import (
    CLASS_COLUMNS,
    COLUMNS,
    FEATURES_COLUMN,
    GRID_COLUMN,
    GRID_SIZE_COLUMNS,
    OBJECTS_COLUMN,
)
from livecam.core.stats_columns import STATS_COLUMNS, StatsColumn


@cache
def _run() -> tuple[dict[str, Any], dict[str, str]]:
    """A record of the daisy scene with two classes, and a recording's metadata."""
    command = [sys.executable, "-m", "livecam", "daisy", "--model", "flowers", "--no-window"]
    command += ["--class", "daisy", "--class", "tulip", "--frames", "2", "--grid", "--top"]
    command += ["--stats", "daisy.jsonl", "--record", "daisy.mp4"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(command, capture_output=True, check=True, cwd=folder)
        record = json.loads((folder / "daisy.jsonl").read_text("utf-8").splitlines()[-1])
        with av.open(str(folder / "daisy.mp4")) as container:
            return record, dict(container.metadata)


def stats_columns() -> str:
    """The columns of `--stats`, `--timings` left out."""
    return _columns(lambda column: column.when != "--timings")


def timings_columns() -> str:
    """The columns that `--timings` adds."""
    return _columns(lambda column: column.when == "--timings")


def _columns(is_wanted: Callable[[StatsColumn], bool]) -> str:
    rows = [
        [f"`{column.name}`", sentence(column.meaning), column.when or "always", column.in_csv]
        for column in STATS_COLUMNS
        if is_wanted(column)
    ]
    return table(["name", "meaning", "with", "in CSV, if other"], rows)


def archive_columns() -> str:
    """The columns of the table of `livecam batch`."""
    classes = (*CLASS_COLUMNS, GRID_COLUMN)
    shown = [
        *((f"`{column.name}`", column) for column in COLUMNS),
        *((f"`NAME.{column.name}`", column) for column in classes),
        *((f"`{column.name}`", column) for column in GRID_SIZE_COLUMNS),
        *((f"`{column.name}`", column) for column in (FEATURES_COLUMN, OBJECTS_COLUMN)),
    ]
    return table(
        ["column", "unit", "meaning"],
        [[name, column.unit, sentence(column.meaning)] for name, column in shown],
    )


def stats_example() -> str:
    """A record as the program wrote it."""
    record = dict(_run()[0])
    grid, classes = record.pop("grid"), record.pop("classes")
    rows = ",\n".join(f"    {json.dumps(row)}" for row in grid)
    top = ",\n".join(f"    {json.dumps(pair)}" for pair in record.pop("top"))
    lines = [f'  "{name}": {json.dumps(value)}' for name, value in record.items()]
    of_each = ",\n".join(f'    "{name}": {_shortened(of)}' for name, of in classes.items())
    lines += [f'  "top": [\n{top}\n  ]', f'  "grid": [\n{rows}\n  ]']
    lines += [f'  "classes": {{\n{of_each}\n  }}']
    return "```json\n{\n" + ",\n".join(lines) + "\n}\n```\n"


def _shortened(figures: dict[str, Any]) -> str:
    """The figures of a class in one line, its grid left out."""
    return json.dumps(figures | {"grid": ["..."]})


def recording_metadata() -> str:
    """The metadata of a recording as the program wrote them."""
    metadata = _run()[1]
    names = ("title", "creation_time", "comment")
    shown = {name: metadata[name] for name in names if name in metadata}
    comment = json.dumps(json.loads(shown.pop("comment")), indent=2)
    rows = [[f"`{name}`", f"`{value}`"] for name, value in shown.items()]
    return table(["name", "example"], rows) + f"\n`comment` is JSON:\n\n```json\n{comment}\n```\n"
