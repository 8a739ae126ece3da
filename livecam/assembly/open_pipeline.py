"""The pipeline: opens what the settings name, in order, on an ExitStack."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from datetime import datetime
from typing import Any

import cv2

from livecam.assembly.open_model import OpenedModel, open_model
from livecam.assembly.preflight import refuse_never_found, refuse_same_file, wants_window
from livecam.core.annotated_frame import RecorderState
from livecam.core.bottleneck import BottleneckMonitor
from livecam.core.labels import chosen_classes
from livecam.core.protocols import OpensSlowly, Screen, Sink, Source, Turnable
from livecam.core.timing import Pacer, Stopwatch
from livecam.core.view import View
from livecam.errors import SettingsError
from livecam.models.catalogue import ModelSpec, spec_of
from livecam.models.export import Calibration
from livecam.pipeline.notifications import Notifications
from livecam.pipeline.pipeline import Pipeline
from livecam.pipeline.run_limits import RunLimits
from livecam.pipeline.startup import Startup
from livecam.settings.schema import ModelSettings, Settings
from livecam.sinks.recording_index import RecordingIndex
from livecam.sinks.snapshots import SnapshotWriter
from livecam.sources.open_source import source_for
from livecam.web.api.run_info import About
from livecam.web.streaming.frame_hub import Hub

Say = Callable[[str], None]
FALLBACK_ACT_MAX = 36.0  # the page's own; what `a` leads to from --act-max auto


def first_view(settings: Settings, classes: Sequence[int], choices: Sequence[int]) -> View:
    """The view that a run begins with.

    Args:
        settings: heat, window and output are looked at.
        classes: the chosen classes, the first is shown.
        choices: what n and p walk through where only one class was chosen.
    """
    heat = settings.heat
    return View(
        class_index=classes[0],
        class_cycle=_cycle(classes, choices),
        interpolation=heat.interpolation,
        style=heat.view,
        colormap=heat.colormap,
        opacity=heat.opacity,
        act_max=FALLBACK_ACT_MAX if heat.act_max == "auto" else float(heat.act_max),
        auto=heat.act_max == "auto",
        gain=heat.gain,
        mirror=settings.window.mirror,
        fullscreen=settings.window.fullscreen,
        recording=settings.output.record is not None,
    )


def _cycle(classes: Sequence[int], choices: Sequence[int]) -> tuple[int, ...]:
    """What n and p walk through: the chosen classes, or all where only one was chosen."""
    return tuple(classes if len(classes) > 1 else choices)


def model_spec(settings: Settings) -> ModelSpec:
    """The network that the settings name.

    Raises:
        SettingsError: there is no such network.
    """
    return spec_of(settings.model.model, settings.model.alpha, settings.model.weights)


class _Means:
    """What recorder, album and page are made with."""

    def __init__(self, settings: Settings, say: Say, stopwatch: Stopwatch) -> None:
        self.settings, self.say, self.stopwatch = settings, say, stopwatch
        written = filter(None, (settings.output.snapshots, settings.output.record))
        self.notifications = Notifications(
            say, hidden=written
        )  # viewers need not know where files lie
        self.recording_index = RecordingIndex(
            settings.output.snapshots, began=datetime.now().astimezone()
        )


def _model_and_classes(settings: Settings) -> tuple[ModelSpec, Sequence[int]]:
    spec = model_spec(settings)
    classes = chosen_classes(spec.labels, settings.model.classes)
    refuse_never_found(spec.labels, classes)
    return spec, classes


def open_pipeline(
    source_text: str,
    settings: Settings,
    stack: ExitStack,
    *,
    say: Say = lambda _: None,
    stop_asked: Callable[[], bool] = lambda: False,
    stopwatch: Stopwatch = Stopwatch(),  # noqa: B008  (measures nothing, keeps nothing)
) -> tuple[Pipeline, View]:
    """Open source, model, window and outputs; cheap mistakes are found before slow work.

    Args:
        source_text: SOURCE as typed.
        settings: everything else.
        stack: closes all of it again, also when a later step fails here.
        say: hears what was opened, what was saved, and what is missing.
        stop_asked: whether a signal asked to stop.
        stopwatch: hears how long each stage takes.

    Raises:
        LivecamError: one of them cannot be opened; the leaf says which.
    """
    spec, classes = _model_and_classes(settings)
    refuse_same_file(source_text, settings)
    file_sinks = _file_sinks(settings)
    windowed = wants_window(settings, say)
    door = stack.enter_context(_door(settings)) if settings.serve.serve else None
    source = source_for(source_text, settings.scene, settings.camera)
    view = first_view(settings, classes, classes)
    screens, opening = _open_source(source, view, stack, windowed=windowed, say=say)
    overlapped = _is_overlapped(source, is_shown=windowed or door is not None)
    model = _opened_model(spec, settings, opening, source, say)
    means = _Means(settings, say, stopwatch)
    sinks = [stack.enter_context(sink) for sink in file_sinks]
    recorder: Any = None
    if windowed or door or settings.output.record is not None:  # else nothing can ever ask for it
        recorder = stack.enter_context(_recorder(source, model, means))
        sinks.append(recorder)
    if door is not None:
        screens.append(stack.enter_context(_page(door, source, model, recorder, means)))
    pipeline = Pipeline(
        source=source,
        model=model,
        sinks=sinks,
        snapshot_writer=SnapshotWriter(
            settings.output.snapshots,
            notify=means.notifications.post,
            kept=means.recording_index.add,
        ),
        screens=screens,
        pacer=_pacer(source, screens, settings),
        limits=RunLimits(settings.pace.frames, settings.pace.seconds),
        notifications=means.notifications,
        recorder_state=recorder.state if recorder else RecorderState,
        pauses_are_cut=settings.recording.pause == "cut" and source.is_live,
        losses_are_cut=settings.camera.lost == "gap",
        recorder=recorder,
        bottleneck=_bottleneck(source, source_text, settings, spec),
        stop_asked=stop_asked,
        every=settings.pace.every,
        overlapped=overlapped,
        stopwatch=stopwatch,
    )
    return pipeline, replace(opening.view, class_cycle=_cycle(classes, model.class_choices))


def _is_overlapped(source: Source, *, is_shown: bool) -> bool:
    """Whether frames are made and looked at ahead of their drawing.

    Not those of a camera: they would be older by the time they are shown. Not those of a scene
    that the user turns: it would lag behind the hand.
    """
    return not source.is_live and not (is_shown and isinstance(source, Turnable))


def _pacer(source: Source, screens: Sequence[Screen], settings: Settings) -> Pacer:
    # A camera sets its own pace; without a screen a clip goes as fast as it can.
    is_real_time = bool(screens) and not source.is_live
    return Pacer(real_time=is_real_time, rate_limit=settings.pace.rate_limit)


def _bottleneck(
    source: Source, source_text: str, settings: Settings, spec: ModelSpec
) -> BottleneckMonitor:
    rates = [settings.camera.rate or source.rate, settings.pace.rate_limit]
    smaller = {1.0: "0.75", 0.75: "0.5", 0.5: "0.25"}.get(settings.model.alpha or 1.0)
    return BottleneckMonitor(
        min((rate for rate in rates if rate is not None), default=None),
        source_is_camera="://" not in source_text,
        smaller_model=f"try --alpha {smaller}" if smaller and not spec.bundle else "",
    )


def _open_source(
    source: Source, view: View, stack: ExitStack, *, windowed: bool, say: Say
) -> tuple[list[Screen], Startup]:
    """Open the source and, where one is wanted, the window.

    Where the source may take long the window comes first; else a source that does not open would
    only make it flash.
    """
    if not isinstance(source, OpensSlowly):
        stack.enter_context(source)
    screens = [stack.enter_context(_window())] if windowed else []
    opening = Startup(screens[0] if screens else None, view, say)
    if isinstance(source, OpensSlowly):
        source.on_progress(opening.on_progress)
        stack.enter_context(source)
        if source.told:
            say(f"{source.title}: {source.told}")
    return screens, opening


def with_sink(pipeline: Pipeline, sink: Sink) -> Pipeline:
    """The pipeline with one sink more, at the end."""
    return replace(pipeline, sinks=[*pipeline.sinks, sink])


def _opened_model(
    spec: ModelSpec,
    settings: Settings,
    opening: Startup,
    source: Source,
    say: Say,
) -> OpenedModel:
    chosen, calibration = settings.model, _calibration(settings.model)
    # The cores are for network and encoder: OpenCV's own threads beside theirs cost a camera's
    # frame a tenth more of the processor and bring it nothing (at 4K it would be 4 ms younger).
    cv2.setNumThreads(1)
    return opening.run_task(
        lambda: open_model(
            spec,
            engine=chosen.engine,
            precision=chosen.precision,
            threads=chosen.threads,
            calibration=calibration,
            say=say,
        ),
        "loading the model",
        source.preview if isinstance(source, OpensSlowly) else lambda: None,
    )


def _calibration(chosen: ModelSettings) -> Calibration | None:
    """The pictures for int8; the folder is judged whatever the precision."""
    if chosen.precision != "int8":
        if chosen.calibration is not None:
            raise SettingsError("--calibration is for --precision int8: add that, or leave it out.")
        return None
    from livecam.assembly.calibration import calibration_of

    return calibration_of(chosen.calibration)


def _file_sinks(settings: Settings) -> list[Any]:
    """The sinks whose files are named in the settings, not yet opened.

    Raises:
        SettingsError: a name is impossible or taken.
    """
    output = settings.output
    figures = output.stats is not None or settings.recording.record_stats
    adding = {"--grid": output.grid, "--top": output.top}
    flag = next((name for name, given in adding.items() if given and not figures), "")
    if output.timings and output.stats is None:
        flag = "--timings"
    if flag:
        raise SettingsError(f"{flag} adds to the figures of --stats: give --stats FILE as well.")
    if output.record is not None:
        from livecam.sinks.recording.options import check_recording, disk_guard, plan_of

        check_recording(plan_of(settings), disk_guard(settings))
    if output.stats is None:
        return []
    from livecam.sinks.stats_log import StatsLog

    return [
        StatsLog(
            output.stats,
            grid=output.grid,
            top=output.top,
            timings=output.timings,
            force=output.force,
        )
    ]


def _recorder(source: Source, model: OpenedModel, means: _Means) -> Any:
    # PyAV is imported with the recorder: only when something can be recorded at all.
    from livecam.sinks.recording.options import disk_guard, plan_of
    from livecam.sinks.recording.recorder import Recorder

    settings = means.settings
    return Recorder(
        plan_of(settings, source, model.description),
        notify=means.notifications.post,
        kept=means.recording_index.add,
        report=means.say if settings.recording.verbose else lambda _: None,
        guard=disk_guard(settings),
        stopwatch=means.stopwatch,
    )


def _door(settings: Settings) -> Any:
    try:
        from livecam.web.page import Page  # noqa: F401  (before anything slow: is it all there?)
        from livecam.web.server.listener import open_door
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("livecam"):
            raise
        raise SettingsError(
            f'the web page needs the package {error.name}: pip install "livecam[web]"'
        ) from error
    return open_door(settings.serve)


def _page(door: Any, source: Source, model: OpenedModel, recorder: Any, means: _Means) -> Any:
    from livecam.web.page import Page

    hub = Hub(recorder_state=recorder.state, notice=means.notifications.current)
    return Page(door, hub, means.recording_index, _about(source, model), say=means.say)


def _about(source: Source, model: OpenedModel) -> About:
    return About(
        source.title,
        model.description,
        model.spec.labels,
        model.class_choices,
        turnable=isinstance(source, Turnable),
    )


def _window() -> AbstractContextManager[Screen]:
    from livecam.sinks.window import Window

    return Window()
