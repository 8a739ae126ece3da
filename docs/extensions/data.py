"""The data that livecam writes: its columns, from a real run, with the words of the docstrings."""

import json
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import av
from markdown import attributes_of, sentence, table

from livecam.core.annotated_frame import Rates, Stats
from livecam.core.types import Drops, Frame

# Where the docstrings describe each column.
_SAID_BY: dict[str, tuple[type, str]] = {
    "frame": (Frame, "index"),
    "time_s": (Frame, "time_s"),
    "class": (Stats, "class_name"),
    "max": (Stats, "maximum"),
    "mean": (Stats, "mean"),
    "peak": (Stats, "peak"),
    "logit": (Stats, "logit"),
    "probability": (Stats, "probability"),
    "fps": (Stats, "fps"),
    "latency_ms": (Stats, "latency_ms"),
    "seen": (Stats, "seen"),
    "age_ms": (Stats, "age_ms"),
    "model_ms": (Stats, "model_ms"),
    "source_fps": (Frame, "source_rate"),
    "model_fps": (Rates, "model"),
    "paint_fps": (Rates, "paint"),
    "encoder_fps": (Rates, "encoder"),
    "screen_fps": (Rates, "screen"),
    "limit": (Rates, "limit"),
    "dropped_newer": (Drops, "newer"),
    "dropped_stale": (Drops, "stale"),
    "dropped_repeated": (Drops, "repeated"),
    "dropped_damaged": (Drops, "damaged"),
}
_WORDS = {
    "top": "With `--top`: the five most probable classes as pairs of name and probability",
    "grid": "With `--grid`: the map, 7 rows of 7 activations, the top row first",
}


@cache
def _run() -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Two records and the metadata of a recording, of the daisy scene."""
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "daisy.mp4"
        command = [sys.executable, "-m", "livecam", "daisy", "--model", "flowers", "--no-window"]
        command += ["--frames", "2", "--stats", "-", "--grid", "--top", "--timings"]
        command += ["--record", str(video)]
        run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
        with av.open(str(video)) as container:
            metadata = dict(container.metadata)
    return [json.loads(line) for line in run.stdout.splitlines()], metadata


def _columns(*, timings: bool) -> str:
    names = [name for name in _run()[0][-1] if (name in _timing_names()) is timings]
    rows = [[f"`{name}`", sentence(_meaning(name))] for name in names]
    return table(["name", "meaning"], rows)


def _timing_names() -> set[str]:
    return set(_SAID_BY) - {"frame", "time_s", "class", "max", "mean", "peak", "logit"} - {
        "probability", "fps", "latency_ms", "seen",
    }  # fmt: skip


def _meaning(name: str) -> str:
    """What a column means; a KeyError for one that is new and not described yet."""
    if name in _WORDS:
        return _WORDS[name]
    cls, attribute = _SAID_BY[name]
    words = attributes_of(cls)[attribute]
    return f"with `--top`: {words}" if name == "seen" else words


def stats_columns() -> str:
    """The columns of `--stats`."""
    return _columns(timings=False)


def timings_columns() -> str:
    """The columns that `--timings` adds."""
    return _columns(timings=True)


def stats_example() -> str:
    """A record as the program wrote it."""
    record = {k: v for k, v in _run()[0][-1].items() if k not in _timing_names()}
    lines = [f'  "{name}": {json.dumps(value)}' for name, value in record.items() if name != "grid"]
    rows = ",\n".join(f"    {json.dumps(row)}" for row in record["grid"])
    return "```json\n{\n" + ",\n".join([*lines, f'  "grid": [\n{rows}\n  ]']) + "\n}\n```\n"


def recording_metadata() -> str:
    """The metadata of a recording as the program wrote them."""
    metadata = _run()[1]
    names = ("title", "creation_time", "comment")
    shown = {name: metadata[name] for name in names if name in metadata}
    comment = json.dumps(json.loads(shown.pop("comment")), indent=2)
    rows = [[f"`{name}`", f"`{value}`"] for name, value in shown.items()]
    return table(["name", "example"], rows) + f"\n`comment` is JSON:\n\n```json\n{comment}\n```\n"
