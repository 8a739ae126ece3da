"""The beginning of a recording: its name and a look at its disk, found beside the encoding."""

from concurrent.futures import wait
from datetime import datetime
from functools import partial

from livecam.sinks.recording.disk_space import DiskSpaceMonitor
from livecam.sinks.recording.disk_thread import DiskThread
from livecam.sinks.recording.recording_disk import check_begin
from livecam.sinks.recording.recording_names import RecordingName, RecordingNames

_BRIEF_S = 0.25  # a disk that does not stall answers within this time


class Beginning:
    """Looks for a name in a thread: a disk may stall at this very moment.

    Attributes:
        begun: when the recording began, wall clock.
    """

    def __init__(self, names: RecordingNames, disk_space: DiskSpaceMonitor, now: datetime) -> None:
        """Start to look."""
        self.begun = now
        self._thread = DiskThread("livecam-begin")
        self._disk_space = disk_space
        self._name = self._thread.submit(partial(names.next, now))
        self._check = self._thread.submit(self._check_disk)
        wait((self._check,), _BRIEF_S)

    @property
    def is_over(self) -> bool:
        """Whether the disk has answered; may be asked in any thread."""
        return self._check.done()

    @property
    def found(self) -> RecordingName | None:
        """The name, whether its disk can be written or not; None where there is none yet."""
        has_name = self._name.done() and self._name.exception() is None
        return self._name.result() if has_name else None

    def name(self, *, is_last: bool = False) -> RecordingName | None:
        """The name, with a disk that can be written; None as long as the disk does not answer.

        Args:
            is_last: whether to wait for it, since no other frame comes.

        Raises:
            SinkError: there is no such name, or too little space.
            DiskSilentError: the disk does not answer.
        """
        if not (is_last or self.is_over):
            return None
        self._thread.close()
        name = self._thread.result_of(self._name)
        self._thread.result_of(self._check)
        return name

    def release(self) -> RecordingName | None:
        """Give the name back where it was found; gives which it was."""
        name = self.found
        if name is not None:
            name.release()
        return name

    def _check_disk(self) -> None:
        if self.found is not None:
            check_begin(self._disk_space, self.found.path)
