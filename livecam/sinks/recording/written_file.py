"""The file of a recording on the disk; its methods may stall, and are called in a DiskThread."""

import os
import stat
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from livecam.sinks.recording.rescue import copy_to_first_place

PendingWrite = tuple[int, bytearray]
"""Offset in the file, and the bytes that go there."""


class WrittenFile:
    """Created with its first bytes; after a failed write it takes no more.

    Attributes:
        size_bytes: how many bytes are in it.
        has_content: whether any pieces were written whole; without it `keep_whole` leaves no file.
        safe_s: duration of what is in it, as given to `write`.
        failure: what failed first, None where nothing did; may be read in any thread.
    """

    def __init__(self, path: Path, *, replace: bool) -> None:
        """`replace` allows an existing file to be overwritten."""
        self._path, self._mode = path, "w+b" if replace else "x+b"
        self._file: BinaryIO | None = None
        self._sync_lock = threading.Lock()  # held while the file is synced, or closed
        self._is_dropped = False
        self.size_bytes = 0
        self.has_content = False
        self.safe_s = 0.0
        self.failure: OSError | None = None

    def write(self, pieces: Sequence[PendingWrite], safe_s: float) -> None:
        """Write pieces; from then on `safe_s` seconds are in the file."""
        if self.failure is not None:
            return
        try:
            file = self._file or self._open()
            for offset, data in pieces:
                self._write_at(file, offset, data)
        except OSError as error:
            self.failure = error
            return
        self.has_content = True
        self.safe_s = max(self.safe_s, safe_s)

    def sync(self) -> None:
        """Force the file onto the medium (fsync); may be called beside the writing.

        Raises:
            OSError: that failed.
        """
        with self._sync_lock:
            self._sync()

    def check_path(self) -> None:
        """Check that the path still names the file that is being written.

        Raises:
            FileNotFoundError: the file was removed, moved or replaced.
            OSError: the file system gives no answer.
        """
        if self._file is None:
            return
        ours, there = os.fstat(self._file.fileno()), self._path.stat()
        if (ours.st_ino, ours.st_dev) != (there.st_ino, there.st_dev):
            raise FileNotFoundError(2, "another file took its place", str(self._path))

    def keep_whole(self) -> None:
        """After a failure: keep exactly what was written in whole pieces, and no empty file."""
        with suppress(OSError):
            if self._file is not None and self.has_content:
                os.ftruncate(self._file.fileno(), self.size_bytes)
            elif self._file is not None:
                self.check_path()
                self._is_dropped = stat.S_ISREG(os.fstat(self._file.fileno()).st_mode)

    def rescue(self, on_progress: Callable[[], None] = lambda: None) -> Path | None:
        """Copy a file that was deleted while it was open to a folder that exists.

        `on_progress` is called whenever the copy has grown.

        Returns:
            The copy; None where the file was only moved: it is complete, wherever it is now.

        Raises:
            OSError: no folder could hold the copy.
        """
        file = self._file
        if file is None or os.fstat(file.fileno()).st_nlink:
            return None
        return copy_to_first_place(file, self._path, on_progress)

    def finish(self) -> None:
        """Force the file onto the medium and close it; harmless when called again.

        Raises:
            OSError: something failed, now or before.
        """
        with self._sync_lock:
            file = self._file
            if file is None:
                return
            try:
                if self.failure is not None:
                    self.keep_whole()
                    raise self.failure
                self._sync()
            finally:
                self._file = None
                file.close()
                if self._is_dropped:  # not before: Windows deletes no open file
                    with suppress(OSError):
                        self._path.unlink()

    def _open(self) -> BinaryIO:
        file: BinaryIO = self._path.open(self._mode, buffering=0)  # type: ignore[assignment]
        self._file = file
        return file

    def _sync(self) -> None:
        """The system reports a failed write only once, to the first fsync after it."""
        if self._file is not None:
            try:
                os.fsync(self._file.fileno())
            except OSError as error:
                self.failure = self.failure or error
                raise

    def _write_at(self, file: BinaryIO, offset: int, data: bytearray) -> None:
        if offset < self.size_bytes:  # a changed header must not precede the data it refers to
            os.fsync(file.fileno())
        file.seek(offset)
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]
        self.size_bytes = max(self.size_bytes, offset + len(data))
