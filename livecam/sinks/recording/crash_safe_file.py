"""A file that is written in whole pieces, so that it is readable at every moment."""

import os
import shutil
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from livecam.sinks.output_paths import free_path

Piece = tuple[int, bytearray]


class SafeFile:
    """What the muxer writes into, as a Python file object; nothing reaches the disk by itself.

    `commit` writes what has come together since the last one, and the file itself is made with
    the first commit: whoever kills the program finds no file, or one that can be opened.
    """

    def __init__(self, path: Path, *, replace: bool) -> None:
        """`replace` allows an existing file to be overwritten."""
        self._path, self._mode = path, "w+b" if replace else "x+b"
        self._file: BinaryIO | None = None
        self._pieces: list[Piece] = []
        self._position = self._end = 0
        self._given_up = False
        self._syncing: Future[None] | None = None
        self._syncer = ThreadPoolExecutor(1, "livecam-sync")
        self.size_bytes = 0

    def write(self, data: bytes) -> int:
        """Take bytes from the muxer."""
        if not self._given_up:
            last = self._pieces[-1] if self._pieces else None
            if last is not None and last[0] + len(last[1]) == self._position:
                last[1].extend(data)
            else:
                self._pieces.append((self._position, bytearray(data)))
        self._position += len(data)
        self._end = max(self._end, self._position)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move within the file to be."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._end}[whence]
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """Where the next byte goes."""
        return self._position

    def holds(self, mark: bytes) -> bool:
        """Whether `mark` is among what has not been committed yet."""
        return any(mark in data for _, data in self._pieces)

    def commit(self) -> None:
        """Write everything to the disk.

        Raises:
            OSError: that failed; what was committed before stays.
        """
        pieces, self._pieces = self._pieces, []
        if self._file is None and pieces:
            self._file = self._path.open(self._mode, buffering=0)  # type: ignore[assignment]
        if self._file is None:
            return
        for offset, data in pieces:
            if offset < self.size_bytes:  # a change of the beginning, after what it speaks of
                os.fsync(self._file.fileno())
            self._write_at(self._file, offset, data)
            self.size_bytes = max(self.size_bytes, offset + len(data))

    def sync_soon(self) -> None:
        """Ask the system to bring the file onto the medium, beside our work.

        Raises:
            OSError: the time before, that failed; or the file is not there any more.
        """
        self.check_still_there()
        if self._file is None:
            return
        if self._syncing is not None:
            if not self._syncing.done():
                return
            self._syncing.result()
        self._syncing = self._syncer.submit(os.fsync, self._file.fileno())

    def check_still_there(self) -> None:
        """Look whether the file that is written is the one that bears its name.

        Raises:
            FileNotFoundError: it was removed, moved or replaced.
            OSError: the system does not tell.
        """
        if self._file is None:
            return
        ours, there = os.fstat(self._file.fileno()), self._path.stat()
        if (ours.st_ino, ours.st_dev) != (there.st_ino, there.st_dev):
            raise FileNotFoundError(2, "another file took its place", str(self._path))

    def give_up(self) -> None:
        """After a failure: keep exactly what was committed, whatever the muxer still says."""
        self._given_up, self._pieces = True, []
        if self._file is not None:
            with suppress(OSError):
                os.ftruncate(self._file.fileno(), self.size_bytes)

    def rescue(self) -> Path | None:
        """Copy a file that was deleted under our hands to a place that exists.

        None where it was only moved: it is whole, wherever it is now.

        Raises:
            OSError: no place takes it.
        """
        file = self._file
        if file is None or os.fstat(file.fileno()).st_nlink:
            return None
        folder = next(place for place in self._path.parents if place.is_dir())
        stem = f"{self._path.stem}_rescued"
        failures: list[OSError] = []
        for place in (folder, Path.cwd(), Path(tempfile.gettempdir())):
            try:
                return _copied(file, free_path(place, stem, self._path.suffix))
            except OSError as error:  # it may not be written there, or is full
                failures.append(error)
        raise failures[0]

    def close(self) -> None:
        """Called by the muxer, which must not decide about it: see `finish`."""

    def finish(self) -> None:
        """Bring it onto the medium and close it; harmless when called again.

        Raises:
            OSError: the medium failed at the last moment.
        """
        self._syncer.shutdown(wait=True)
        file, self._file = self._file, None
        if file is not None:
            try:
                if not self._given_up:
                    if self._syncing is not None:  # a failure is told once, to whoever asked first
                        self._syncing.result()
                    os.fsync(file.fileno())
            finally:
                file.close()

    @staticmethod
    def _write_at(file: BinaryIO, offset: int, data: bytearray) -> None:
        file.seek(offset)
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]


def _copied(file: BinaryIO, target: Path) -> Path:
    """A whole copy on the medium, or none at all."""
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
