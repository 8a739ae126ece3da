"""What is to be recorded and how: the settings, as the recorder needs them."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av

from livecam import __version__
from livecam.core.protocols import Audible, Source
from livecam.errors import SettingsError, SinkError
from livecam.settings.schema import Settings
from livecam.sinks.output_paths import clean_path, figures_path, refuse_existing
from livecam.sinks.recording.container_format import container_of
from livecam.sinks.recording.disk_space import MEGABYTE, DiskGuard, folder_of
from livecam.sinks.recording.encoder import Wish

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the user asked for.

    Attributes:
        first_path: the file of the first recording; None for one named by date and time.
        folder: where files named by date and time go.
        wish: codec, quality and the source's nature.
        cut_pauses: whether a pause is left out; else it is a frozen frame.
        clean: whether the untouched picture is recorded as well.
        figures: whether each file gets the figures of its frames beside it.
        grid: whether those have all 49 activations.
        top: whether those have the five most probable classes.
        before_s: so many seconds before its key a recording begins.
        sound: a clip whose sound is kept, None for silence.
        force: whether the first file may replace an existing one.
        about: what the files say about version, model and settings.
    """

    first_path: Path | None
    folder: Path
    wish: Wish = field(default_factory=Wish)
    cut_pauses: bool = True
    clean: bool = False
    figures: bool = False
    grid: bool = False
    top: bool = False
    before_s: float = 0.0
    sound: Audible | None = None
    force: bool = False
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def suffix(self) -> str:
        """The ending of names that we choose."""
        if self.first_path is not None:
            return self.first_path.suffix
        return ".mkv" if self.wish.codec == "ffv1" else ".mp4"


def plan_of(settings: Settings, source: Source | None = None, model_description: str = "") -> Plan:
    """The plan that the settings make for a source; None where it is not opened yet."""
    output, chosen = settings.output, settings.recording
    keeps_sound = chosen.sound == "keep" and isinstance(source, Audible)
    is_live = source is None or source.is_live
    return Plan(
        output.record,
        output.snapshots,
        Wish(
            chosen.codec,
            chosen.quality,
            source.rate if source is not None else None,
            live=is_live,
        ),
        # A clip's own time stands still in a pause: there is nothing to cut out.
        cut_pauses=chosen.pause == "cut" and is_live,
        clean=chosen.record_clean,
        figures=chosen.record_stats,
        grid=output.grid,
        top=output.top,
        before_s=chosen.clip_before,
        sound=source if keeps_sound and isinstance(source, Audible) else None,
        force=output.force,
        about=_about(settings, model_description),
    )


def disk_guard(settings: Settings) -> DiskGuard:
    """The guard with the reserve that the settings name."""
    return DiskGuard(round(settings.recording.disk_reserve * MEGABYTE))


def _about(settings: Settings, model_description: str) -> dict[str, Any]:
    """Versions, model and settings; no names of files, which are nobody else's business."""
    return {
        "livecam": __version__,
        "pyav": av.__version__,
        "model": model_description,
        "classes": list(settings.model.classes),
        "heat": dataclasses.asdict(settings.heat),
        "codec": settings.recording.codec,
        "quality": settings.recording.quality,
    }


def check_recording(plan: Plan, guard: DiskGuard | None = None) -> None:
    """Find out early what would make the first recording impossible.

    Raises:
        SettingsError: a name is impossible or taken.
        SinkError: there is no room on the disk.
    """
    path = plan.first_path
    if path is None:
        return
    container_of(path)
    if plan.wish.codec == "ffv1" and path.suffix.casefold() != ".mkv":
        raise SettingsError(f"--record {path}: --codec ffv1 goes into .mkv files only.")
    for name in _names(plan, path):
        refuse_existing(name, force=plan.force)
    if guard is not None and guard.is_short(folder_of(path)):
        raise SinkError(
            f"{path} cannot be recorded: less than {guard.reserve_bytes / MEGABYTE:.0f} MB are "
            f"free in {folder_of(path)}. Make room there, or change --disk-reserve."
        )


def _names(plan: Plan, path: Path) -> list[Path]:
    names = [path]
    names += [clean_path(path)] if plan.clean else []
    names += [figures_path(path)] if plan.figures else []
    return names
