"""A file that can be read at every moment: it is written to the disk in whole fragments only."""

import os
from functools import partial
from pathlib import Path

from livecam.sinks.recording.disk_thread import DiskThread
from livecam.sinks.recording.written_file import PendingWrite, WrittenFile


class CrashSafeFile:
    """The Python file object that a muxer writes into; bytes stay in memory until `commit`.

    The file itself is created by the first commit: a process that is killed leaves either no file,
    or one that can be opened. A commit does not wait for the disk; all that waits is counted in
    the thread's `waiting_bytes`.

    Attributes:
        on_disk: the file itself.
        is_begun: whether anything was committed.
    """

    def __init__(self, path: Path, thread: DiskThread, *, replace: bool) -> None:
        """`thread` writes; `replace` allows an existing file to be overwritten."""
        self.on_disk, self._thread = WrittenFile(path, replace=replace), thread
        self._pending: list[PendingWrite] = []
        self._position = self._end = 0
        self._is_abandoned = self.is_begun = False

    def write(self, data: bytes) -> int:
        """Keep bytes of the muxer for the next commit."""
        if not self._is_abandoned:
            last = self._pending[-1] if self._pending else None
            if last is not None and last[0] + len(last[1]) == self._position:
                last[1].extend(data)
            else:
                self._pending.append((self._position, bytearray(data)))
        self._position += len(data)
        self._end = max(self._end, self._position)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move the position, as in any file."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._end}[whence]
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """The position of the next byte."""
        return self._position

    def has_pending(self, marker: bytes) -> bool:
        """Whether `marker` is among the bytes that are not committed yet."""
        return any(marker in data for _, data in self._pending)

    def commit(self, safe_s: float = 0.0) -> None:
        """Let all pending bytes be written; then `safe_s` seconds are on the disk.

        Raises:
            OSError: something that was committed before could not be written.
        """
        pending, self._pending = self._pending, []
        if self.on_disk.failure is not None:
            raise self.on_disk.failure
        if pending:
            self.is_begun = True
            size_bytes = sum(len(data) for _, data in pending)
            self._thread.submit(partial(self.on_disk.write, pending, safe_s), size_bytes)

    def settle(self) -> None:
        """Wait until everything that was committed is on the disk, or has failed.

        Raises:
            DiskSilentError: the disk does not answer.
        """
        self._thread.call(lambda: None)

    def abandon(self) -> None:
        """After a failure: keep exactly what is on the disk, and ignore all later writes."""
        self._is_abandoned, self._pending = True, []
        self._thread.submit(self.on_disk.keep_whole)

    def check_path(self) -> None:
        """Check that the path still names the file; everything committed is on the disk then.

        Raises:
            FileNotFoundError: the file was removed, moved or replaced.
            OSError: the file system gives no answer.
            DiskSilentError: the disk does not answer.
        """
        self._thread.call(self.on_disk.check_path)

    def rescue(self) -> Path | None:
        """Copy a file that was deleted to a folder that exists; see WrittenFile.rescue.

        Raises:
            OSError: no folder could hold the copy.
            DiskSilentError: the disk does not answer.
        """
        return self._thread.call(partial(self.on_disk.rescue, self._thread.step))

    def close(self) -> None:
        """Called by the muxer, and ignored: `finish` closes the file."""

    def finish(self) -> None:
        """Wait until all is on the medium, and close the file; harmless when called again.

        Raises:
            OSError: something failed, now or before.
            DiskSilentError: the disk does not answer.
        """
        self._thread.call(self.on_disk.finish)
