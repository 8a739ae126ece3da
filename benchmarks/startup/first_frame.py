"""How soon the first frame is there, on the screen or as data, and how much memory it takes."""

import json
import subprocess
import sys
from statistics import median

from benchmarks.child import environment, python
from benchmarks.live import on_a_screen
from benchmarks.make import Scratch
from benchmarks.table import Row

TURNS = 4


def start_rows(place: Scratch) -> list[Row]:
    """`livecam run CLIP --frames 1` against `import tensorflow`, taking turns."""
    run = ["-m", "livecam", "run", place.clip, "--weights", place.weights]
    run += ["--frames", 1, "--no-window", "--stats", "-"]
    own, theirs = [], []
    for turn in range(TURNS + 1):
        found = python(run, place), python(["-c", "import tensorflow"], place)
        if turn:  # the first fills the caches
            own.append(found[0])
            theirs.append(found[1])
    own_s, theirs_s = (median(f.wall_s for f in found) for found in (own, theirs))
    peak_mb = max(f.peak_mb for f in own)
    times = theirs_s / own_s
    return [
        Row("`livecam run CLIP --frames 1 --no-window --stats -`", "", f"{own_s:.2f} s"),
        Row('`python -c "import tensorflow"`', "", f"{theirs_s:.2f} s"),
        Row(
            "`import tensorflow` over `livecam run CLIP --frames 1`",
            "at least 3 x",
            f"{times:.1f} x",
            times >= 3.0,
        ),
        Row(
            "peak memory of that `livecam run`",
            "at most 300 MB",
            f"{peak_mb:.0f} MB",
            peak_mb <= 300,
        )
        if peak_mb
        else Row("peak memory of that `livecam run`", "at most 300 MB", "not told by this system"),
        window_row(place),
    ]


def window_row(place: Scratch) -> Row:
    """How soon the window shows the source: the clip, played in real time as a camera would be."""
    what, target = "first window after `livecam CLIP` is typed", "picture in less than 1 s"
    command = [sys.executable, "-m", "benchmarks.first_window", str(place.clip)]
    command += ["--weights", str(place.weights), "--window"]
    try:
        found = [json.loads(on_a_screen(command, environment(place))) for _ in range(TURNS)]
    except subprocess.CalledProcessError as error:
        return Row(what, target, f"not measured: {error.stderr.strip().splitlines()[-1]}")
    window_s, picture_s = (median(f[name] for f in found[1:]) for name in ("window", "picture"))
    told = f"window after {window_s:.2f} s, picture of the source after {picture_s:.2f} s"
    return Row(what, target, told, picture_s < 1.0)
