"""Moments in 100 million rows: seconds, memory, and against the usual query in DuckDB alone."""

import json
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.harness.subprocesses import run_python
from benchmarks.inputs.made_archive import make_archive
from benchmarks.inputs.scratch_folder import ScratchFolder
from benchmarks.report.tables import Row

ROWS = 100_000_000
TURNS = 3
WAYS = ("livecam", "window")


def rows(scratch: ScratchFolder) -> list[Row]:
    """Both ways in turns; needs 0.5 GB on the disk, and half a minute to make them."""
    with tempfile.TemporaryDirectory(dir=scratch.folder, prefix="archive") as name:
        folder = Path(name) / "archive"
        made = make_archive(folder, ROWS)
        worker = ["-m", "benchmarks.archive.find_worker"]
        ran = {
            way: [run_python([*worker, way, folder], scratch) for _ in range(TURNS)] for way in WAYS
        }
        whole = ["-m", "livecam", "find", folder, "daisy > 0.8 for 2s", "--csv"]
        command = [run_python(whole, scratch) for _ in range(TURNS)]
    figures = {way: [json.loads(one.stdout) for one in ran[way]] for way in WAYS}
    found = {one["found"] for way in WAYS for one in figures[way]}
    if found != {made}:
        raise RuntimeError(f"{made} moments were made, {found} were found")
    seconds = {way: median(one["seconds"] for one in figures[way]) for way in WAYS}
    processor_s = median(one["processor_s"] for one in figures["livecam"])
    peak_mb = max(one.peak_mb for one in [*ran["livecam"], *command])
    command_s = median(one.wall_s for one in command)
    return [
        Row(f"find {made} moments in 100 million rows", "under 2 s",
            f"{seconds['livecam']:.1f} s ({processor_s:.1f} s of processor)",
            seconds["livecam"] < 2),
        Row("peak memory of that", "under 1 GB", f"{peak_mb:.0f} MB", peak_mb < 1000),
        Row("the same by DuckDB alone, frame number less row number", "",
            f"{seconds['window']:.1f} s"),
        Row(f"`livecam find` of that, {made} rows as CSV", "", f"{command_s:.1f} s"),
    ]  # fmt: skip
