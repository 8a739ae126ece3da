"""Programs run one after the other, with the time, processor time and memory they took."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.make import Scratch

ROOT = Path(__file__).resolve().parents[1]
LONGEST_S = 400.0


@dataclass(frozen=True, slots=True)
class Finished:
    """A program that ended well."""

    stdout: str
    wall_s: float
    processor_s: float
    peak_mb: float


def environment(place: Scratch, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """No settings and no display of this machine; compiled modules are kept, as when installed."""
    left_out = {"DISPLAY", "WAYLAND_DISPLAY", "PYTHONDONTWRITEBYTECODE"}
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith("LIVECAM_") and k not in left_out
    }
    return kept | {
        "LIVECAM_CACHE": str(place.cache),
        "OPENBLAS_NUM_THREADS": "1",  # as the program itself sets it
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(place.folder / "pycache"),
        "XDG_CONFIG_HOME": str(place.folder / "none"),
        **(more or {}),
    }


def python(
    arguments: Sequence[object], place: Scratch, more: Mapping[str, str] | None = None
) -> Finished:
    """Run this Python with these arguments.

    Raises:
        RuntimeError: it ended badly, or not at all; the last lines that it said.
    """
    command = [sys.executable, *map(str, arguments)]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        began_s = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=out, stderr=err, env=environment(place, more), cwd=place.folder
        )
        too_long = threading.Timer(LONGEST_S, process.kill)
        too_long.start()
        code, processor_s, peak_mb = _waited(process)
        too_long.cancel()
        wall_s = time.perf_counter() - began_s
        out.seek(0)
        err.seek(0)
        if code != 0:
            said = " / ".join(err.read().strip().splitlines()[-3:])
            raise RuntimeError(f"{' '.join(command[1:4])} ended with {code}: {said[:300]}")
        return Finished(out.read(), wall_s, processor_s, peak_mb)


def _waited(process: "subprocess.Popen[bytes]") -> tuple[int, float, float]:
    if not hasattr(os, "wait4"):  # Windows: time alone
        return process.wait(), 0.0, 0.0
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1.0 if sys.platform == "darwin" else 1024.0
    return process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6
