"""Converts the newest frame, the run and its files to the messages of the API."""

from pathlib import Path
from typing import Any

from livecam import __version__
from livecam.core import key_bindings
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.box_outline import mirrored
from livecam.core.centre_cross import cross_place
from livecam.core.class_activation import reference_of
from livecam.core.class_figures import ClassFigures
from livecam.core.colour_bar import colour_stops, view_ticks
from livecam.core.frame_judgement import FrameJudgement
from livecam.core.heat_overlay import COLORMAPS
from livecam.core.labels import AUTO
from livecam.core.map_quality.deletion_insertion import STEPS
from livecam.core.printable_text import printable
from livecam.core.protocols import OutputFiles
from livecam.core.screen_lines import sound_meter
from livecam.core.stats_record import stats_record
from livecam.core.status_card_words import status_card_lines
from livecam.core.types import OutputFile
from livecam.core.view import View
from livecam.web.api.response_messages import (
    ActivationMap,
    Box,
    ColourBarTick,
    DisplaySettings,
    Figures,
    JudgementMessage,
    KeyEntry,
    OutputFileEntry,
    Overview,
    RecordingState,
    SecondClassMessage,
    State,
)
from livecam.web.api.run_info import RunInfo
from livecam.web.streaming.frame_hub import LatestFrame

_KEYS_OF_GUESTS = frozenset("f")
"""Full screen concerns a page alone."""

ONE_LINE_EM = 10_000.0  # the browser wraps lines itself


def overview_of(run_info: RunInfo, *, asks_token: bool, may_change: bool = True) -> Overview:
    """What does not change.

    Args:
        run_info: of the run.
        asks_token: whether a token has to be proved.
        may_change: whether the client may press keys; a guest has those of the page alone, and no
            name of a file, a camera or an address.
    """
    table = key_bindings.bindings_for(
        is_seekable=run_info.seekable, class_keys=tuple(run_info.class_keys.items())
    )
    bindings = [one for one in table if may_change or _KEYS_OF_GUESTS & set(one.keys)]
    return Overview(
        version=__version__,
        source=run_info.source if may_change else "",
        model=run_info.model if may_change else run_info.public_model,
        turnable=run_info.turnable and may_change,
        cameras=asks_token and may_change and run_info.cameras is not None,
        asks_token=asks_token,
        may_change=may_change,
        classes=len(run_info.labels.class_choices),
        colormaps=list(COLORMAPS),
        colours={name: list(colour_stops("colour", name)) for name in COLORMAPS},
        keys=[_key_entry(binding) for binding in bindings],
    )


def state_of(frame: LatestFrame, *, age_s: float, viewers: int, files: OutputFiles) -> State:
    """What changes.

    Args:
        frame: the newest one.
        age_s: seconds since it was shown.
        viewers: how many there are.
        files: recordings and snapshots.
    """
    annotated, captured_ms = frame.annotated, frame.annotated.stats.age_ms
    height, width = annotated.painted.shape[:2]
    view, status = annotated.view, annotated.status
    reference = reference_of(annotated.activation.grid, act_max=view.act_max, auto=view.auto)
    return State(
        number=frame.number,
        age_ms=round(1000.0 * age_s, 1),
        capture_ms=None if captured_ms is None else round(captured_ms, 1),
        width=width,
        height=height,
        figures=Figures.model_validate(_record_of(annotated, grid=False)),
        second=_second(annotated.second),
        settings=_display_settings(view, annotated.stats.class_name),
        recording=_recording_state(frame),
        notice=frame.notice,
        viewers=viewers,
        dropped=annotated.frame.drops.total,
        waiting=frame.waiting,
        files=files.made,
        file_list=files.revision,
        box=_box(annotated, width),
        ticks=_ticks(view, reference),
        reference=round(reference, 2),
        gain=view.gain_at(reference),
        cross=_cross(annotated),
        source=status.source,
        engine=status.engine,
        limit=status.rates.limit,
        place=status.place,
        judgement=_judgement(status.judgement),
        waiting_for=_waiting_lines(frame),
    )


def _second(figures: ClassFigures | None) -> SecondClassMessage | None:
    if figures is None:
        return None
    message: dict[str, Any] = {
        "class": figures.class_name,
        "max": round(figures.maximum, 4),
        "mean": round(figures.mean, 4),
        "probability": round(figures.probability, 6),
    }
    return SecondClassMessage.model_validate(message)


def _box(annotated: AnnotatedFrame, width_px: int) -> Box:
    box = mirrored(annotated.box, width_px) if annotated.view.mirror else annotated.box
    return Box(left=box.left, top=box.top, width=box.width, height=box.height)


def _cross(annotated: AnnotatedFrame) -> list[float] | None:
    at = cross_place(annotated)
    return None if at is None else [round(value, 2) for value in at]


def _judgement(judgement: FrameJudgement | None) -> JudgementMessage | None:
    if judgement is None:
        return None
    curves = judgement.curves
    message: dict[str, Any] = {
        "number": judgement.number,
        "class": judgement.class_name,
        "probability": judgement.probability,
        "done": round(judgement.share_done, 3),
        "steps": STEPS,
        "deletion": [round(value, 4) for value in curves.deletion],
        "insertion": [round(value, 4) for value in curves.insertion],
        "deletion_area": round(curves.deletion_area, 4) if curves.is_complete else None,
        "insertion_area": round(curves.insertion_area, 4) if curves.is_complete else None,
    }
    return JudgementMessage.model_validate(message)


def _ticks(view: View, reference: float) -> list[ColourBarTick]:
    return [
        ColourBarTick(level=round(tick.level, 4), label=tick.label)
        for tick in view_ticks(view, reference)
    ]


def _waiting_lines(frame: LatestFrame) -> list[str]:
    waiting = frame.card.waiting if frame.card is not None else None
    if waiting is None:
        return []
    lines = status_card_lines(waiting, ONE_LINE_EM, on_screen=False)
    return [line.text for line in lines]


def _recording_state(frame: LatestFrame) -> RecordingState:
    seconds, level = frame.annotated.status.recording_s, frame.recorder.sound_level
    return RecordingState(
        wanted=frame.annotated.view.recording,
        seconds=None if seconds is None else round(seconds, 2),
        dropped=frame.recorder.dropped,
        minutes_left=frame.recorder.minutes_left,
        failed=frame.recorder.is_broken,
        sound=None if level is None else sound_meter(level),
    )


def activation_of(frame: LatestFrame) -> ActivationMap:
    """The figures with the whole map."""
    return ActivationMap.model_validate(_record_of(frame.annotated, grid=True))


def _record_of(annotated: AnnotatedFrame, *, grid: bool) -> dict[str, Any]:
    """The frame's figures, with the name of a picture's file but not its folder.

    Like the window, the page says no rate of what stands still: a second photograph after the first
    one had "1.0 FPS".
    """
    record = stats_record(annotated, grid=grid, top=True)
    if not annotated.has_rate:
        record["fps"] = None
    if "picture" in record:
        record["picture"] = Path(record["picture"]).name
    return record


def output_file_entry(item: OutputFile) -> OutputFileEntry:
    """A file, without its path."""
    return OutputFileEntry(
        id=item.id,
        name=item.path.name,
        kind=item.kind,
        media_type=item.media_type,
        size_bytes=item.size_bytes,
        made_at=item.made_at.isoformat(timespec="seconds"),
        duration_s=item.duration_s,
        companions=[path.name for path in item.companions],
    )


def _key_entry(binding: key_bindings.Binding) -> KeyEntry:
    return KeyEntry(
        keys=list(binding.keys),
        name=printable(binding.name),
        words=printable(binding.words),
        shows=_setting_name(binding.shows),
    )


def _setting_name(field: str) -> str:
    """The setting that a field of the view belongs to."""
    return {"style": "view", "auto": "act-max"}.get(field, field.replace("_", "-"))


def _display_settings(view: View, class_name: str) -> DisplaySettings:
    return DisplaySettings(
        class_=AUTO if view.follows else class_name,
        area=view.area,
        detail=view.detail,
        place=view.place,
        interpolation=view.interpolation,
        view=view.style,
        colormap=view.colormap,
        opacity=view.opacity,
        act_max="auto" if view.auto else float(view.act_max),
        gain=view.gain,
        mirror=view.mirror,
        overlay=view.overlay,
        boxes=view.boxes,
        figures=view.figures,
        top_five=view.top_five,
        judged=view.judged,
        help=view.help,
        fullscreen=view.fullscreen,
        paused=view.paused,
        recording=view.recording,
        loop=view.loop,
        speed=view.speed,
    )
