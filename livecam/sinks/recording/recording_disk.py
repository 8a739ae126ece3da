"""How one recording reaches its disk: what waits to be written, and the check once a second."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import wait
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.errors import SinkError
from livecam.sinks.recording.disk_space import DiskSpaceLowError, DiskSpaceMonitor, folder_of
from livecam.sinks.recording.disk_thread import DiskThread
from livecam.sinks.recording.file_errors import FileMissingError, open_failure
from livecam.sinks.recording.video_file import VideoFile

if TYPE_CHECKING:
    from concurrent.futures import Future

CHECK_INTERVAL_S = 1.0  # a recording is forced onto the medium (fsync) this often
_BRIEF_S = 0.1  # a disk that does not stall answers within this time


def check_begin(disk_space: DiskSpaceMonitor, path: Path) -> None:
    """Do nothing where a recording can begin.

    Raises:
        SinkError: the disk is too full, or gives no answer.
    """
    try:
        disk_space.check(folder_of(path))
    except DiskSpaceLowError as error:
        raise SinkError(f"the recording {path} was not begun: {error}") from error
    except OSError as error:
        raise open_failure(path, error) from error


class RecordingDisk:
    """Two threads: an fsync may take long, and what is written meanwhile survives a kill.

    Attributes:
        writer: writes the files.
        minutes_left: how long the disk will last; None while that is unknown.
    """

    def __init__(
        self,
        disk_space: DiskSpaceMonitor,
        max_waiting_bytes: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`max_waiting_bytes` may wait for the disk; then `is_behind`."""
        self._disk_space, self._max_waiting_bytes = disk_space, max_waiting_bytes
        self._clock, self._checked_s = clock, clock()
        self._check: Future[float | None] | None = None
        self._syncs: list[Future[None]] = []
        self._syncer = DiskThread("livecam-sync")
        self.writer = DiskThread("livecam-writer")
        self.minutes_left: float | None = None

    @property
    def is_behind(self) -> bool:
        """Whether so much waits for the disk that no more may be added."""
        return self.is_behind_with(0)

    def is_behind_with(self, held_bytes: int) -> bool:
        """The same with so many bytes more, which wait for their file."""
        return self.writer.waiting_bytes + held_bytes > self._max_waiting_bytes

    def check(self, files: Sequence[VideoFile], path: Path) -> None:
        """Once a second: look for the files and at the free space, and force all onto the medium.

        Where the disk stalls, the result is known at a later call.

        Args:
            files: of one recording.
            path: the first of them.

        Raises:
            DiskSpaceLowError, FileMissingError, OSError: what was found.
        """
        now_s = self._clock()
        if self._check is None and now_s - self._checked_s >= CHECK_INTERVAL_S:
            self._checked_s = now_s
            self._check = self.writer.submit(partial(self._look, files, path))
            wait((self._check,), _BRIEF_S)
        if self._check is not None and self._check.done():
            check, self._check = self._check, None
            self.minutes_left = check.result()
            if all(sync.done() for sync in self._syncs):
                # One that fails is an error of the next write.
                self._syncs = [self._syncer.submit(file.sync) for file in files]

    def close(self) -> None:
        """End the threads, once they have done their work."""
        self.writer.close()
        self._syncer.close()

    def _look(self, files: Sequence[VideoFile], path: Path) -> float | None:
        for file in files:
            file.check_path()
        try:
            folder, written_bytes = folder_of(path), sum(file.size_bytes for file in files)
            minutes_left = self._disk_space.minutes_left(folder, written_bytes, files[0].safe_s)
            self._disk_space.check(folder)
        except FileNotFoundError as error:  # the folder, in the meantime
            raise FileMissingError from error
        return minutes_left
