"""The options of the recorder, made from the settings; what is impossible is refused early."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from livecam.core.bottleneck import recording_way_out
from livecam.core.formatting import reason_of
from livecam.core.live_sound import LiveSound
from livecam.core.name_pattern import DATED_NAME, NamePattern
from livecam.core.protocols import Audible, Source
from livecam.core.split_limit import NO_SPLIT, SplitLimit
from livecam.errors import SettingsError, SinkError
from livecam.pipeline.capture_time import local_now
from livecam.settings.schema import Settings
from livecam.sinks.output_paths import clean_path, refuse_existing, stats_path
from livecam.sinks.record_target import default_suffix, record_target
from livecam.sinks.recording.container_format import container_format_of
from livecam.sinks.recording.disk_space import (
    MEGABYTE,
    DiskSpaceLowError,
    DiskSpaceMonitor,
    existing_folder,
)
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.keep_limits import NO_LIMITS, KeepLimits, keep_limits
from livecam.sinks.recording.metadata import run_metadata
from livecam.sinks.recording.own_recordings import HAS_FIGURES, NAME_DIGEST, name_digest

Say = Callable[[str], None]

MOST_FILES = 99_999
"""Into so many files one recording is split, at most: eleven years of hours."""


@dataclass(frozen=True, slots=True)
class RecordingOptions:
    """What is recorded, into which files, and how.

    Attributes:
        first_path: the file of the first recording; None for one named by date and time.
        folder: where files named by date and time go, where no pattern says it.
        pattern: names of --record with codes for date and time, folder and suffix included.
        split: when a recording goes on in its next file.
        keep: how many recordings under names of --record are kept.
        encoder: codec, quality, and the source's rate.
        cut_pauses: whether a pause is cut out; else it is a frozen frame.
        clean: whether the untouched picture is recorded as well.
        stats: whether each file gets the figures of its frames beside it.
        grid: whether those have all activations of the map.
        top: whether those have the five most probable classes.
        pre_roll_s: a recording begins this many seconds before its key was pressed.
        sound: the clip or the microphone whose sound is recorded, None for silence.
        write_buffer_bytes: so much may wait for the disk, without a frame being lost.
        force: whether the first file may replace an existing one.
        source_is_camera: whether --size may make the pictures smaller.
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
    sound: Audible | LiveSound | None = None
    write_buffer_bytes: int = 512 * MEGABYTE
    force: bool = False
    source_is_camera: bool = True
    pattern: Path | None = None
    split: SplitLimit = NO_SPLIT
    keep: KeepLimits = NO_LIMITS
    run_metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def live_sound(self) -> LiveSound | None:
        """The microphone; None without one."""
        return self.sound if isinstance(self.sound, LiveSound) else None

    @property
    def way_out(self) -> str:
        """What to do where frames are dropped."""
        encoder = self.encoder
        return recording_way_out(
            encoder.codec, encoder.quality, source_is_camera=self.source_is_camera
        )

    @property
    def kept_pattern(self) -> Path:
        """The names of recordings that the limits of what is kept are for."""
        if self.first_path is None:
            return self.dated_pattern
        return Path(str(self.first_path).replace("%", "%%"))

    @property
    def dated_pattern(self) -> Path:
        """The names of recordings that were given none of their own."""
        return self.pattern or self.folder / f"{DATED_NAME}{self.suffix}"

    def identity_of(self, path: Path, *, is_dated: bool) -> dict[str, Any]:
        """The metadata by which --keep-days and --keep-gb know the recording of a name."""
        pattern = self.dated_pattern if is_dated else self.kept_pattern
        return {NAME_DIGEST: name_digest(pattern, path), HAS_FIGURES: self.stats}

    @property
    def suffix(self) -> str:
        """The suffix of all files; of the first one where it was named."""
        named = self.first_path or self.pattern
        return default_suffix(self.encoder.codec) if named is None else named.suffix

    def files_of(self, path: Path) -> list[Path]:
        """All files that the recording of this name has, the annotated video first."""
        paths = [path]
        paths += [clean_path(path)] if self.clean else []
        paths += [stats_path(path)] if self.stats else []
        return paths


def ignore(_: Any) -> None:
    """A callback that does nothing."""


@dataclass(frozen=True, slots=True)
class RecordingEvents:
    """Callbacks of the recorder; all of them are called in the encoder thread.

    Attributes:
        notify: gets one line for the user: what was saved, or what failed.
        on_saved: gets the path of every finished video file.
        report: gets one line on which encoder was taken, and why no other.
        stop_asked: whether a signal or the user asked the program to end.
    """

    notify: Say = ignore
    on_saved: Callable[[Path], None] = ignore
    report: Say = ignore
    stop_asked: Callable[[], bool] = lambda: False


def recording_options(
    settings: Settings,
    source: Source | None = None,
    model_description: str = "",
    microphone: LiveSound | None = None,
) -> RecordingOptions:
    """The options that the settings make for a source; None where it is not opened yet."""
    output, chosen, target = settings.output, settings.recording, record_target(settings)
    is_live = source is None or source.is_live
    has_sound = chosen.sound == "keep" and not is_live
    audible = source if has_sound and isinstance(source, Audible) else None
    return RecordingOptions(
        target.file,
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
        sound=microphone or audible,
        write_buffer_bytes=round(chosen.write_buffer * MEGABYTE),
        force=output.force,
        source_is_camera=source is None or "://" not in source.title,
        pattern=target.pattern,
        split=chosen.split_limit,
        keep=keep_limits(chosen.keep_days, chosen.keep_gb),
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
    path = options.first_path or options.pattern
    if path is None:
        return
    container_format_of(path)
    if options.encoder.codec == "ffv1" and path.suffix.casefold() != ".mkv":
        raise SettingsError(f"--record {path}: --codec ffv1 goes into .mkv files only.")
    for output in options.files_of(path) if options.first_path is not None else []:
        refuse_existing(output, force=options.force, folder_is_made=True)
    _check_length_of_names(options, path)
    if disk_space is not None:
        try:
            disk_space.check(existing_folder(path))
        except DiskSpaceLowError as error:
            raise SinkError(f"{path} cannot be recorded: {error}") from error


def _check_length_of_names(options: RecordingOptions, path: Path) -> None:
    """Raise SettingsError where the file system takes no name that is as long as those to come."""
    name = NamePattern(path.name).at(local_now()) if options.first_path is None else path.name
    first = existing_folder(path) / name
    is_numbered = options.split != NO_SPLIT
    longest = first.with_stem(f"{first.stem}_{MOST_FILES}") if is_numbered else first
    for output in options.files_of(longest):
        try:
            output.lstat()
        except FileNotFoundError:
            continue
        except OSError as error:
            why = f", with the number that --split gives it, {output.name[-60:]}" * is_numbered
            raise SettingsError(
                f"--record {str(path)[:200]}: the name{why} cannot be used "
                f"({reason_of(error)}): give a shorter one."
            ) from error
