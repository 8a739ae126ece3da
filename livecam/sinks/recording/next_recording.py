"""The next set of files of a recording: its name is found beside the encoding."""

from collections.abc import Callable
from concurrent.futures import wait
from datetime import datetime
from functools import partial

from livecam.sinks.recording.disk_thread import DiskThread
from livecam.sinks.recording.recording import Recording
from livecam.sinks.recording.recording_names import RecordingName, RecordingNames

_BRIEF_S = 0.1  # a disk that does not stall answers within this time


class NextRecording:
    """Looks for a free name in a thread: folder and lock are made, and a disk may stall."""

    def __init__(
        self,
        names: RecordingNames,
        before: RecordingName,
        begun: datetime,
        make: Callable[[RecordingName, datetime], Recording],
    ) -> None:
        """Start to look.

        Args:
            names: gives the name.
            before: of the files that are left.
            begun: when the next ones begin, wall clock.
            make: gives the recording of a name.
        """
        self._begun, self._make = begun, make
        self._thread = DiskThread("livecam-begin")
        self._name = self._thread.submit(partial(names.after, before, begun))
        self._thread.close()
        wait((self._name,), _BRIEF_S)

    @property
    def is_over(self) -> bool:
        """Whether the disk has answered; may be asked in any thread."""
        return self._name.done()

    def recording(self, *, is_waited_for: bool) -> Recording | None:
        """The recording; None as long as the disk does not answer, unless it is waited for.

        Raises:
            SinkError: there is no such name.
            DiskSilentError: the disk does not answer.
        """
        if not (is_waited_for or self.is_over):
            return None
        return self._make(self._thread.result_of(self._name), self._begun)

    def release(self) -> None:
        """Give the name back where it was found."""
        if self._name.done() and self._name.exception() is None:
            self._name.result().release()
