"""What the parts of one run share: settings, messages, stopwatch and the finished files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from livecam.core.timing import Stopwatch
from livecam.pipeline.leaving import Leaving
from livecam.pipeline.notifications import Notifications
from livecam.settings.schema import Settings
from livecam.sinks.record_target import record_target
from livecam.sinks.recording_index import RecordingIndex

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class RunContext:
    """What recorder, snapshots, web page and pipeline share in one run.

    Attributes:
        source_text: SOURCE as typed.
        settings: all of them.
        say: receives messages for the terminal.
        show_link: shows a link on the terminal as a code for telephones.
        stop_asked: whether a signal asked to stop.
        stopwatch: measures the stages.
        notifications: messages for the screen and the terminal.
        recording_index: the finished files.
        leaving: whether a signal or the user ends the run.
    """

    source_text: str
    settings: Settings
    say: Say
    show_link: Say
    stop_asked: Callable[[], bool]
    stopwatch: Stopwatch
    notifications: Notifications
    recording_index: RecordingIndex
    leaving: Leaving

    @classmethod
    def begin(
        cls,
        source_text: str,
        settings: Settings,
        *,
        say: Say,
        show_link: Say,
        stop_asked: Callable[[], bool],
        stopwatch: Stopwatch,
    ) -> Self:
        """The context of a run that begins now."""
        output = settings.output
        # Viewers of the page need not know in which folders the files are.
        hidden = filter(None, (output.snapshots, output.record))
        notifications = Notifications(say, hidden=hidden)
        index = RecordingIndex(
            output.snapshots,
            began=datetime.now().astimezone(),
            record=record_target(settings).pattern,
            notify=notifications.post,
        )
        return cls(
            source_text,
            settings,
            say,
            show_link,
            stop_asked,
            stopwatch,
            notifications,
            index,
            Leaving(stop_asked),
        )
