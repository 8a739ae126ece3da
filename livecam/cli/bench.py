"""`livecam bench`: runs like `livecam run`, with a stopwatch at every stage."""

import os
import tempfile
import time
from collections.abc import Container
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from livecam.assembly.open_pipeline import open_pipeline, with_sink
from livecam.cli.bench_report import BenchReport, peak_memory_mb, print_report
from livecam.cli.console import say
from livecam.cli.stop_signals import Stopped, StopSignals
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.timing import Stopwatch, figures_of, limit_of
from livecam.core.view import View
from livecam.pipeline import loop
from livecam.pipeline.pipeline import Pipeline
from livecam.settings.schema import Settings

FRAMES = 300
MOST_WARM_UP = 30
NOTHING_MEASURED = 2  # exit code: the settings leave no frame to measure


class _Meter:
    """Counts frames, and measures times from the end of the warm-up on; a protocols.Sink."""

    def __init__(self, warm_up: int) -> None:
        self.warm_up, self.frames = warm_up, 0
        self.size_px = (0, 0)
        self._wall_s = self._processor_s = 0.0

    def show(self, annotated: AnnotatedFrame) -> None:
        """Count one frame."""
        self.frames += 1
        self.size_px = (annotated.picture.shape[1], annotated.picture.shape[0])
        if self.frames == self.warm_up:
            self._wall_s, self._processor_s = time.perf_counter(), time.process_time()

    def since_warm_up_s(self) -> tuple[float, float]:
        """Seconds of the clock, and of the processor."""
        return time.perf_counter() - self._wall_s, time.process_time() - self._processor_s


def run_bench(
    source_text: str, settings: Settings, given: Container[str], *, as_json: bool, encode: bool
) -> int:
    """Measure and print; gives the exit code.

    Args:
        source_text: SOURCE as typed.
        settings: what the user asked for.
        given: names of the settings that are not at their defaults.
        as_json: one JSON object instead of a table.
        encode: whether to record as well.
    """
    with StopSignals() as signals, tempfile.TemporaryDirectory() as folder:
        chosen = bench_settings(settings, given, Path(folder), encode=encode)
        try:
            report = measure(source_text, chosen, signals)
        except Stopped:
            report = None
    if report is None:
        say("the run ended during the warm-up, nothing was measured: use more --frames")
        return signals.exit_code or NOTHING_MEASURED
    print_report(report, as_json=as_json)
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


def measure(source_text: str, settings: Settings, signals: StopSignals) -> BenchReport | None:
    """Run once with a stopwatch; None where the run ended during the warm-up."""
    stopwatch = Stopwatch(time.perf_counter)
    with ExitStack() as stack:
        pipeline, view = _open(source_text, settings, stack, signals, stopwatch)
        frames = min(settings.pace.frames or FRAMES, pipeline.source.frame_count or FRAMES)
        meter = _Meter(max(1, min(MOST_WARM_UP, frames // 4)))
        stack.callback(signals.begin_closing)
        signals.stop_asked()  # from here on the loop polls, and a signal only sets the flag
        summary = loop.run(with_sink(pipeline, meter), view)
    elapsed_s = meter.since_warm_up_s()  # closing included: it encodes the last frames
    if meter.frames <= meter.warm_up:
        return None
    if summary.lost is not None:
        say(str(summary.lost))
    return _report(pipeline, meter, stopwatch, elapsed_s)


def _open(
    source_text: str,
    settings: Settings,
    stack: ExitStack,
    signals: StopSignals,
    stopwatch: Stopwatch,
) -> tuple[Pipeline, View]:
    is_opening = True

    def say_while_opening(text: str) -> None:
        if is_opening:  # later messages would name a recording that is removed
            say(text)

    opened = open_pipeline(
        source_text,
        settings,
        stack,
        say=say_while_opening,
        stop_asked=signals.stop_asked,
        stopwatch=stopwatch,
    )
    is_opening = False
    return opened


def _report(
    pipeline: Pipeline, meter: _Meter, stopwatch: Stopwatch, elapsed_s: tuple[float, float]
) -> BenchReport:
    wall_s, processor_s = elapsed_s
    counted = meter.frames - meter.warm_up
    stages = figures_of(stopwatch.seconds, warm_up=meter.warm_up)
    width, height = meter.size_px
    return BenchReport(
        source=pipeline.source.title,
        model=getattr(pipeline.model, "description", ""),
        width=width,
        height=height,
        frames=counted,
        stages=stages,
        limit=limit_of(stages, overlapped=pipeline.overlapped),
        fps=counted / wall_s,
        processor_ms=1000.0 * processor_s / counted,
        cores=processor_s / wall_s,
        cores_there=os.cpu_count() or 1,
        peak_memory_mb=peak_memory_mb(),
    )
