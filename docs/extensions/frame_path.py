"""The path of a frame through the program, from a real run (trace_frame.py)."""

import ast
import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from architecture import ROOT
from svg import ACCENTS, Box, arrow, picture, wrapped

# They see each frame pass, and do nothing to it.
ASIDE = {
    "core/timing",
    "core/playback_pacing",
    "core/text",
    "pipeline/run_limits",
    "pipeline/run_summary",
}
ASIDE |= {"core/stats_record", "core/playback_pacing", "core/text_panel"}
BOX_PX, LANE_PX, STEP_PX = 292.0, 310.0, 96.0
LANES = {"livecam-ahead": "thread that runs ahead", "MainThread": "main thread"}


def _steps() -> list[dict[str, str]]:
    """One function a module, in the order that a frame passes them."""
    script = Path(__file__).with_name("trace_frame.py")
    run = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=True, cwd=script.parent
    )
    chosen: dict[str, dict[str, str]] = {}
    for step in json.loads(run.stdout):
        name = step["function"].split(".")[-1]
        is_public = name == "__iter__" or not name.startswith("_")
        if step["module"].startswith("sources/"):
            is_public = name == "__iter__"  # how a source makes its frames is its own affair
        if is_public and step["module"] not in ASIDE and not step["module"].startswith("cli/"):
            chosen.setdefault(step["module"], step)
    return list(chosen.values())


def _purpose(module: str) -> str:
    text = (ROOT / f"{module}.py").read_text("utf-8")
    return (ast.get_docstring(ast.parse(text)) or "").splitlines()[0].replace("`", "")


def path() -> str:
    """The picture: a column for each thread, time runs downwards."""
    steps = _steps()
    threads = list(dict.fromkeys(step["thread"] for step in steps))
    width = LANE_PX * len(threads)
    parts, boxes = [], []
    for lane, thread in enumerate(threads):
        name = LANES.get(thread, f"{thread.removeprefix('livecam-')} thread")
        middle = lane * LANE_PX + LANE_PX / 2
        parts.append(f'<text class="lane" x="{middle}" y="20">{name}</text>')
    latest = 36.0
    for step in steps:
        lane, (folder, _, _) = threads.index(step["thread"]), step["module"].partition("/")
        called = ".".join(p for p in step["function"].split(".") if not p.startswith("_"))
        words = f"{called}()" if not step["function"].endswith("__iter__") else f"each of {called}"
        lines = [words, *wrapped(_purpose(step["module"]), BOX_PX, 2)]
        x = lane * LANE_PX + (LANE_PX - BOX_PX) / 2
        accent = ACCENTS.get(folder, "#777777")
        boxes.append(Box(x, latest, BOX_PX, 76.0, step["module"] + ".py", lines, accent))
        latest += STEP_PX
    for one, other in pairwise(boxes):
        middle, below = one.x + one.width / 2, other.x + other.width / 2
        parts.append(arrow([(middle, one.y + one.height), (below, other.y)]))
    label = "The modules that a frame passes, by thread, in order"
    return picture([*parts, *(box.drawn() for box in boxes)], width, latest, label)
