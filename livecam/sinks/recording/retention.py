"""--keep-days and --keep-gb: the oldest recordings that livecam made are deleted, and told.

A file counts as a recording where the metadata in it say that it was made under this very name, by
this very --record (own_recordings.py). Clean twin and figures go with their recording. Whatever
somebody renamed, cut, or put there is neither counted nor deleted, and nothing that is written.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from livecam.core.formatting import megabytes
from livecam.sinks.dated_files import dated_files
from livecam.sinks.deleted_together import are_figures
from livecam.sinks.output_locks import OutputBusyError, OutputLock, lock_output
from livecam.sinks.output_paths import clean_path, stats_path
from livecam.sinks.recording.keep_limits import KeepLimits
from livecam.sinks.recording.own_recordings import OwnRecording, own_recording

_SURELY_FINISHED_S = 600.0  # what is being written changes every second


@dataclass(frozen=True, slots=True)
class _Kept:
    """A recording with all its files."""

    files: tuple[Path, ...]
    size_bytes: int
    made_ns: int


class Retention:
    """Deletes what is beyond the limits; may be called in any thread."""

    def __init__(
        self, pattern: Path, limits: KeepLimits, *, clock: Callable[[], float] = time.time
    ) -> None:
        """Delete nothing yet.

        Args:
            pattern: names of recordings, with folder and suffix.
            limits: how much is kept.
            clock: seconds since 1970, as in the times of files.
        """
        self._pattern, self._limits, self._clock = pattern, limits, clock
        self._lock = threading.Lock()
        self._known: dict[tuple[Path, int, int], OwnRecording | None] = {}
        self._own: set[Path] = set()
        self._total_bytes = 0
        self._is_too_much_told = False
        self._looked_s = float("-inf")

    def add(self, path: Path) -> None:
        """This run has finished a recording: it may be deleted, though its name is locked."""
        self._own.add(path)
        self._looked_s = float("-inf")

    def is_due(self, writing_bytes: int) -> bool:
        """Whether it is time to look again, now that so much is being written."""
        is_over = self._limits.is_full(self._total_bytes + writing_bytes)
        return is_over or abs(self._clock() - self._looked_s) > 60.0

    def enforce(self, writing: Sequence[Path], writing_bytes: int) -> str:
        """Delete the oldest recordings beyond the limits.

        Args:
            writing: what is being written by this run: neither counted nor deleted. Where that
                is nothing, the newest recording is not deleted either.
            writing_bytes: how large that is, or will soon be; it counts to the limit.

        Returns:
            One line for the user; "" where nothing was deleted.
        """
        with self._lock:
            return self._enforce(writing, writing_bytes)

    def _enforce(self, writing: Sequence[Path], writing_bytes: int) -> str:
        now_s = self._looked_s = self._clock()
        kept = sorted(self._recordings(set(writing)), key=lambda each: (each.made_ns, each.files))
        total_bytes = sum(each.size_bytes for each in kept)
        deleted: list[_Kept] = []
        # When a run ends, its last recording stays, however large it is.
        for each in kept if writing else kept[:-1]:
            age_s = now_s - each.made_ns / 1e9
            if not self._limits.is_beyond(age_s, total_bytes + writing_bytes):
                continue
            if self._delete(each):
                deleted.append(each)
                total_bytes -= each.size_bytes
        self._total_bytes = total_bytes
        names = [each.files[0].name for each in deleted]
        line = self._limits.deletion_line(names, "recording")
        return line or self._told_of_too_much(total_bytes + writing_bytes)

    def _recordings(self, writing: set[Path]) -> Iterator[_Kept]:
        for path in dated_files(self._pattern):
            own = None if path in writing else self._own_recording(path, path)
            if own is not None:
                twin, figures = clean_path(path), stats_path(path)
                more = [twin] if self._own_recording(twin, path) is not None else []
                more += [figures] if own.has_figures and are_figures(figures) else []
                with suppress(OSError):  # deleted meanwhile
                    files = (path, *more)
                    size_bytes = sum(file.stat().st_size for file in files)
                    yield _Kept(files, size_bytes, path.stat().st_mtime_ns)

    def _own_recording(self, video: Path, path: Path) -> OwnRecording | None:
        """What a video says that was made for the recording of this name; remembered."""
        try:
            status = video.lstat()
        except OSError:
            return None
        key = (video, status.st_mtime_ns, status.st_size)
        if key not in self._known:
            self._known[key] = own_recording(video, self._pattern, path)
        return self._known[key]

    def _delete(self, each: _Kept) -> bool:
        """Delete a recording, unless another run is at work on it."""
        path = each.files[0]
        try:
            lock = None if path in self._own else lock_output(path, wait_s=0)
        except OutputBusyError:
            return False
        if lock is not None and self._may_be_written(each, lock):
            return False
        try:
            for file in reversed(each.files):  # the video last: by it the others are found again
                file.unlink(missing_ok=True)
        except OSError:  # not ours to delete
            return False
        finally:
            if lock is not None:
                lock.release()
        self._own.discard(path)
        _remove_empty(path.parent, self._pattern)
        return True

    def _may_be_written(self, each: _Kept, lock: OutputLock) -> bool:
        """Whether no lock can say it: by another user, or lately where there are no locks."""
        age_s = self._clock() - each.made_ns / 1e9
        return lock.is_foreign or bool(lock.problem and age_s < _SURELY_FINISHED_S)

    def _told_of_too_much(self, size_bytes: int) -> str:
        """Once: nothing is left to delete, and still there is more than the limit."""
        limit = self._limits.size_bytes
        if limit is None or size_bytes <= limit or self._is_too_much_told:
            return ""
        self._is_too_much_told = True
        size = megabytes(size_bytes)
        return (
            f"{self._limits.text} cannot be kept: what is being written takes {size} alone. A "
            "smaller --split, or a larger limit, helps."
        )


def _remove_empty(folder: Path, pattern: Path) -> None:
    """Remove the folder and those above it, as far as the pattern's dates made them."""
    levels: Iterable[Path] = (folder, *folder.parents)
    for part, level in zip(reversed(pattern.parent.parts), levels, strict=False):
        if "%" not in part:
            return
        try:
            level.rmdir()
        except OSError:  # something is in it
            return
