"""Processor time of a program while it runs, its start left out."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.harness.subprocesses import environment
from benchmarks.inputs.scratch_folder import ScratchFolder

SETTLING_S, MEASURED_S = 6.0, 20.0
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def cores_used(
    command: Sequence[object], scratch: ScratchFolder, wait_until_begun: Callable[[], None]
) -> float:
    """Cores that a program keeps busy, of all its threads and children, on the average.

    It is measured a few seconds after `wait_until_begun` returns, and ended by SIGTERM.

    Raises:
        RuntimeError: it ended too early, or this system does not tell (Linux does).
    """
    if not Path("/proc/self/stat").exists():
        raise RuntimeError("the processor time of a running program is read from /proc")
    log = scratch.folder / "steady_use.log"
    with log.open("w") as out:
        program = subprocess.Popen(
            [*map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=environment(scratch),
            cwd=scratch.folder,
            start_new_session=True,
        )
        try:
            wait_until_begun()
            time.sleep(SETTLING_S)
            before_s, began_s = _processor_s(program.pid), time.perf_counter()
            time.sleep(MEASURED_S)
            used_s, lasted_s = _processor_s(program.pid) - before_s, time.perf_counter() - began_s
        finally:
            os.killpg(program.pid, signal.SIGTERM)
            code = program.wait(60)
    if code not in {0, 143, 255, -signal.SIGTERM}:  # 255 is FFmpeg's
        raise RuntimeError(f"{command[0]} ended with {code}: {log.read_text()[-300:]}")
    return used_s / lasted_s


def _processor_s(process: int) -> float:
    """Of a process and those of its children that have ended.

    Raises:
        RuntimeError: it has ended.
    """
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        raise RuntimeError("it ended before it was measured") from None
    fields = stat.rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS
