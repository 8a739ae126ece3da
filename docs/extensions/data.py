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
    "peak": (Stats, "peak"),
    "logit": (Stats, "logit"),
    "probability": (Stats, "probability"),
    "fps": (Stats, "fps"),
    "latency_ms": (Stats, "latency_ms"),
    "seen": (Stats, "seen"),
    "age_ms": (Stats, "age_ms"),
    "model_ms": (Stats, "model_ms"),
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
    "class": "The class whose map is shown and measured",
    "max": "Largest value of the map",
    "mean": "Mean of the map",
    "source_fps": "Frames per second that the source gave over the last ones",
    "top": "With `--top`: the five most probable classes as pairs of name and probability",
    "grid": "With `--grid`: the map, 7 rows of 7 activations, the top row first",
}


@cache
def _run() -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """A record with `--timings` and one without, and a recording's metadata; of the daisy scene."""
    command = [sys.executable, "-m", "livecam", "daisy", "--model", "flowers", "--no-window"]
    command += ["--frames", "2", "--grid", "--top", "--stats"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for more in (["plain.jsonl", "--record", "daisy.mp4"], ["timed.jsonl", "--timings"]):
            subprocess.run([*command, *more], capture_output=True, check=True, cwd=folder)
        plain, timed = (
            json.loads((folder / f"{name}.jsonl").read_text("utf-8").splitlines()[-1])
            for name in ("plain", "timed")
        )
        with av.open(str(folder / "daisy.mp4")) as container:
            return plain, timed, dict(container.metadata)


def stats_columns() -> str:
    """The columns of `--stats`."""
    return _columns(list(_run()[0]))


def timings_columns() -> str:
    """The columns that `--timings` adds."""
    plain, timed, _ = _run()
    return _columns([name for name in timed if name not in plain])


def _columns(names: list[str]) -> str:
    return table(["name", "meaning"], [[f"`{name}`", sentence(_meaning(name))] for name in names])


def _meaning(name: str) -> str:
    """What a column means; a KeyError for one that is new and not described yet."""
    if name in _WORDS:
        return _WORDS[name]
    cls, attribute = _SAID_BY[name]
    words = attributes_of(cls)[attribute].removesuffix(".").replace("None", "`null`")
    if name == "seen":
        return f"with `--top`: {words}"
    if name.endswith("_fps"):
        return f"frames per second that {words} could do"
    return f"frames dropped so far: {words}" if name.startswith("dropped_") else words


def stats_example() -> str:
    """A record as the program wrote it."""
    record = dict(_run()[0])
    rows = ",\n".join(f"    {json.dumps(row)}" for row in record.pop("grid"))
    top = ",\n".join(f"    {json.dumps(pair)}" for pair in record.pop("top"))
    lines = [f'  "{name}": {json.dumps(value)}' for name, value in record.items()]
    lines += [f'  "top": [\n{top}\n  ]', f'  "grid": [\n{rows}\n  ]']
    return "```json\n{\n" + ",\n".join(lines) + "\n}\n```\n"


def recording_metadata() -> str:
    """The metadata of a recording as the program wrote them."""
    metadata = _run()[2]
    names = ("title", "creation_time", "comment")
    shown = {name: metadata[name] for name in names if name in metadata}
    comment = json.dumps(json.loads(shown.pop("comment")), indent=2)
    rows = [[f"`{name}`", f"`{value}`"] for name, value in shown.items()]
    return table(["name", "example"], rows) + f"\n`comment` is JSON:\n\n```json\n{comment}\n```\n"
