"""Memory over 20,000 frames, read from outside while the program runs."""

import subprocess
import sys

import psutil

from benchmarks.harness.subprocesses import environment
from benchmarks.inputs.scratch_folder import ScratchFolder
from benchmarks.report.tables import Row

FRAMES = 20_000
MOST_GROWTH = 0.05
WHAT = f"memory over {FRAMES} frames"


def rows(scratch: ScratchFolder) -> list[Row]:
    """One long run of the synthetic scene."""
    target = "at most 5 % more at the end than after a fifth"
    code, memory_mb = memory_of_run(scratch)
    if code != 0 or len(memory_mb) < 90:
        return [Row(WHAT, target, "it ended early", passed=False)]
    early, late = (sum(part) / len(part) for part in (memory_mb[15:25], memory_mb[-12:-2]))
    measured = (
        f"{early:.0f} MB after a fifth, {late:.0f} MB at the end, {max(memory_mb):.0f} at most"
    )
    return [Row(WHAT, target, measured, late <= early * (1 + MOST_GROWTH))]


def memory_of_run(scratch: ScratchFolder) -> tuple[int, list[float]]:
    """The exit code, and the resident memory after each hundredth of the frames."""
    command = [sys.executable, "-m", "livecam", "run", "daisy", "--model", "flowers"]
    command += ["--scene-size", "320x240", "--frames", str(FRAMES), "--no-window", "--stats", "-"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(scratch),
        cwd=scratch.folder,
    )  # fmt: skip
    assert process.stdout is not None
    program = psutil.Process(process.pid)
    memory_mb: list[float] = []
    for number, _ in enumerate(process.stdout, start=1):
        if number % (FRAMES // 100) == 0 and process.poll() is None:
            memory_mb.append(program.memory_info().rss / 1e6)
    return process.wait(60), memory_mb
