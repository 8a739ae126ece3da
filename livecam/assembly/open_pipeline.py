"""Opens source, window, model, outputs and web page in order, and joins them to the pipeline."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from livecam.assembly.first_view import class_cycle, first_view
from livecam.assembly.model_from_settings import choose_model, load_model
from livecam.assembly.open_model import OpenedModel
from livecam.assembly.open_outputs import (
    check_outputs,
    create_recorder,
    create_snapshot_writer,
    create_stats_sinks,
)
from livecam.assembly.open_source_and_window import open_source_and_window
from livecam.assembly.open_web_page import create_web_page, open_listener
from livecam.assembly.preflight import check_files_differ, should_open_window
from livecam.assembly.run_context import RunContext, Say
from livecam.core.annotated_frame import RecorderState
from livecam.core.bottleneck import BottleneckMonitor
from livecam.core.protocols import Screen, Sink, Source, Turnable
from livecam.core.timing import Pacer, Stopwatch
from livecam.core.view import View
from livecam.models.catalogue import ModelSpec
from livecam.pipeline.pipeline import Pipeline
from livecam.pipeline.run_limits import RunLimits
from livecam.settings.schema import Settings
from livecam.sources.open_source import create_source


def open_pipeline(
    source_text: str,
    settings: Settings,
    stack: ExitStack,
    *,
    say: Say = lambda _: None,
    stop_asked: Callable[[], bool] = lambda: False,
    stopwatch: Stopwatch = Stopwatch(),  # noqa: B008  (measures nothing, keeps nothing)
) -> tuple[Pipeline, View]:
    """Open everything that a run needs; cheap mistakes are found before slow work.

    Args:
        source_text: SOURCE as typed.
        settings: everything else.
        stack: closes all of it again, also when a later step fails here.
        say: receives messages: what was opened, what was saved, and what is missing.
        stop_asked: whether a signal asked to stop.
        stopwatch: measures how long each stage takes.

    Returns:
        The pipeline, and the view that it begins with.

    Raises:
        LivecamError: one of them cannot be opened; the leaf class says which.
    """
    choice = choose_model(settings.model)
    check_files_differ(source_text, settings)
    check_outputs(settings)
    file_sinks = create_stats_sinks(settings)
    windowed = should_open_window(settings, say)
    listener = stack.enter_context(open_listener(settings.serve)) if settings.serve.serve else None
    source = create_source(source_text, settings.scene, settings.camera)
    view = first_view(settings, choice.classes, choice.classes)
    screens, startup = open_source_and_window(source, view, stack, windowed=windowed, say=say)
    model = load_model(choice, source, startup, say)
    context = RunContext.begin(source_text, settings, say, stop_asked, stopwatch)
    sinks = [stack.enter_context(sink) for sink in file_sinks]
    recorder: Any = None
    if screens or listener or settings.output.record is not None:  # else nobody can start it
        recorder = stack.enter_context(create_recorder(source, model, context))
        sinks.append(recorder)
    if listener is not None:
        page = create_web_page(listener, source, model, recorder, context)
        screens.append(stack.enter_context(page))
    pipeline = _pipeline(source, model, sinks, screens, recorder=recorder, context=context)
    cycle = class_cycle(choice.classes, model.class_choices)
    return pipeline, replace(startup.view, class_cycle=cycle)


def _pipeline(
    source: Source,
    model: OpenedModel,
    sinks: Sequence[Sink],
    screens: Sequence[Screen],
    *,
    recorder: Any,
    context: RunContext,
) -> Pipeline:
    """The parts joined, with what the settings say about pace, limits and pauses."""
    settings = context.settings
    return Pipeline(
        source=source,
        model=model,
        sinks=sinks,
        snapshot_writer=create_snapshot_writer(context),
        screens=screens,
        pacer=_pacer(source, screens, settings),
        limits=RunLimits(settings.pace.frames, settings.pace.seconds),
        notifications=context.notifications,
        recorder_state=recorder.state if recorder else RecorderState,
        pauses_are_cut=settings.recording.pause == "cut" and source.is_live,
        losses_are_cut=settings.camera.lost == "gap",
        bottleneck=_bottleneck(source, model.spec, context),
        recorder=recorder,
        stop_asked=context.stop_asked,
        every=settings.pace.every,
        overlapped=_is_overlapped(source, is_shown=bool(screens)),
        stopwatch=context.stopwatch,
    )


def _is_overlapped(source: Source, *, is_shown: bool) -> bool:
    """Whether frames are read and go through the network ahead of their drawing.

    Not those of a camera: they would be older by the time they are shown. Not those of a scene
    that the user turns: it would lag behind the hand.
    """
    return not source.is_live and not (is_shown and isinstance(source, Turnable))


def _pacer(source: Source, screens: Sequence[Screen], settings: Settings) -> Pacer:
    # A camera sets its own pace; without a screen a clip goes as fast as it can.
    is_real_time = bool(screens) and not source.is_live
    return Pacer(real_time=is_real_time, rate_limit=settings.pace.rate_limit)


def _bottleneck(source: Source, spec: ModelSpec, context: RunContext) -> BottleneckMonitor:
    settings = context.settings
    rates = [settings.camera.rate or source.rate, settings.pace.rate_limit]
    smaller = {1.0: "0.75", 0.75: "0.5", 0.5: "0.25"}.get(settings.model.alpha or 1.0)
    return BottleneckMonitor(
        min((rate for rate in rates if rate is not None), default=None),
        source_is_camera="://" not in context.source_text,
        smaller_model=f"try --alpha {smaller}" if smaller and not spec.bundle else "",
    )


def with_sink(pipeline: Pipeline, sink: Sink) -> Pipeline:
    """The pipeline with one sink more, at the end."""
    return replace(pipeline, sinks=[*pipeline.sinks, sink])
