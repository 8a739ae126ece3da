"""`livecam bench`: run as always, with a stopwatch at every stage, and tell what it read."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Container
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from livecam.assembly.open_pipeline import open_pipeline, with_sink
from livecam.cli.console import say
from livecam.cli.stop_signals import Stopped, StopSignals
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.timing import StageFigures, Stopwatch, figures_of, limit_of
from livecam.pipeline import loop
from livecam.settings.schema import Settings

FRAMES = 300
MOST_WARM_UP = 30
NOTHING_MEASURED = 2  # the exit code of settings that lead nowhere


@dataclass(frozen=True, slots=True)
class BenchReport:
    """What was measured; the first frames, the warm-up, count for nothing in it.

    Attributes:
        source: its title.
        model: network and engine.
        width, height: of a frame, in pixels.
        frames: how many count.
        stages: how long each took.
        limit: the stage that decides the rate.
        fps: frames per second of the whole.
        processor_ms: processor time a frame, of all threads.
        cores: how many cores were busy on average, of so many that there are.
        peak_memory_mb: of the whole program; None where the system does not tell.
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


class _Meter:
    """Notes the time when the warm-up is over; a protocols.Sink."""

    def __init__(self, warm_up: int) -> None:
        self.warm_up, self.frames = warm_up, 0
        self.size_px = (0, 0)
        self._wall_s = self._processor_s = 0.0

    def show(self, annotated: AnnotatedFrame) -> None:
        """One frame more."""
        self.frames += 1
        self.size_px = (annotated.picture.shape[1], annotated.picture.shape[0])
        if self.frames == self.warm_up:
            self._wall_s, self._processor_s = time.perf_counter(), time.process_time()

    def since_warm_up_s(self) -> tuple[float, float]:
        """Seconds of the clock and of the processor."""
        return time.perf_counter() - self._wall_s, time.process_time() - self._processor_s


def run_bench(
    source_text: str, settings: Settings, given: Container[str], *, as_json: bool, encode: bool
) -> int:
    """Measure and print; gives the exit code.

    Args:
        source_text: SOURCE as typed.
        settings: what the user asked for.
        given: names of the settings that did not stay at their defaults.
        as_json: one JSON object instead of a table.
        encode: whether to record as well.
    """
    with StopSignals() as signals, tempfile.TemporaryDirectory() as folder:
        chosen = bench_settings(settings, given, Path(folder), encode=encode)
        try:
            report = measured(source_text, chosen, signals)
        except Stopped:
            report = None
    if report is None:
        say("it ended before the warm-up was over, nothing was measured: give more --frames")
        return signals.exit_code or NOTHING_MEASURED
    if as_json:
        print(json.dumps(asdict(report)))
    else:
        print("\n".join(table(report)))
    return signals.exit_code or 0


def bench_settings(
    settings: Settings, given: Container[str], folder: Path, *, encode: bool
) -> Settings:
    """The settings with what a measurement needs: an end, no window, something to encode."""
    if "model" not in given and "weights" not in given and "alpha" not in given:
        settings = replace(settings, model=replace(settings.model, model="flowers"))
    if settings.window.window is None:
        settings = replace(settings, window=replace(settings.window, window=False))
    output, pace = settings.output, settings.pace
    if encode and output.record is None:
        suffix = ".mkv" if settings.recording.codec == "ffv1" else ".mp4"
        output = replace(output, record=folder / f"bench{suffix}")
    elif output.record is None and output.stats is None:
        output = replace(output, stats=str(folder / "bench.jsonl"))
    if pace.frames is None and pace.seconds is None:
        pace = replace(pace, frames=FRAMES)
    return replace(settings, output=output, pace=pace)


def measured(source_text: str, settings: Settings, signals: StopSignals) -> BenchReport | None:
    """Run once with a stopwatch; None where it ended within the warm-up."""
    stopwatch = Stopwatch(time.perf_counter)
    is_opening = True

    def tell(text: str) -> None:
        if is_opening:  # later news would be of a file that is removed
            say(text)

    with ExitStack() as stack:
        pipeline, view = open_pipeline(
            source_text,
            settings,
            stack,
            say=tell,
            stop_asked=signals.stop_asked,
            stopwatch=stopwatch,
        )
        is_opening = False
        frames = min(settings.pace.frames or FRAMES, pipeline.source.frame_count or FRAMES)
        meter = _Meter(max(1, min(MOST_WARM_UP, frames // 4)))
        stack.callback(signals.close_undisturbed)
        signals.stop_asked()  # from here on a signal asks, and the loop answers
        summary = loop.run(with_sink(pipeline, meter), view)
        title, model = pipeline.source.title, getattr(pipeline.model, "description", "")
    wall_s, processor_s = meter.since_warm_up_s()
    counted = meter.frames - meter.warm_up
    if counted < 1:
        return None
    if summary.lost is not None:
        say(str(summary.lost))
    stages = figures_of(stopwatch.seconds, warm_up=meter.warm_up)
    return BenchReport(
        source=title,
        model=model,
        width=meter.size_px[0],
        height=meter.size_px[1],
        frames=counted,
        stages=stages,
        limit=limit_of(stages, overlapped=pipeline.overlapped),
        fps=counted / wall_s,
        processor_ms=1000.0 * processor_s / counted,
        cores=processor_s / wall_s,
        cores_there=os.cpu_count() or 1,
        peak_memory_mb=peak_memory_mb(),
    )


def peak_memory_mb() -> float | None:
    """The most memory that this process has held, in millions of bytes."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1.0 if sys.platform == "darwin" else 1024.0) / 1e6


def table(report: BenchReport) -> list[str]:
    """The report for a user."""
    rows = [
        f"{report.source}, {report.width} x {report.height}, {report.frames} frames",
        report.model,
        "",
        f"{'stage':<12}{'median ms':>10}{'p95 ms':>10}",
    ]
    rows += [f"{s.stage:<12}{s.median_ms:>10.2f}{s.p95_ms:>10.2f}" for s in report.stages]
    figures: dict[str, Any] = {
        "frames a second": f"{report.fps:.1f}",
        "processor": f"{report.processor_ms:.1f} ms a frame "
        f"({report.cores:.1f} of {report.cores_there} cores)",
    }
    if report.peak_memory_mb is not None:
        figures["memory"] = f"{report.peak_memory_mb:.0f} MB at most"
    if report.limit:
        figures["the limit"] = report.limit
    return [*rows, "", *(f"{name:<18}{value}" for name, value in figures.items())]
