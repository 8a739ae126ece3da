"""What the parts of one run share: settings, messages, stopwatch and the finished files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from livecam.core.timing import Stopwatch
from livecam.pipeline.capture_time import local_now
from livecam.pipeline.leaving import Leaving
from livecam.pipeline.screen_messages import ScreenMessages
from livecam.settings.schema import Settings

if TYPE_CHECKING:  # a run without a page does without
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
        screen_messages: messages for the screen and the terminal.
        recording_index: the finished files, for the page; None without one.
        leaving: whether a signal or the user ends the run.
    """

    source_text: str
    settings: Settings
    say: Say
    show_link: Say
    stop_asked: Callable[[], bool]
    stopwatch: Stopwatch
    screen_messages: ScreenMessages
    recording_index: "RecordingIndex | None"
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
        screen_messages = ScreenMessages(say, hidden=hidden)
        return cls(
            source_text,
            settings,
            say,
            show_link,
            stop_asked,
            stopwatch,
            screen_messages,
            _index(settings, screen_messages) if settings.serve.serve else None,
            Leaving(stop_asked),
        )

    def on_saved(self, path: Path) -> None:
        """Take a finished file into the index, if there is one."""
        if self.recording_index is not None:
            self.recording_index.add(path)


def _index(settings: Settings, screen_messages: ScreenMessages) -> "RecordingIndex":
    """The index of a run that begins now."""
    from livecam.sinks.record_target import record_target
    from livecam.sinks.recording_index import RecordingIndex

    return RecordingIndex(
        settings.output.snapshots,
        began=local_now(),
        record=record_target(settings).pattern,
        notify=screen_messages.post,
    )
