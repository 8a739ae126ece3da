"""The options of the recorder, made from the settings; what is impossible is refused early."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from livecam.core.protocols import Audible, Source
from livecam.errors import SettingsError, SinkError
from livecam.settings.schema import Settings
from livecam.sinks.output_paths import clean_path, refuse_existing, stats_path
from livecam.sinks.recording.container_format import container_format_of
from livecam.sinks.recording.disk_space import (
    MEGABYTE,
    DiskSpaceLowError,
    DiskSpaceMonitor,
    folder_of,
)
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.metadata import run_metadata

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RecordingOptions:
    """What is recorded, into which files, and how.

    Attributes:
        first_path: the file of the first recording; None for one named by date and time.
        folder: where files named by date and time go.
        encoder: codec, quality, and the source's rate.
        cut_pauses: whether a pause is cut out; else it is a frozen frame.
        clean: whether the untouched picture is recorded as well.
        stats: whether each file gets the figures of its frames beside it.
        grid: whether those have all 49 activations.
        top: whether those have the five most probable classes.
        pre_roll_s: a recording begins this many seconds before its key was pressed.
        sound: the clip whose sound is recorded, None for silence.
        force: whether the first file may replace an existing one.
        run_metadata: versions, model and settings, for the files' metadata.
    """

    first_path: Path | None
    folder: Path
    encoder: EncoderRequest = field(default_factory=EncoderRequest)
    cut_pauses: bool = True
    clean: bool = False
    stats: bool = False
    grid: bool = False
    top: bool = False
    pre_roll_s: float = 0.0
    sound: Audible | None = None
    force: bool = False
    run_metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def suffix(self) -> str:
        """The suffix of all files; of the first one where it was named."""
        if self.first_path is not None:
            return self.first_path.suffix
        return ".mkv" if self.encoder.codec == "ffv1" else ".mp4"


def ignore(_: Any) -> None:
    """A callback that does nothing."""


@dataclass(frozen=True, slots=True)
class RecordingEvents:
    """Callbacks of the recorder; all of them are called in the encoder thread.

    Attributes:
        notify: gets one line for the user: what was saved, or what failed.
        on_saved: gets the path of every finished video file.
        report: gets one line on which encoder was taken, and why no other.
        stop_asked: whether a signal asked the program to end.
    """

    notify: Say = ignore
    on_saved: Callable[[Path], None] = ignore
    report: Say = ignore
    stop_asked: Callable[[], bool] = lambda: False


def recording_options(
    settings: Settings, source: Source | None = None, model_description: str = ""
) -> RecordingOptions:
    """The options that the settings make for a source; None where it is not opened yet."""
    output, chosen = settings.output, settings.recording
    is_live = source is None or source.is_live
    has_sound = chosen.sound == "keep" and not is_live
    return RecordingOptions(
        output.record,
        output.snapshots,
        EncoderRequest(
            chosen.codec,
            chosen.quality,
            source.rate if source is not None else None,
            live=is_live,
        ),
        # A clip's own time stands still in a pause: there is nothing to cut out.
        cut_pauses=chosen.pause == "cut" and is_live,
        clean=chosen.record_clean,
        stats=chosen.record_stats,
        grid=output.grid,
        top=output.top,
        pre_roll_s=chosen.clip_before,
        sound=source if has_sound and isinstance(source, Audible) else None,
        force=output.force,
        run_metadata=run_metadata(settings, model_description),
    )


def disk_space_monitor(settings: Settings) -> DiskSpaceMonitor:
    """The monitor with the reserve of --disk-reserve."""
    return DiskSpaceMonitor(round(settings.recording.disk_reserve * MEGABYTE))


def check_recording(options: RecordingOptions, disk_space: DiskSpaceMonitor | None = None) -> None:
    """Find out early what would make the first recording impossible.

    Raises:
        SettingsError: a name is impossible or taken.
        SinkError: there is too little free space on the disk.
    """
    path = options.first_path
    if path is None:
        return
    container_format_of(path)
    if options.encoder.codec == "ffv1" and path.suffix.casefold() != ".mkv":
        raise SettingsError(f"--record {path}: --codec ffv1 goes into .mkv files only.")
    for output in _output_paths(options, path):
        refuse_existing(output, force=options.force)
    if disk_space is not None:
        try:
            disk_space.check(folder_of(path))
        except DiskSpaceLowError as error:
            raise SinkError(f"{path} cannot be recorded: {error}") from error


def _output_paths(options: RecordingOptions, path: Path) -> list[Path]:
    paths = [path]
    paths += [clean_path(path)] if options.clean else []
    paths += [stats_path(path)] if options.stats else []
    return paths
