"""The index of finished recordings and snapshots, for the page; ids reveal no paths.

It is kept up to date, so that a folder of 10,000 files costs a request nothing: a thread looks
whether the folder has changed, and reads how long those videos are that were asked for.
"""

import bisect
import hmac
import os
import secrets
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Literal, Self

from livecam.core.types import OutputFile
from livecam.errors import SinkError
from livecam.native.real_path import real_path
from livecam.sinks.deleted_together import companions_of
from livecam.sinks.earlier_files import EarlierFiles, has_own_name, time_text
from livecam.sinks.output_locks import OutputBusyError, lock_output
from livecam.sinks.video_durations import VideoDurations, measured_s

MAX_ITEMS = 200
LOOK_INTERVAL_S = 1.0
_KINDS: dict[str, tuple[Literal["video", "picture"], str]] = {
    ".mp4": ("video", "video/mp4"),
    ".mkv": ("video", "video/x-matroska"),
    ".png": ("picture", "image/png"),
}


class RecordingIndex:
    """The finished files of this run, and those of earlier runs in its folders.

    A file in a folder is listed only if it has a name that livecam gives and is older than this
    run: what is being written now is added when it is finished.
    """

    def __init__(
        self,
        folder: Path,
        *,
        began: datetime,
        record: Path | None = None,
        notify: Callable[[str], None] = lambda _: None,
        measure: Callable[[Path], float | None] = measured_s,
    ) -> None:
        """Look at nothing yet.

        Args:
            folder: of --snapshots, whose files are listed.
            began: when this run began.
            record: names of --record with codes for date and time: such files are listed, too.
            notify: is told what was deleted.
            measure: gives the seconds of a video.
        """
        self._record, self._began_s = record, began.timestamp()
        self._files = EarlierFiles(folder, record)
        self._notify = notify
        self._id_key = secrets.token_bytes(16)
        self._lock = threading.RLock()
        self._order: list[tuple[str, Path]] = []  # times and paths, the newest last
        self._earlier: set[Path] = set()
        self._made: set[Path] = set()
        self._given: dict[str, Path] = {}  # ids that were given out
        self._durations = VideoDurations(measure)
        self._is_looked_at = False
        self._ending = threading.Event()
        self.revision = 0

    def __enter__(self) -> Self:
        """Look at the folders, and follow its changes from now on."""
        self.refresh()
        threading.Thread(target=self._follow, name="livecam-index", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Follow them no longer."""
        self._ending.set()
        self._durations.asked.set()

    def add(self, path: Path) -> None:
        """Add a file that was finished; one that is neither video nor picture is ignored."""
        # A recording may have been asked for by a link; whoever makes one later is not followed.
        path = real_path(path) if path.is_symlink() else path.absolute()
        if path.suffix.casefold() not in _KINDS:
            return
        with self._lock:
            if path not in self._made:
                self._forget({path})
                self._made.add(path)
                bisect.insort(self._order, (time_text(time.time()), path))
            self.revision += 1

    @property
    def made(self) -> int:
        """How many files this run has finished."""
        return len(self._made)

    def items(self, after: str = "", limit: int = MAX_ITEMS) -> list[OutputFile]:
        """Files that exist, the newest first.

        Args:
            after: the id of the last one that is known already; "" to begin with the newest.
            limit: at most so many.
        """
        if not self._is_looked_at:
            self.refresh()
        found: list[OutputFile] = []
        for path in self._paths_after(after):
            item = self._item(path)
            if item is not None:
                found.append(item)
            if len(found) == limit:
                break
        return found

    def find(self, file_id: str) -> OutputFile | None:
        """The file with this id, which `items` has given; None where there is none."""
        path = self._given.get(file_id)
        return None if path is None else self._item(path)

    def delete(self, file_id: str) -> bool:
        """Delete the file with this id, and its figures; says whether there is one.

        Raises:
            SinkError: it cannot be deleted, somebody still writes it, or livecam did not make it.
        """
        item = self.find(file_id)
        if item is None:
            return False
        with ExitStack() as locks:
            if item.path not in self._made:  # else it is finished
                self._refuse_foreign(item.path)
                _lock_finished(item.path, locks)
            try:
                for path in (*item.companions, item.path):  # by the last one they are found again
                    path.unlink(missing_ok=True)
            except OSError as error:  # without permission; on Windows while somebody reads it
                raise SinkError(
                    f"{item.path.name} cannot be deleted ({error.strerror}): try again later."
                ) from error
        self._forget({item.path})
        more = "".join(f" and {path.name}" for path in item.companions)
        self._notify(f"deleted {item.path}{more}")
        return True

    def refresh(self) -> None:
        """Look whether the folders have changed, and which files they have."""
        self._is_looked_at = True
        files = self._files.look()
        if files is None:
            return
        with self._lock:
            gone, new = self._earlier - files.keys(), files.keys() - self._earlier - self._made
            self._earlier |= new
            self._order.extend((files[path], path) for path in new)
            if new:
                self._order.sort()
                self.revision += 1
            if gone:
                self._forget(gone)

    def _forget(self, paths: set[Path]) -> None:
        with self._lock:
            self._durations.forget(paths)
            self._order = [entry for entry in self._order if entry[1] not in paths]
            self._made -= paths
            self._earlier -= paths
            self._given = {key: path for key, path in self._given.items() if path not in paths}
            self.revision += 1

    def _paths_after(self, after: str) -> Iterator[Path]:
        with self._lock:
            paths = [path for _, path in reversed(self._order)]
            last = self._given.get(after)
        known = next((n for n, path in enumerate(paths, 1) if path is last), 0)
        return iter(paths[known:])

    def _item(self, path: Path) -> OutputFile | None:
        try:
            status = path.lstat()
        except OSError:  # deleted meanwhile
            return None
        is_of_an_earlier_run = status.st_mtime < self._began_s
        if not stat.S_ISREG(status.st_mode) or not (path in self._made or is_of_an_earlier_run):
            return None
        file_id = hmac.digest(self._id_key, os.fsencode(path), "sha256").hex()[:20]
        with self._lock:
            self._given[file_id] = path
        kind, media_type = _KINDS[path.suffix.casefold()]
        return OutputFile(
            id=file_id,
            path=path,
            kind=kind,
            media_type=media_type,
            size_bytes=status.st_size,
            made_at=datetime.fromtimestamp(status.st_mtime).astimezone(),
            duration_s=self._durations.of(path, status.st_mtime_ns) if kind == "video" else None,
            companions=companions_of(path),
        )

    def _refuse_foreign(self, path: Path) -> None:
        """Raise SinkError for a file that only has a name as --record gives it."""
        if has_own_name(path) or self._record is None:
            return
        from livecam.sinks.recording.own_recordings import own_recording

        if own_recording(path, self._record, _annotated(path)) is None:
            raise SinkError(f"{path.name} is not as livecam recorded it: delete it yourself.")

    def _follow(self) -> None:
        while not self._ending.is_set():
            self._durations.asked.wait(LOOK_INTERVAL_S)
            self._durations.asked.clear()
            self.refresh()
            self._durations.measure_waiting(self._count_change, self._ending)

    def _count_change(self) -> None:
        with self._lock:
            self.revision += 1


def _lock_finished(path: Path, locks: ExitStack) -> None:
    """Lock a file, so that nobody begins to write it.

    Raises:
        SinkError: another livecam writes it, or the video that it belongs to.
    """
    for output in dict.fromkeys((path, _annotated(path))):
        try:
            locks.callback(lock_output(output).release)
        except OutputBusyError as error:
            raise SinkError(f"{path.name} is still being recorded: end that first.") from error


def _annotated(path: Path) -> Path:
    """The annotated video that a file is, or is the untouched twin of."""
    return path.with_name(f"{path.stem.removesuffix('_clean')}{path.suffix}")
