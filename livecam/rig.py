"""The rig: opens what the settings name, in order, on an ExitStack."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

from livecam.engines.choose import OpenedModel, open_model
from livecam.errors import SettingsError
from livecam.loop import Rig
from livecam.models.catalogue import ModelSpec, spec_of
from livecam.models.labels import chosen_classes
from livecam.notices import Notices
from livecam.pace import Pacer
from livecam.ports import Screen, Sink, Source
from livecam.settings import Settings
from livecam.sinks.album import Album
from livecam.sinks.display import display_problem
from livecam.sinks.files import clean_path, figures_path
from livecam.sources.opening import source_for
from livecam.tally import Limits
from livecam.values import View

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
        class_cycle=tuple(classes if len(classes) > 1 else choices),
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


def model_spec(settings: Settings) -> ModelSpec:
    """The network that the settings name.

    Raises:
        SettingsError: there is no such network.
    """
    return spec_of(settings.model.model, settings.model.alpha, settings.model.weights)


def open_rig(
    source_text: str,
    settings: Settings,
    stack: ExitStack,
    *,
    say: Say = lambda _: None,
    stop_asked: Callable[[], bool] = lambda: False,
) -> tuple[Rig, View]:
    """Open source, model, window and outputs; cheap mistakes are found before slow work.

    Args:
        source_text: SOURCE as typed.
        settings: everything else.
        stack: closes all of it again, also when a later step fails here.
        say: hears what was opened, what was saved, and what is missing.
        stop_asked: whether a signal asked to stop.

    Raises:
        LivecamError: one of them cannot be opened; the leaf says which.
    """
    spec = model_spec(settings)
    classes = chosen_classes(spec.labels, settings.model.classes)
    _refuse_never_found(spec, classes)
    _refuse_same_file(source_text, settings)
    sinks = _file_sinks(settings)
    windowed = _wants_window(settings, say)
    source = stack.enter_context(source_for(source_text, settings.scene))
    model = _opened_model(spec, settings, say)
    notices = Notices(say)
    sinks = [stack.enter_context(sink) for sink in sinks]
    recorder = stack.enter_context(_recorder(settings, source, model, notices, say))
    sinks.append(recorder)
    rig = Rig(
        source=source,
        model=model,
        sinks=sinks,
        album=Album(settings.output.snapshots, notify=notices.post),
        screen=stack.enter_context(_window()) if windowed else None,
        pacer=Pacer(real_time=windowed and not source.is_live, rate_limit=settings.pace.rate_limit),
        limits=Limits(settings.pace.frames, settings.pace.seconds),
        notices=notices,
        recorder_state=recorder.state,
        pauses_are_cut=settings.recording.pause == "cut",
        stop_asked=stop_asked,
    )
    return rig, first_view(settings, classes, model.class_choices)


def with_sink(rig: Rig, sink: Sink) -> Rig:
    """The rig with one sink more, at the end."""
    return replace(rig, sinks=[*rig.sinks, sink])


def _refuse_never_found(spec: ModelSpec, classes: Sequence[int]) -> None:
    for index in classes:
        if index in spec.never_found:
            finds = [n for i, n in enumerate(spec.labels.first_names) if i not in spec.never_found]
            name = spec.labels.first_names[index]
            raise SettingsError(f"{name!r} is no find: use one of {', '.join(finds)}.")


def _refuse_same_file(source_text: str, settings: Settings) -> None:
    """Raise SettingsError where an output is the source itself or another output, forced or not."""
    output = settings.output
    files = {"SOURCE": Path(source_text)}
    if output.record is not None:
        files["--record"] = output.record
        if settings.recording.record_clean:
            files["--record-clean"] = clean_path(output.record)
        if settings.recording.record_stats:
            files["--record-stats"] = figures_path(output.record)
    if output.stats not in (None, "-"):
        files["--stats"] = Path(str(output.stats))
    for (name, path), (other, twin) in combinations(files.items(), 2):
        with suppress(OSError):  # a name that cannot be looked up is judged elsewhere
            same = path.resolve() == twin.resolve() or (
                path.exists() and twin.exists() and path.samefile(twin)
            )
            if same:
                raise SettingsError(f"{name} and {other} are the same file {path}: name another.")


def _opened_model(spec: ModelSpec, settings: Settings, say: Say) -> OpenedModel:
    chosen = settings.model
    return open_model(
        spec, engine=chosen.engine, precision=chosen.precision, threads=chosen.threads, say=say
    )


def _file_sinks(settings: Settings) -> list[Any]:
    """The sinks whose files are named in the settings, not yet opened.

    Raises:
        SettingsError: a name is impossible or taken.
    """
    output = settings.output
    figures = output.stats is not None or settings.recording.record_stats
    if (output.grid or output.top) and not figures:
        flag = "--grid" if output.grid else "--top"
        raise SettingsError(f"{flag} adds to the figures of --stats: give --stats FILE as well.")
    if output.record is not None:
        from livecam.sinks.recording.plan import check_recording, disk_guard, plan_of

        check_recording(plan_of(settings), disk_guard(settings))
    if output.stats is None:
        return []
    from livecam.sinks.stats_log import StatsLog

    return [StatsLog(output.stats, grid=output.grid, top=output.top, force=output.force)]


def _recorder(
    settings: Settings, source: Source, model: OpenedModel, notices: Notices, say: Say
) -> Any:
    # PyAV is imported with the recorder: only when something can be recorded at all.
    from livecam.sinks.recording.plan import disk_guard, plan_of
    from livecam.sinks.recording.recorder import Recorder

    return Recorder(
        plan_of(settings, source, model.description),
        notify=notices.post,
        report=say if settings.recording.verbose else lambda _: None,
        guard=disk_guard(settings),
    )


def _wants_window(settings: Settings, say: Say) -> bool:
    """Whether to open a window; says so where there can be none.

    Raises:
        SettingsError: a window was asked for and cannot be had, or nothing would be left to do.
    """
    wanted, output = settings.window.window, settings.output
    problem = display_problem() if wanted is not False else None
    if wanted is not False and problem is None:
        return True
    if wanted:
        raise SettingsError(f"no window can be opened: {problem}. Leave --window out.")
    if output.record is None and output.stats is None:
        why = f"no window can be opened: {problem}" if problem else "--no-window leaves no window"
        raise SettingsError(
            f"{why}, and nothing else to do was named: add --record FILE.mp4 or --stats FILE.jsonl."
        )
    if problem:
        say(f"no window: {problem}; going on without one")
    return False


def _window() -> AbstractContextManager[Screen]:
    from livecam.sinks.window import Window

    return Window()
