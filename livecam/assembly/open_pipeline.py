"""Opens source, window, model, outputs and web page in order, and joins them to the pipeline."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from livecam.assembly.first_view import class_cycle, first_view
from livecam.assembly.flags_without_effect import report_detail_flag
from livecam.assembly.map_scale import scale_measurement, with_scale_of
from livecam.assembly.model_from_settings import choose_model, load_model
from livecam.assembly.open_microphone import check_microphone, microphone_of
from livecam.assembly.open_model import OpenedModel
from livecam.assembly.open_outputs import (
    check_disk_space,
    check_outputs,
    create_picture_sinks,
    create_recorder,
    create_snapshot_writer,
    create_stats_sinks,
    lock_outputs,
)
from livecam.assembly.open_source_and_window import open_source_and_window
from livecam.assembly.open_web_page import begin_run, web_page_of
from livecam.assembly.preflight import (
    check_current_folder,
    check_files_differ,
    check_source_is_kept,
    should_open_window,
)
from livecam.assembly.run_context import RunContext, Say
from livecam.core.annotated_frame import RecorderState
from livecam.core.bottleneck import BottleneckMonitor
from livecam.core.playback_pacing import Pacer
from livecam.core.protocols import BackgroundSink, Screen, Sink, Source, Turnable
from livecam.core.timing import Stopwatch
from livecam.core.view import View
from livecam.models.model_spec import ModelSpec
from livecam.pipeline.optional_sink import optional_sinks
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
    show_link: Say = lambda _: None,
    stop_asked: Callable[[], bool] = lambda: False,
    stopwatch: Stopwatch = Stopwatch(),  # noqa: B008  (measures nothing, keeps nothing)
) -> tuple[Pipeline, View]:
    """Open everything that a run needs; cheap mistakes are found before slow work.

    Args:
        source_text: SOURCE as typed.
        settings: everything else.
        stack: closes all of it again, also when a later step fails here.
        say: receives messages: what was opened, what was saved, and what is missing.
        show_link: shows a link on the terminal as a code for telephones.
        stop_asked: whether a signal asked to stop.
        stopwatch: measures how long each stage takes.

    Returns:
        The pipeline, and the view that it begins with.

    Raises:
        LivecamError: one of them cannot be opened; the leaf class says which.
    """
    choice = choose_model(settings.model)
    settings = replace(settings, model=choice.settings)
    source, stats_sinks = _checked(source_text, settings)
    lock_outputs(settings, stack, say)
    windowed = should_open_window(settings, say)
    check_microphone(source, settings)
    check_disk_space(settings, is_watched=windowed or settings.serve.serve)
    context = RunContext.begin(
        source_text,
        settings,
        say=say,
        show_link=show_link,
        stop_asked=stop_asked,
        stopwatch=stopwatch,
    )
    page = stack.enter_context(web_page_of(source, context))
    view = first_view(settings, choice.classes, choice.classes, follows=choice.follows)
    screens, opening = open_source_and_window(
        source, view, stack, windowed=windowed, say=say, page=page
    )
    model = load_model(choice, source, opening, say)
    report_detail_flag(model.spec.title, model.input_size, settings, say)
    is_watched = windowed or page is not None
    outputs = _enter_outputs(stats_sinks, source, model, context, stack, is_watched=is_watched)
    if page is not None:
        screens.append(_begun(page, source, model, outputs, stack))
    pipeline = _pipeline(source, model, outputs, screens, context, is_windowed=windowed)
    cycle = class_cycle(choice.classes, model.class_choices)
    return pipeline, with_scale_of(model, settings, replace(opening.view, class_cycle=cycle))


@dataclass(frozen=True, slots=True, eq=False)
class _Outputs:
    """What takes the annotated frames.

    Attributes:
        sinks: all that get every frame.
        recorder: the one of them that records; None without one.
        snapshot_writer: saves pictures when a key asks.
    """

    sinks: Sequence[Sink]
    recorder: Any
    snapshot_writer: Sink


def _enter_outputs(
    stats_sinks: Sequence[BackgroundSink],
    source: Source,
    model: OpenedModel,
    context: RunContext,
    stack: ExitStack,
    *,
    is_watched: bool,
) -> _Outputs:
    """The open outputs; the recorder is closed first, whatever the others wait for."""
    can_record = is_watched or context.settings.output.record is not None
    sinks = _enter_file_sinks(stats_sinks, source, context, stack, is_only_job=not can_record)
    snapshot_writer = stack.enter_context(create_snapshot_writer(context))
    recorder: Any = None
    if can_record:
        microphone = stack.enter_context(microphone_of(source, context))
        recorder = create_recorder(source, model, context, microphone, is_watched=is_watched)
        sinks.append(stack.enter_context(recorder))
    if context.settings.heat.act_max is None and model.map_scale.act_max is None:
        sinks.append(scale_measurement(model, context, stack))
    return _Outputs(sinks, recorder, snapshot_writer)


def _enter_file_sinks(
    stats_sinks: Sequence[BackgroundSink],
    source: Source,
    context: RunContext,
    stack: ExitStack,
    *,
    is_only_job: bool,
) -> list[Sink]:
    """The open sinks of figures and pictures; one fails the run where it is its only job."""
    sinks: list[tuple[Any, str]]
    # Pictures first: where one is refused, there is no record of it yet.
    sinks = [(sink, "pictures") for sink in create_picture_sinks(source, context)]
    sinks += [(sink, "figures") for sink in stats_sinks]
    optional = optional_sinks(sinks, context.screen_messages.post, has_other_job=not is_only_job)
    return [stack.enter_context(sink) for sink in optional]


def _checked(source_text: str, settings: Settings) -> tuple[Source, Sequence[BackgroundSink]]:
    """What is to be shown and what writes the figures, not open yet; all names fit together."""
    check_current_folder(settings)
    check_files_differ(source_text, settings)
    check_outputs(settings)
    stats_sinks = create_stats_sinks(settings, source_text)
    source = create_source(
        source_text,
        settings.scene,
        settings.camera,
        settings.input_limits.limits,
        waits_for_camera=settings.waits_for_camera,
    )
    check_source_is_kept(source, settings)
    return source, stats_sinks


def _begun(
    page: Any, source: Source, model: OpenedModel, outputs: _Outputs, stack: ExitStack
) -> Screen:
    """The page, which shows the run from now on; it is closed before the recorder."""
    begin_run(page, source, model, outputs.recorder)
    stack.callback(page.close)
    screen: Screen = page
    return screen


def _pipeline(
    source: Source,
    model: OpenedModel,
    outputs: _Outputs,
    screens: Sequence[Screen],
    context: RunContext,
    *,
    is_windowed: bool,
) -> Pipeline:
    """The parts joined, with what the settings say about pace, limits and pauses."""
    settings, recorder = context.settings, outputs.recorder
    return Pipeline(
        source=source,
        model=model,
        sinks=outputs.sinks,
        snapshot_writer=outputs.snapshot_writer,
        screens=screens,
        pacer=_pacer(source, screens, settings),
        limits=RunLimits(settings.pace.frames, settings.pace.seconds),
        screen_messages=context.screen_messages,
        recorder_state=recorder.state if recorder else RecorderState,
        pauses_are_cut=settings.recording.pause == "cut" and source.is_live,
        losses_are_cut=settings.camera.lost == "gap",
        holds_end=_holds_end(source, settings.window.at_end, is_windowed=is_windowed),
        bottleneck=_bottleneck(source, model.spec, context),
        recorder=recorder,
        on_leaving=context.leaving.quit,
        stop_asked=context.stop_asked,
        every=settings.pace.every,
        overlapped=_is_overlapped(source, is_shown=bool(screens)),
        stopwatch=context.stopwatch,
        labels=model.spec.labels,
    )


def _holds_end(source: Source, at_end: str | None, *, is_windowed: bool) -> bool:
    """Whether screens stay on the last picture: by default those of pictures, and the window."""
    if at_end is not None or source.is_live:
        return at_end == "hold" and not source.is_live
    return source.holds_last or is_windowed


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
    return BottleneckMonitor(
        min((rate for rate in rates if rate is not None), default=None),
        source_is_camera="://" not in context.source_text,
        smaller_alpha=spec.smaller_alpha,
    )


def with_sink(pipeline: Pipeline, sink: Sink) -> Pipeline:
    """The pipeline with one sink more, at the end."""
    return replace(pipeline, sinks=[*pipeline.sinks, sink])
