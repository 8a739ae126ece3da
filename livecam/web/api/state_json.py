"""From the newest annotated frame to what the API says."""

from pathlib import Path
from typing import Any

from livecam import __version__
from livecam.core import key_bindings
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.heat_overlay import COLORMAPS
from livecam.core.stats_record import stats_record
from livecam.core.types import OutputFile
from livecam.core.view import View
from livecam.web.api.messages import (
    ActivationMap,
    Figures,
    Key,
    Overview,
    Recording,
    SavedFile,
    Shown,
    State,
)
from livecam.web.api.run_info import About
from livecam.web.streaming.frame_hub import Sight


def overview_of(about: About) -> Overview:
    """What does not change."""
    return Overview(
        version=__version__,
        source=about.source,
        model=about.model,
        turnable=about.turnable,
        classes=len(about.choices),
        colormaps=list(COLORMAPS),
        keys=[
            Key(keys=list(b.keys), name=b.name, words=b.words, shows=_setting(b.shows))
            for b in key_bindings.BINDINGS
        ],
    )


def state_of(sight: Sight, *, age_s: float, viewers: int, files: int) -> State:
    """What changes."""
    annotated, captured_ms = sight.annotated, sight.annotated.stats.age_ms
    height, width = annotated.picture.shape[:2]
    return State(
        number=sight.number,
        age_ms=round(1000.0 * age_s, 1),
        capture_ms=None if captured_ms is None else round(captured_ms, 1),
        width=width,
        height=height,
        figures=Figures.model_validate(_record_of(annotated, grid=False)),
        settings=_shown(annotated.view, annotated.stats.class_name),
        recording=Recording(
            wanted=annotated.view.recording,
            seconds=None
            if annotated.status.recording_s is None
            else round(annotated.status.recording_s, 2),
            dropped=sight.recorder.dropped,
            minutes_left=sight.recorder.minutes_left,
            failed=sight.recorder.is_broken,
        ),
        notice=sight.notice,
        viewers=viewers,
        dropped=annotated.frame.drops.total,
        waiting=sight.waiting,
        files=files,
    )


def activation_of(sight: Sight) -> ActivationMap:
    """The whole map."""
    return ActivationMap.model_validate(_record_of(sight.annotated, grid=True))


def _record_of(annotated: AnnotatedFrame, *, grid: bool) -> dict[str, Any]:
    """The frame's figures; of a picture only its name: viewers need not know where files lie."""
    record = stats_record(annotated, grid=grid, top=True)
    if "picture" in record:
        record["picture"] = Path(record["picture"]).name
    return record


def saved_of(item: OutputFile) -> SavedFile:
    """A file, without its path."""
    return SavedFile(
        id=item.id,
        name=item.path.name,
        kind=item.kind,
        media_type=item.media_type,
        size_bytes=item.size_bytes,
        made_at=item.made_at.isoformat(timespec="seconds"),
    )


def _setting(field: str) -> str:
    """The name of a field of the view as a setting."""
    return {"style": "view", "auto": "act-max"}.get(field, field.replace("_", "-"))


def _shown(view: View, class_name: str) -> Shown:
    return Shown(
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
