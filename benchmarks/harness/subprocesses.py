"""Programs in processes of their own: their output, time, processor time and memory."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.inputs.scratch_folder import ROOT, ScratchFolder

TIMEOUT_S = 400.0


@dataclass(frozen=True, slots=True)
class Finished:
    """A program that ended with exit code 0."""

    stdout: str
    wall_s: float
    processor_s: float
    peak_mb: float


def environment(scratch: ScratchFolder, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """No settings and no display of this machine; compiled modules are kept, as when installed."""
    left_out = {"DISPLAY", "WAYLAND_DISPLAY", "PYTHONDONTWRITEBYTECODE"}
    inherited = {
        k: v for k, v in os.environ.items() if not k.startswith("LIVECAM_") and k not in left_out
    }
    return inherited | {
        "LIVECAM_CACHE": str(scratch.cache),
        "OPENBLAS_NUM_THREADS": "1",  # as the program itself sets it
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(scratch.folder / "pycache"),
        "XDG_CONFIG_HOME": str(scratch.folder / "none"),
        **(extra or {}),
    }


def json_of(
    arguments: Sequence[object], scratch: ScratchFolder, extra: Mapping[str, str] | None = None
) -> Any:
    """What Python prints as JSON with these arguments.

    Raises:
        RuntimeError: it failed or took too long.
    """
    return json.loads(run_python(arguments, scratch, extra).stdout)


def run_python(
    arguments: Sequence[object], scratch: ScratchFolder, extra: Mapping[str, str] | None = None
) -> Finished:
    """Run this Python with these arguments, `extra` being added to its environment.

    Raises:
        RuntimeError: it failed or took too long; with the last lines of its stderr.
    """
    command = [sys.executable, *map(str, arguments)]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        began_s = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=out, stderr=err, env=environment(scratch, extra), cwd=scratch.folder
        )
        timeout = threading.Timer(TIMEOUT_S, process.kill)
        timeout.start()
        code, processor_s, peak_mb = _wait_for(process)
        timeout.cancel()
        wall_s = time.perf_counter() - began_s
        out.seek(0)
        err.seek(0)
        if code != 0:
            reason = " / ".join(err.read().strip().splitlines()[-3:])
            raise RuntimeError(f"{' '.join(command[1:4])} ended with {code}: {reason[:300]}")
        return Finished(out.read(), wall_s, processor_s, peak_mb)


def _wait_for(process: "subprocess.Popen[bytes]") -> tuple[int, float, float]:
    if not hasattr(os, "wait4"):  # Windows: time alone
        return process.wait(), 0.0, 0.0
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1.0 if sys.platform == "darwin" else 1024.0
    return process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6
