"""What the parts of one run share: settings, messages, stopwatch and the finished files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from livecam.core.timing import Stopwatch
from livecam.pipeline.notifications import Notifications
from livecam.settings.schema import Settings
from livecam.sinks.recording_index import RecordingIndex

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
