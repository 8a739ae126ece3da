"""What `livecam bench` measured, and how it is printed."""

import json
import sys
from dataclasses import asdict, dataclass
from typing import Any

from livecam.cli.console import print_line
from livecam.core.timing import StageFigures


@dataclass(frozen=True, slots=True)
class BenchReport:
    """One measurement; the frames of the warm-up are not counted.

    Attributes:
        source: its title.
        model: network and engine.
        width, height: of a frame, in pixels.
        frames: how many were counted.
        stages: how long each took.
        limit: the stage that limits the rate.
        fps: frames per second of the whole.
        processor_ms: processor time per frame, of all threads.
        cores: how many cores were busy on average.
        cores_there: how many cores there are.
        peak_memory_mb: of the whole program, in millions of bytes; None where unknown.
    """

    source: str
    model: str
    width: int
    height: int
    frames: int
    stages: list[StageFigures]
    limit: str
    fps: float
    processor_ms: float
    cores: float
    cores_there: int
    peak_memory_mb: float | None


def print_report(report: BenchReport, *, as_json: bool) -> None:
    """Print it on standard output, as a table or as one JSON object."""
    if as_json:
        print(json.dumps(asdict(report)))
        return
    for line in report_lines(report):
        print_line(line)


def report_lines(report: BenchReport) -> list[str]:
    """The report as a table of stages and a list of totals."""
    rows = [
        f"{report.source}, {report.width} x {report.height}, {report.frames} frames",
        report.model,
        "",
        f"{'stage':<12}{'median ms':>10}{'p95 ms':>10}",
    ]
    rows += [f"{s.stage:<12}{s.median_ms:>10.2f}{s.p95_ms:>10.2f}" for s in report.stages]
    totals: dict[str, Any] = {
        "frames a second": f"{report.fps:.1f}",
        "processor": f"{report.processor_ms:.1f} ms a frame "
        f"({report.cores:.1f} of {report.cores_there} cores)",
    }
    if report.peak_memory_mb is not None:
        totals["memory"] = f"{report.peak_memory_mb:.0f} MB at most"
    if report.limit:
        totals["the limit"] = report.limit
    return [*rows, "", *(f"{name:<18}{value}" for name, value in totals.items())]


def peak_memory_mb() -> float | None:
    """The most memory that this process has used so far, in millions of bytes; None on Windows."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1.0 if sys.platform == "darwin" else 1024.0) / 1e6
