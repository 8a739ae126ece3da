"""Creates what writes files: the log of --stats, snapshots and the recorder; checks their flags."""

from contextlib import AbstractContextManager
from typing import Any

from livecam.assembly.open_model import OpenedModel
from livecam.assembly.run_context import RunContext
from livecam.core.protocols import Sink, Source
from livecam.settings.combinations import check_stats_flags
from livecam.settings.schema import Settings
from livecam.sinks.snapshots import SnapshotWriter


def check_outputs(settings: Settings) -> None:
    """Find out early, and cheaply, what would make an output impossible.

    Raises:
        SettingsError: a flag lacks the output that it adds to, or a file's name cannot be used.
        SinkError: there is no space on the disk.
    """
    check_stats_flags(settings)
    if settings.output.record is not None:
        from livecam.sinks.recording import options

        options.check_recording(
            options.recording_options(settings), options.disk_space_monitor(settings)
        )


def create_stats_sinks(settings: Settings) -> list[AbstractContextManager[Sink]]:
    """The log of --stats, if there is one, not yet entered.

    Raises:
        SettingsError: its name cannot be used, or the file exists.
    """
    output = settings.output
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


def create_snapshot_writer(context: RunContext) -> SnapshotWriter:
    """What saves snapshots when a key asks."""
    return SnapshotWriter(
        context.settings.output.snapshots,
        notify=context.notifications.post,
        on_saved=context.recording_index.add,
    )


def create_recorder(source: Source, model: OpenedModel, context: RunContext) -> Any:
    """The recorder, not yet entered; PyAV is imported only now."""
    from livecam.sinks.recording import options
    from livecam.sinks.recording.recorder import Recorder

    settings = context.settings
    return Recorder(
        options.recording_options(settings, source, model.description),
        options.RecordingEvents(
            notify=context.notifications.post,
            on_saved=context.recording_index.add,
            report=context.say if settings.recording.verbose else lambda _: None,
            stop_asked=context.stop_asked,
        ),
        disk_space=options.disk_space_monitor(settings),
        stopwatch=context.stopwatch,
    )
