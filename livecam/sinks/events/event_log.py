"""The list of events, `events.jsonl`: one line for each change of an event; the last one counts.

Lines are only ever added, each whole and brought onto the medium before anything else goes on. So
it can be read at any time, also by other programs, and a killed one loses at most half a line.
"""

import json
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from livecam.core.printable_text import json_line
from livecam.core.watching.watch_event import (
    KEEP_SUFFIX,
    WatchEvent,
    day_folder,
    event_of_record,
    event_record,
)
from livecam.errors import SettingsError, SinkError
from livecam.native.real_path import real_path
from livecam.sinks.output_locks import OutputBusyError, OutputLock, lock_output
from livecam.sinks.output_paths import made_folder

LOG_NAME = "events.jsonl"
LONGEST_LINE_BYTES = 100_000
FLAG = "--events"

_appending = threading.Lock()
"""Lines of one program come one after the other, whoever adds them."""


class EventLog:
    """Adds to the list of a folder, as the only program that does; a context manager.

    Attributes:
        folder: the events folder.
        written_at: when the list was last written before it was opened, by the clock of then; None
            where it is new.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written_at: datetime | None = None
        self._lock: OutputLock | None = None

    def __enter__(self) -> Self:
        """Make the folder, lock the list and mend its end.

        Raises:
            SettingsError: another livecam writes it.
            SinkError: it cannot be written.
        """
        made_folder(self.folder, FLAG)
        path = self.folder / LOG_NAME
        try:
            self._lock = lock_output(path)
        except OutputBusyError:
            raise SettingsError(
                f"another livecam writes events into {self.folder}: give another {FLAG}."
            ) from None
        with _written(path):
            self.written_at = _written_at(path)
            _mend_end(path)
        return self

    @property
    def problem(self) -> str:
        """Why the file system gives no locks; "" where it does."""
        return "" if self._lock is None else self._lock.problem

    def __exit__(self, *_: object) -> None:
        """Give the list free."""
        if self._lock is not None:
            self._lock.release()

    def append(self, event: WatchEvent) -> None:
        """Add the present state of an event; returns when it is on the medium.

        Raises:
            SinkError: it could not be written.
        """
        append_event(self.folder, event)

    def events(self) -> dict[str, WatchEvent]:
        """All events by id, in order of their starts."""
        return read_events(self.folder)


def append_event(folder: Path, event: WatchEvent) -> None:
    """Add a line to the list of a folder whose list this program has.

    Raises:
        SinkError: it could not be written.
    """
    path = folder / LOG_NAME
    text = json_line(event_record(event))
    with _appending, _written(path), path.open("ab+") as file:
        whole_bytes = file.tell()
        file.seek(max(0, whole_bytes - 1))
        if file.read(1) not in (b"", b"\n"):  # half a line of before: the new one stays whole
            text = f"\n{text}"
        try:
            file.write(text.encode("utf-8", "backslashreplace"))
            file.flush()
            os.fsync(file.fileno())
        except OSError:  # a full disk took a part of it
            with suppress(OSError):
                os.truncate(path, whole_bytes)
            raise


def read_events(folder: Path) -> dict[str, WatchEvent]:
    """The events of a folder by id, in order of their starts, without deleted ones.

    What is no event (half a line, a line of a stranger) is passed over. A folder without a list
    has no events.

    Raises:
        SinkError: there is a list, but it cannot be read, or a newer livecam wrote it.
    """
    found: dict[str, WatchEvent] = {}
    try:
        for event in _lines(folder / LOG_NAME):
            if event.state == "deleted":
                found.pop(event.event, None)
            else:
                found[event.event] = event
    except OSError as error:
        raise SinkError(
            f"the events in {folder / LOG_NAME} cannot be read ({error.strerror}): check it."
        ) from error
    return dict(sorted(found.items(), key=lambda item: (item[1].start, item[0])))


def keep_path(folder: Path, event: str) -> Path:
    """The empty file that marks an event as kept.

    Raises:
        ValueError: it is no id.
    """
    return folder / day_folder(event) / f"{event}{KEEP_SUFFIX}"


def is_kept(folder: Path, event: str) -> bool:
    """Whether an event is marked as kept: no rule deletes it; one that nobody can look at is."""
    try:
        keep_path(folder, event).stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # the folder of another user, a disk that is away
        return True
    return True


def mark_kept(folder: Path, event: str, *, is_kept: bool) -> None:
    """Mark an event as kept, or no longer.

    Raises:
        ValueError: it is no id.
        SinkError: the mark could not be written.
    """
    path = keep_path(folder, event)
    with _written(path):
        if is_kept:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        else:
            path.unlink(missing_ok=True)


def delete_event(folder: Path, event: str) -> bool:
    """Delete the files of an event, and then the event; says whether there was one.

    Raises:
        SinkError: it still goes on, or a file cannot be deleted; then the event stays.
    """
    found = read_events(folder).get(event)
    if found is None:
        return False
    if not found.is_over:
        raise SinkError(f"{event} still goes on: delete it when it is over.")
    for path in (*files_of(folder, found), keep_path(folder, event)):
        with _written(path, "deleted"):
            path.unlink(missing_ok=True)
    append_event(folder, replace(found, state="deleted", files={}))
    with suppress(OSError):  # others lie there
        (folder / day_folder(event)).rmdir()
    return True


def files_of(folder: Path, event: WatchEvent) -> tuple[Path, ...]:
    """The files of an event that its line names; none that lies outside of the folder."""
    return next(files_of_each(folder, [event]))


def files_of_each(folder: Path, events: Iterable[WatchEvent]) -> Iterator[tuple[Path, ...]]:
    """The same of each of these events; where the folder leads is looked up once."""
    real_folder = real_path(folder)
    for event in events:
        paths = (folder / name for name in event.files.values())
        yield tuple(path for path in paths if is_inside(real_folder, path))


def is_inside(real_folder: Path, path: Path) -> bool:
    """Whether a path leads to something in the folder, also by links.

    Args:
        real_folder: where the folder leads (native/real_path.py), for all paths that are asked.
        path: of a file.
    """
    return real_path(path).is_relative_to(real_folder)


def _lines(path: Path) -> Iterator[WatchEvent]:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        while line := file.readline(LONGEST_LINE_BYTES):
            with suppress(ValueError, RecursionError):
                yield event_of_record(json.loads(line), str(path))


def _written_at(path: Path) -> datetime | None:
    """When a file was last written; None where there is none."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def _mend_end(path: Path) -> None:
    """Cut half a line at the end, which a killed program left; make the file where there is none.

    Zeros, which a file has at its end after a power failure, are no line either.
    """
    with path.open("ab+") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(0, end - LONGEST_LINE_BYTES))
        tail = file.read()
        whole_bytes = tail.rfind(b"\n") + 1
        if whole_bytes < len(tail):
            file.truncate(end - len(tail) + whole_bytes)
            os.fsync(file.fileno())


@contextmanager
def _written(path: Path, verb: str = "written") -> Iterator[None]:
    """Turns an OSError of the block into a SinkError that names the file."""
    try:
        yield
    except OSError as error:
        raise SinkError(
            f"{path} could not be {verb} ({error.strerror or error}): "
            "check the disk and the folder."
        ) from error
