"""livecam's `measure` against other runtimes: each in a process of its own, taking turns.

The time of a runtime is the median over its turns of the fastest call of each: what else goes on in
the machine lengthens calls and never shortens them.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from statistics import median

from benchmarks.engines.runtimes import RUNTIMES
from benchmarks.harness.subprocesses import environment
from benchmarks.inputs.scratch_folder import ROOT, ScratchFolder
from benchmarks.report.tables import Row

TURNS = 9
WARM_UP, CALLS = 5, 25
SLOW_CALLS = 8  # of those that take tens of milliseconds


@dataclass(frozen=True, slots=True)
class Ratio:
    """A target: the time of one runtime over that of another."""

    what: str
    over: str
    under: str
    at_most: float | None = None
    at_least: float | None = None

    def row(self, times_ms: dict[str, float]) -> Row:
        """Judged; not where one of the two is missing."""
        limit = f"at most {self.at_most:.2f} x" if self.at_most else f"at least {self.at_least} x"
        for name in (self.over, self.under):
            if name not in times_ms:
                return Row(self.what, limit, f"not judged: {name} is missing")
        ratio = times_ms[self.over] / times_ms[self.under]
        passed = ratio <= self.at_most if self.at_most else ratio >= (self.at_least or 0.0)
        return Row(self.what, limit, f"{ratio:.2f} x", passed)


RATIOS = (
    Ratio("`measure` over LiteRT's bare `invoke`", "livecam float32", "LiteRT invoke float32",
          at_most=1.10),
    Ratio("Keras `predict` over `measure`", "Keras predict", "livecam float32", at_least=12),
    Ratio("ONNX Runtime over `measure`", "ONNX Runtime", "livecam float32", at_least=1),
    Ratio("OpenVINO float32 over `measure`", "OpenVINO float32", "livecam float32", at_least=1),
    Ratio("float32 over int8", "livecam float32", "livecam int8", at_least=2.3),
    Ratio("OpenVINO bfloat16 over int8", "OpenVINO bfloat16", "livecam int8", at_least=1),
)  # fmt: skip


def rows(scratch: ScratchFolder) -> list[Row]:
    """The time of one inference in each runtime, and the ratios with their targets."""
    found = measure_runtimes(scratch)
    times_ms = {name: value for name, value in found.items() if isinstance(value, float)}
    texts = {name: f"{ms:.2f} ms" for name, ms in times_ms.items()}
    return [
        *(
            Row(f"one inference: {name}", "", texts.get(name, f"missing: {value}"))
            for name, value in found.items()
        ),
        *(ratio.row(times_ms) for ratio in RATIOS),
    ]


def measure_runtimes(scratch: ScratchFolder) -> dict[str, "float | str"]:
    """Milliseconds of one inference in each runtime, or why it is missing."""
    workers = []
    for name in RUNTIMES:  # one after the other: loading together would fill every core
        workers.append(RuntimeWorker(name, scratch))
        workers[-1].wait_until_loaded()
    for turn in range(TURNS + 1):
        for worker in workers:
            if not worker.missing:
                slow = "Keras" in worker.name or "js" in worker.name
                calls = WARM_UP if turn == 0 else SLOW_CALLS if slow else CALLS
                worker.take_turn(calls, counts=turn > 0)
    for worker in workers:
        worker.close()
    return {w.name: w.missing or 1000.0 * median(w.fastest_s) for w in workers}


class RuntimeWorker:
    """A process with one runtime (runtimes.py) that waits for its turn."""

    def __init__(self, name: str, scratch: ScratchFolder) -> None:
        self.name, self.fastest_s = name, list[float]()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.engines.runtimes", name, str(scratch.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment(scratch),
            cwd=ROOT,
        )
        self.missing = ""

    def wait_until_loaded(self) -> None:
        """Wait until the network is loaded; sets `missing` to the reason where it cannot be."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        self.missing = (json.loads(line) if line else {"missing": "it crashed"}).get("missing", "")

    def take_turn(self, calls: int, *, counts: bool) -> None:
        """Run so many times."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{calls}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            self.missing = "it crashed while it was measured"
        elif counts:
            self.fastest_s.append(min(json.loads(line)))

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)
