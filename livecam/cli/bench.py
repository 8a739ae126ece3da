"""`livecam bench`: runs like `livecam run`, with a stopwatch at every stage."""

import math
import os
import tempfile
import time
from collections.abc import Container
from contextlib import ExitStack
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from livecam.assembly.open_pipeline import open_pipeline, with_sink
from livecam.cli.bench_report import BenchReport, peak_memory_mb, print_report
from livecam.cli.console import say
from livecam.cli.stop_signals import Stopped, StopSignals
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.timing import Stopwatch, figures_of, limit_of
from livecam.core.types import Frame
from livecam.core.view import View
from livecam.pipeline import loop
from livecam.pipeline.pipeline import Pipeline
from livecam.settings.schema import PaceSettings, Settings

FRAMES = 300
MOST_WARM_UP = 30
CLIP_NAME = "daisy.mp4"
RENDERED_FRAMES = 45  # shown forwards and backwards, again and again
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
        self.size_px = (annotated.painted.shape[1], annotated.painted.shape[0])
        if self.frames == self.warm_up:
            self._wall_s, self._processor_s = time.perf_counter(), time.process_time()

    def since_warm_up_s(self) -> tuple[float, float]:
        """Seconds of the clock, and of the processor."""
        return time.perf_counter() - self._wall_s, time.process_time() - self._processor_s


def run_bench(
    source_text: str | None,
    settings: Settings,
    given: Container[str],
    *,
    as_json: bool,
    encode: bool,
) -> int:
    """Measure and print; gives the exit code.

    Args:
        source_text: SOURCE as typed; None for a clip that is made first.
        settings: what the user asked for.
        given: names of the settings that are not at their defaults.
        as_json: one JSON object instead of a table.
        encode: whether to record as well.
    """
    with StopSignals() as signals, tempfile.TemporaryDirectory() as folder:
        chosen = bench_settings(settings, given, Path(folder), encode=encode)
        try:
            report = measure(source_text or make_clip(Path(folder), chosen), chosen, signals)
        except Stopped:
            report = None
    if report is None:
        longer = "--seconds" if settings.pace.seconds is not None else "--frames"
        say(f"the run ended during the warm-up, nothing was measured: use more {longer}")
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


def make_clip(folder: Path, settings: Settings) -> str:
    """A clip of the daisy scene; its path. To render the scene itself costs more than all else."""
    from livecam.sinks.plain_clip import write_plain_clip
    from livecam.sources.open_source import create_source

    say("measuring a clip of the daisy scene; name a SOURCE to measure your own")
    path, frames = folder / CLIP_NAME, _frames_within(settings.pace, settings.scene.scene_rate)
    with create_source("daisy", settings.scene) as scene:
        rendered = (item.bgr for item in scene if isinstance(item, Frame))
        there = list(islice(rendered, min(frames, RENDERED_FRAMES)))
        there_and_back = cycle([*there, *reversed(there)])
        pictures = islice(there_and_back, frames)
        write_plain_clip(path, pictures, settings.scene.size_px, round(settings.scene.scene_rate))
    return str(path)


def measure(source_text: str, settings: Settings, signals: StopSignals) -> BenchReport | None:
    """Run once with a stopwatch; None where the run ended during the warm-up."""
    stopwatch = Stopwatch(time.perf_counter)
    with ExitStack() as stack:
        pipeline, view = _open(source_text, settings, stack, signals, stopwatch)
        source = pipeline.source
        frames = _frames_within(settings.pace, source.rate, source.frame_count)
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


def _frames_within(limits: PaceSettings, rate: float | None, most: int | None = None) -> int:
    """How many frames the run will have, as far as that is known.

    Args:
        limits: in frames and seconds.
        rate: of the source; None where nobody knows.
        most: how many frames the source has; None where nobody knows.
    """
    known = [limits.frames, most]
    if limits.seconds is not None and rate is not None:
        known.append(math.ceil(limits.seconds * rate))
    return max(1, min((count for count in known if count is not None), default=FRAMES))


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
