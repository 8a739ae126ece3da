"""Memory over 20,000 frames, looked at from outside while the program runs."""

import subprocess
import sys

import psutil

from benchmarks.child import environment
from benchmarks.make import Scratch
from benchmarks.table import Row

FRAMES = 20_000
MOST_GROWTH = 0.05


def flat_rows(place: Scratch) -> list[Row]:
    """One long run of the built-in scene."""
    target = "at most 5 % more at the end than after a fifth"
    what = f"memory over {FRAMES} frames"
    command = [sys.executable, "-m", "livecam", "run", "daisy", "--model", "flowers"]
    command += ["--scene-size", "320x240", "--frames", str(FRAMES), "--no-window", "--stats", "-"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(place),
        cwd=place.folder,
    )  # fmt: skip
    assert process.stdout is not None
    program = psutil.Process(process.pid)
    memory_mb: list[float] = []
    for number, _ in enumerate(process.stdout, start=1):
        if number % (FRAMES // 100) == 0 and process.poll() is None:
            memory_mb.append(program.memory_info().rss / 1e6)
    if process.wait(60) != 0 or len(memory_mb) < 90:
        return [Row(what, target, "it ended early", passed=False)]
    early, late = (sum(part) / len(part) for part in (memory_mb[15:25], memory_mb[-12:-2]))
    told = f"{early:.0f} MB after a fifth, {late:.0f} MB at the end, {max(memory_mb):.0f} at most"
    return [Row(what, target, told, late <= early * (1 + MOST_GROWTH))]
