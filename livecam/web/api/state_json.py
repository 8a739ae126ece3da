"""Converts the newest frame, the run and its files to the messages of the API."""

from pathlib import Path
from typing import Any

from livecam import __version__
from livecam.core import key_bindings
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.heat_overlay import COLORMAPS
from livecam.core.stats_record import stats_record
from livecam.core.types import OutputFile
from livecam.core.view import View
from livecam.web.api.response_messages import (
    ActivationMap,
    DisplaySettings,
    Figures,
    KeyEntry,
    OutputFileEntry,
    Overview,
    RecordingState,
    State,
)
from livecam.web.api.run_info import RunInfo
from livecam.web.streaming.frame_hub import LatestFrame


def overview_of(run_info: RunInfo) -> Overview:
    """What does not change."""
    return Overview(
        version=__version__,
        source=run_info.source,
        model=run_info.model,
        turnable=run_info.turnable,
        classes=len(run_info.labels.class_choices),
        colormaps=list(COLORMAPS),
        keys=[_key_entry(binding) for binding in key_bindings.BINDINGS],
    )


def state_of(frame: LatestFrame, *, age_s: float, viewers: int, files: int) -> State:
    """What changes.

    Args:
        frame: the newest one.
        age_s: seconds since it was shown.
        viewers: how many there are.
        files: how many files this run has finished.
    """
    annotated, captured_ms = frame.annotated, frame.annotated.stats.age_ms
    height, width = annotated.picture.shape[:2]
    return State(
        number=frame.number,
        age_ms=round(1000.0 * age_s, 1),
        capture_ms=None if captured_ms is None else round(captured_ms, 1),
        width=width,
        height=height,
        figures=Figures.model_validate(_record_of(annotated, grid=False)),
        settings=_display_settings(annotated.view, annotated.stats.class_name),
        recording=_recording_state(frame),
        notice=frame.notice,
        viewers=viewers,
        dropped=annotated.frame.drops.total,
        waiting=frame.waiting,
        files=files,
    )


def _recording_state(frame: LatestFrame) -> RecordingState:
    seconds = frame.annotated.status.recording_s
    return RecordingState(
        wanted=frame.annotated.view.recording,
        seconds=None if seconds is None else round(seconds, 2),
        dropped=frame.recorder.dropped,
        minutes_left=frame.recorder.minutes_left,
        failed=frame.recorder.is_broken,
    )


def activation_of(frame: LatestFrame) -> ActivationMap:
    """The figures with the whole map."""
    return ActivationMap.model_validate(_record_of(frame.annotated, grid=True))


def _record_of(annotated: AnnotatedFrame, *, grid: bool) -> dict[str, Any]:
    """The frame's figures, with the name of a picture's file but not its folder."""
    record = stats_record(annotated, grid=grid, top=True)
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
    )


def _key_entry(binding: key_bindings.Binding) -> KeyEntry:
    return KeyEntry(
        keys=list(binding.keys),
        name=binding.name,
        words=binding.words,
        shows=_setting_name(binding.shows),
    )


def _setting_name(field: str) -> str:
    """The setting that a field of the view belongs to."""
    return {"style": "view", "auto": "act-max"}.get(field, field.replace("_", "-"))


def _display_settings(view: View, class_name: str) -> DisplaySettings:
    return DisplaySettings(
        class_=class_name,
        interpolation=view.interpolation,
        view=view.style,
        colormap=view.colormap,
        opacity=view.opacity,
        act_max="auto" if view.auto else float(view.act_max),
        gain=view.gain,
        mirror=view.mirror,
        overlay=view.overlay,
        figures=view.figures,
        top_five=view.top_five,
        help=view.help,
        fullscreen=view.fullscreen,
        paused=view.paused,
        recording=view.recording,
    )
