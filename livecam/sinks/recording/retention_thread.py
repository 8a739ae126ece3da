"""Keeps --keep-days and --keep-gb while recordings are written, in a thread that nobody awaits."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.core.formatting import reason_of
from livecam.sinks.recording.disk_thread import DiskSilentError, DiskThread
from livecam.sinks.recording.retention import Retention

if TYPE_CHECKING:
    from concurrent.futures import Future


class RetentionThread:
    """Lets old recordings be deleted in time, as the new ones grow."""

    def __init__(self, retention: Retention | None, notify: Callable[[str], None]) -> None:
        """Start no thread yet.

        Args:
            retention: deletes them; None where all are kept.
            notify: gets one line about what was deleted.
        """
        self._retention, self._notify = retention, notify
        self._writing: Sequence[Path] = ()
        self._writing_bytes = self._copy_bytes = 0
        self._thread: DiskThread | None = None
        self._looking: Future[None] | None = None
        self._problem = ""

    def set_writing(self, paths: Sequence[Path], size_bytes: int) -> None:
        """What is being written now, and how large it is, or will soon be."""
        if self._retention is None:
            return
        is_new = list(paths) != list(self._writing)
        self._writing, self._writing_bytes = paths, size_bytes
        is_free = self._looking is None or self._looking.done()
        if is_free and (is_new or self._retention.is_due(size_bytes + self._copy_bytes)):
            self._thread = self._thread or DiskThread("livecam-keep")
            self._looking = self._thread.submit(self._enforce)

    @contextmanager
    def copying(self, path: Path, size_bytes: int) -> Iterator[None]:
        """Make room for a copy of a recording; afterwards that is finished."""
        self._copy_bytes += size_bytes
        self._enforce()
        try:
            yield
        finally:
            self._copy_bytes -= size_bytes
            if self._retention is not None:
                self._retention.add(path)

    def close(self) -> None:
        """Look a last time, and end the thread; a disk that does not answer is left to itself."""
        self._writing, self._writing_bytes = (), 0
        thread, self._thread = self._thread, None
        if thread is not None:
            looking = thread.submit(self._enforce)
            thread.close()
            with suppress(DiskSilentError):
                thread.result_of(looking)

    def _enforce(self) -> None:
        """What fails here costs no recording."""
        if self._retention is None:
            return
        try:
            line = self._retention.enforce(self._writing, self._writing_bytes + self._copy_bytes)
        except OSError as error:
            line = f"old recordings cannot be looked at ({reason_of(error)}): none is deleted"
            if line == self._problem:  # said once
                return
            self._problem = line
        if line:
            self._notify(line)
