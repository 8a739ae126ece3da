"""Creates what writes files: the log of --stats, snapshots and the recorder; checks their flags."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

from livecam.assembly.open_model import OpenedModel
from livecam.assembly.preflight import named_output_files
from livecam.assembly.run_context import RunContext, Say
from livecam.core.coco_name import is_coco_name
from livecam.core.live_sound import LiveSound
from livecam.core.protocols import BackgroundSink, FromFiles, Sink, Source
from livecam.errors import SettingsError, SinkError
from livecam.pipeline.capture_time import local_now
from livecam.settings.combinations import (
    check_keep_flags,
    check_loop_flag,
    check_microphone_flag,
    check_picture_flags,
    check_stats_flags,
)
from livecam.settings.schema import Settings
from livecam.sinks.output_locks import OutputBusyError, lock_output
from livecam.sinks.output_paths import made_folder
from livecam.sinks.record_target import record_target
from livecam.sinks.snapshots import SnapshotWriter


def check_outputs(settings: Settings) -> None:
    """Find out early, and cheaply, what would make an output impossible.

    Raises:
        SettingsError: a flag lacks the output that it adds to, or a file's name cannot be used.
        SinkError: there is no space on the disk.
    """
    check_stats_flags(settings)
    check_picture_flags(settings)
    check_loop_flag(settings)
    check_keep_flags(settings)
    check_microphone_flag(settings)
    if settings.output.record is not None:
        from livecam.sinks.recording import options

        options.check_recording(options.recording_options(settings))
        can_be_watched = settings.window.window is not False or settings.serve.serve
        check_disk_space(settings, is_watched=can_be_watched)


def check_disk_space(settings: Settings, *, is_watched: bool) -> None:
    """Find out early whether the disk has space for --record: in a run that nobody watches.

    Where there is a window or a page the recording waits for space instead.

    Raises:
        SinkError: there is too little.
    """
    if settings.output.record is not None and not is_watched:
        from livecam.sinks.recording import options

        options.check_recording(
            options.recording_options(settings), options.disk_space_monitor(settings)
        )


def lock_outputs(settings: Settings, stack: ExitStack, say: Say) -> None:
    """Lock the files that --record and --stats name for as long as this run writes them.

    Args:
        settings: all of them.
        stack: gives the locks back.
        say: gets a line where the file system gives none.

    Raises:
        SettingsError: another run writes one of them.
        SinkError: the folder of --record is missing and cannot be made.
    """
    folder = record_target(settings).folder_at(local_now())
    if folder is not None:
        made_folder(folder, "--record")
    for path in named_output_files(settings).values():
        try:
            lock = lock_output(path)
        except OutputBusyError as error:
            raise SettingsError(f"{error}: give another name, or end that one.") from error
        stack.callback(lock.release)
        if lock.problem:
            say(f"{path} cannot be locked ({lock.problem}): let no other livecam write it")
    check_outputs(settings)  # whoever had a lock may have made the file meanwhile


def report_leftovers(settings: Settings, say: Say) -> None:
    """Remove what killed runs left in the folders that this one may record into, and say so."""
    from livecam.sinks.dated_files import dated_folders
    from livecam.sinks.leftovers import remove_leftovers

    record = record_target(settings).named
    named = dated_folders(record) if record is not None else []
    for folder in dict.fromkeys((*named, settings.output.snapshots)):
        leftovers = remove_leftovers(folder)
        if leftovers:
            say(leftovers)


def create_stats_sinks(settings: Settings, source_text: str) -> Sequence[BackgroundSink]:
    """The log of --stats, or its COCO JSON, if there is one, not yet entered.

    Raises:
        SettingsError: its name cannot be used, or the file exists.
    """
    output = settings.output
    if output.stats is None:
        return []
    from livecam.sinks.stats_log import StatsLog

    if is_coco_name(output.stats):
        return [_coco_sink(Path(output.stats), source_text, force=output.force)]
    return [
        StatsLog(
            output.stats,
            grid=output.grid,
            top=output.top,
            timings=output.timings,
            boxes=settings.objects.boxes,
            force=output.force,
        )
    ]


def _coco_sink(path: Path, source_text: str, *, force: bool) -> BackgroundSink:
    from livecam.sinks.coco_file import CocoFile
    from livecam.sinks.picture_files import PictureNames
    from livecam.sources.files.format import is_clip
    from livecam.sources.files.listing import root_of

    names = PictureNames(root_of(source_text), source_text, is_live=False, is_clip=is_clip)
    return CocoFile(path, names, force=force)


def create_picture_sinks(source: Source, context: RunContext) -> list[AbstractContextManager[Sink]]:
    """What writes the pictures of --save-pictures, if there is any, not yet entered."""
    output = context.settings.output
    if output.save_pictures is None:
        return []
    from livecam.sinks.picture_files import PictureFiles, PictureNames
    from livecam.sources.files.format import is_clip
    from livecam.sources.files.listing import root_of

    names = PictureNames(
        root_of(context.source_text),
        source.title,
        source.is_live,
        is_clip,
        source.paths if isinstance(source, FromFiles) else (),
    )
    return [
        PictureFiles(
            output.save_pictures,
            names,
            every_s=output.save_every,
            force=output.force,
            say=context.say,
        )
    ]


def create_snapshot_writer(context: RunContext) -> SnapshotWriter:
    """What saves snapshots when a key asks, not yet entered."""

    def check_space(folder: Path) -> None:
        from livecam.sinks.recording import options
        from livecam.sinks.recording.disk_space import DiskSpaceLowError

        try:
            options.disk_space_monitor(context.settings).check(folder)
        except DiskSpaceLowError as error:
            raise SinkError(f"the snapshot was not saved: {error}") from error

    return SnapshotWriter(
        context.settings.output.snapshots,
        notify=context.screen_messages.post,
        on_saved=context.on_saved,
        check_space=check_space,
    )


def create_recorder(
    source: Source,
    model: OpenedModel,
    context: RunContext,
    microphone: LiveSound | None,
    *,
    is_watched: bool,
) -> Any:
    """The recorder, not yet entered; what killed runs left is removed. PyAV is imported only now.

    Args:
        source: opened.
        model: loaded.
        context: its settings say what is recorded.
        microphone: opened; None without one.
        is_watched: whether there is a window or a page: then --record waits for space on the disk.
    """
    from livecam.sinks.recording import options
    from livecam.sinks.recording.recorder import Recorder

    settings = context.settings
    report_leftovers(settings, context.say)
    disk_space = options.disk_space_monitor(settings)
    recorder = Recorder(
        options.recording_options(settings, source, model.description, microphone),
        options.RecordingEvents(
            notify=context.screen_messages.post,
            on_saved=context.on_saved,
            report=context.say if settings.recording.verbose else lambda _: None,
            stop_asked=context.leaving.is_asked,
        ),
        disk_space=disk_space,
        stopwatch=context.stopwatch,
    )
    path = record_target(settings).named
    if path is None or not is_watched:
        return recorder
    from livecam.sinks.recording.disk_space_wait import DiskSpaceWait

    return DiskSpaceWait(recorder, path, disk_space, context.screen_messages.post)
