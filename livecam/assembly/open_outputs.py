"""Creates what writes files: the log of --stats, snapshots and the recorder; checks their flags."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from livecam.assembly.open_model import OpenedModel
from livecam.core.protocols import Sink, Source
from livecam.core.timing import Stopwatch
from livecam.errors import SettingsError
from livecam.pipeline.notifications import Notifications
from livecam.settings.schema import Settings
from livecam.sinks.recording_index import RecordingIndex
from livecam.sinks.snapshots import SnapshotWriter

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class RunContext:
    """What recorder, snapshots, web page and pipeline share in one run.

    Attributes:
        source_text: SOURCE as typed.
        settings: all of them.
        say: receives messages for the terminal.
        stop_asked: whether a signal asked to stop.
        stopwatch: measures the stages.
        notifications: messages for the screen and the terminal.
        recording_index: the finished files.
    """

    source_text: str
    settings: Settings
    say: Say
    stop_asked: Callable[[], bool]
    stopwatch: Stopwatch
    notifications: Notifications
    recording_index: RecordingIndex

    @classmethod
    def begin(
        cls,
        source_text: str,
        settings: Settings,
        say: Say,
        stop_asked: Callable[[], bool],
        stopwatch: Stopwatch,
    ) -> Self:
        """The context of a run that begins now."""
        output = settings.output
        # Viewers of the page need not know in which folders the files are.
        hidden = filter(None, (output.snapshots, output.record))
        index = RecordingIndex(output.snapshots, began=datetime.now().astimezone())
        notifications = Notifications(say, hidden=hidden)
        return cls(source_text, settings, say, stop_asked, stopwatch, notifications, index)


def check_outputs(settings: Settings) -> None:
    """Find out early, and cheaply, what would make an output impossible.

    Raises:
        SettingsError: a flag lacks the output that it adds to, or a file's name cannot be used.
        SinkError: there is no space on the disk.
    """
    _check_stats_flags(settings)
    if settings.output.record is not None:
        from livecam.sinks.recording.options import check_recording, disk_guard, plan_of

        check_recording(plan_of(settings), disk_guard(settings))


def _check_stats_flags(settings: Settings) -> None:
    output = settings.output
    figures = output.stats is not None or settings.recording.record_stats
    adding = {"--grid": output.grid, "--top": output.top}
    flag = next((name for name, given in adding.items() if given and not figures), "")
    if output.timings and output.stats is None:
        flag = "--timings"
    if flag:
        raise SettingsError(f"{flag} adds to the figures of --stats: give --stats FILE as well.")


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
        kept=context.recording_index.add,
    )


def create_recorder(source: Source, model: OpenedModel, context: RunContext) -> Any:
    """The recorder, not yet entered; PyAV is imported only now."""
    from livecam.sinks.recording.options import disk_guard, plan_of
    from livecam.sinks.recording.recorder import Recorder

    settings = context.settings
    return Recorder(
        plan_of(settings, source, model.description),
        notify=context.notifications.post,
        kept=context.recording_index.add,
        report=context.say if settings.recording.verbose else lambda _: None,
        guard=disk_guard(settings),
        stopwatch=context.stopwatch,
    )
