"""A file that can be read at every moment: it is written to the disk in whole fragments only."""

import os
import shutil
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from livecam.sinks.output_paths import free_path

SYNC_INTERVAL_S = 1.0  # a recording is forced onto the medium (fsync) this often

PendingWrite = tuple[int, bytearray]
"""Offset in the file, and the bytes that go there."""


class CrashSafeFile:
    """The Python file object that a muxer writes into; bytes stay in memory until `commit`.

    The file itself is created by the first commit: a process that is killed leaves either no file,
    or one that can be opened.
    """

    def __init__(self, path: Path, *, replace: bool) -> None:
        """`replace` allows an existing file to be overwritten."""
        self._path, self._mode = path, "w+b" if replace else "x+b"
        self._file: BinaryIO | None = None
        self._pending: list[PendingWrite] = []
        self._position = self._end = 0
        self._is_abandoned = False
        self._sync: Future[None] | None = None
        self._sync_thread = ThreadPoolExecutor(1, "livecam-sync")
        self.size_bytes = 0

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

    def commit(self) -> None:
        """Write all pending bytes to the disk.

        Raises:
            OSError: that failed; what was committed before stays.
        """
        pending, self._pending = self._pending, []
        if self._file is None and pending:
            self._file = self._path.open(self._mode, buffering=0)  # type: ignore[assignment]
        if self._file is None:
            return
        for offset, data in pending:
            if offset < self.size_bytes:  # a changed header must not precede the data it refers to
                os.fsync(self._file.fileno())
            self._write_at(self._file, offset, data)
            self.size_bytes = max(self.size_bytes, offset + len(data))

    def sync_in_background(self) -> None:
        """Force the file onto the medium (fsync) in a thread, unless that is still going on.

        Raises:
            OSError: the sync before failed; or the file does not exist any more.
        """
        self.check_path()
        if self._file is None:
            return
        if self._sync is not None:
            if not self._sync.done():
                return
            self._sync.result()
        self._sync = self._sync_thread.submit(os.fsync, self._file.fileno())

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

    def abandon(self) -> None:
        """After a failure: keep exactly what was committed, and ignore all later writes."""
        self._is_abandoned, self._pending = True, []
        if self._file is not None:
            with suppress(OSError):
                os.ftruncate(self._file.fileno(), self.size_bytes)

    def rescue(self) -> Path | None:
        """Copy a file that was deleted while it was open to a folder that exists.

        Returns:
            The copy; None where the file was only moved: it is complete, wherever it is now.

        Raises:
            OSError: no folder could hold the copy.
        """
        file = self._file
        if file is None or os.fstat(file.fileno()).st_nlink:
            return None
        nearest = next(folder for folder in self._path.parents if folder.is_dir())
        stem = f"{self._path.stem}_rescued"
        failures: list[OSError] = []
        for folder in (nearest, Path.cwd(), Path(tempfile.gettempdir())):
            try:
                return _copy_synced(file, free_path(folder, stem, self._path.suffix))
            except OSError as error:  # not writable, or full
                failures.append(error)
        raise failures[0]

    def close(self) -> None:
        """Called by the muxer, and ignored: `finish` closes the file."""

    def finish(self) -> None:
        """Force the file onto the medium and close it; harmless when called again.

        Raises:
            OSError: this sync failed, or the one before.
        """
        self._sync_thread.shutdown(wait=True)
        file, self._file = self._file, None
        if file is not None:
            try:
                if not self._is_abandoned:
                    if self._sync is not None:  # the system reports a failed write only once
                        self._sync.result()
                    os.fsync(file.fileno())
            finally:
                file.close()

    @staticmethod
    def _write_at(file: BinaryIO, offset: int, data: bytearray) -> None:
        file.seek(offset)
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]


def _copy_synced(file: BinaryIO, target: Path) -> Path:
    """Copy a file onto the medium, whole or not at all."""
    file.seek(0)
    with target.open("xb") as copy:
        try:
            shutil.copyfileobj(file, copy)
            copy.flush()
            os.fsync(copy.fileno())
        except OSError:
            copy.close()
            target.unlink(missing_ok=True)
            raise
    return target
