"""The events of a folder for the page: held in memory, followed as other threads or programs add.

Only what was added to the list is read, so that ten thousand events cost a request nothing.
"""

import bisect
import json
import os
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Self

from livecam.core.day_records.day_summary import CameraDay
from livecam.core.watching.event_list import EventCounts, EventFilter, counts_of
from livecam.core.watching.watch_event import FileKind, WatchEvent, event_of_record, is_event_id
from livecam.errors import LaterFormatError, SettingsError, SinkError
from livecam.native.real_path import real_path
from livecam.sinks.day_records.day_listing import camera_days, day_file
from livecam.sinks.events.event_log import (
    LOG_NAME,
    EventLog,
    delete_event,
    is_inside,
    is_kept,
    mark_kept,
)

LOOK_INTERVAL_S = 0.5
KEPT_COUNTS = 32
_Key = tuple[float, str]


def is_events_folder(path: Path) -> bool:
    """Whether a folder has a list of events."""
    with suppress(OSError):
        return path.is_dir() and (path / LOG_NAME).is_file()
    return False


class EventIndex:
    """What a page shows of an events folder; see core/watching/event_list.EventList.

    Attributes:
        folder: the events folder.
    """

    def __init__(
        self, folder: Path, *, is_own: bool, notify: Callable[[str], None] = lambda _: None
    ) -> None:
        """Look at nothing yet.

        Args:
            folder: need not be there yet.
            is_own: whether this program has the list and adds to it (`livecam watch`).
            notify: is told what was deleted.
        """
        self.folder, self._is_own, self._notify = folder, is_own, notify
        self._lock = threading.RLock()
        self._events: dict[str, WatchEvent] = {}
        self._order: list[_Key] = []  # the newest last
        self._going_on: tuple[WatchEvent, ...] = ()
        self._list = _GrowingList(folder / LOG_NAME)
        self._counts: dict[EventFilter, EventCounts] = {}
        self._changed: Callable[[], None] = lambda: None
        self._ending = threading.Event()
        self._revision = 0
        self._later: LaterFormatError | None = None

    def __enter__(self) -> Self:
        """Read the list, and follow it from now on.

        Raises:
            LaterFormatError: a newer livecam wrote it.
        """
        self.refresh()
        if self._later is not None:
            raise self._later
        threading.Thread(target=self._follow, name="livecam-events", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Follow it no longer."""
        self._ending.set()

    @property
    def revision(self) -> int:
        """Counts changes."""
        return self._revision

    def on_change(self, notify: Callable[[], None]) -> None:
        """Let this be called after each change, from any thread."""
        self._changed = notify

    def refresh(self) -> None:
        """Read what was added to the list since the last time."""
        with self._lock:
            is_new, lines = self._list.read()
            if is_new:
                self._events = {}
            for line in lines:
                try:
                    self._take(event_of_record(json.loads(line), str(self._list.path)))
                except (ValueError, RecursionError):
                    continue
                except LaterFormatError as error:
                    self._later = error
            if is_new or lines:
                self._order = sorted(map(_key_of, self._events.values()))
                newest = (self._events[event] for _, event in reversed(self._order))
                self._going_on = tuple(event for event in newest if not event.is_over)
                self._note_change()

    def events(self, wanted: EventFilter, after: str = "", limit: int = 100) -> list[WatchEvent]:
        """Events, newest first: at most `limit` after the one with the id `after`."""
        with self._lock:
            return self._taken(reversed(self._order[: self._place_of(after)]), wanted, limit)

    def newer_events(self, wanted: EventFilter, than: str, limit: int = 100) -> list[WatchEvent]:
        """At most `limit` events: the next ones after that with the id `than`, newest first."""
        with self._lock:
            newer = (key for key in self._order[self._place_of(than) :] if key[1] != than)
            return self._taken(newer, wanted, limit)[::-1]

    def counts(self, wanted: EventFilter) -> EventCounts:
        """How many events there are; counted once as long as nothing changes."""
        with self._lock:
            if wanted not in self._counts:
                if len(self._counts) >= KEPT_COUNTS:
                    self._counts.clear()
                self._counts[wanted] = counts_of(self._events.values(), wanted, self.is_kept)
            return self._counts[wanted]

    def day(self, day: date) -> list[CameraDay]:
        """What was recorded of a day, of each camera."""
        with self._lock:
            cameras = {event.camera for event in self._events.values()}
        return camera_days(self.folder, day, cameras)

    def day_file(self, day: date, name: str) -> Path | None:
        """A map or a time-lapse of a day; None where there is none, or it would lie outside."""
        path = day_file(self.folder, day, name)
        is_own = path is not None and is_inside(real_path(self.folder), path)
        return path if is_own else None

    def going_on(self) -> tuple[WatchEvent, ...]:
        """The events that are not over, newest first."""
        return self._going_on

    def find(self, event: str) -> WatchEvent | None:
        """The event with this id; None where there is none."""
        with self._lock:
            return self._events.get(event)

    def is_kept(self, event: str) -> bool:
        """Whether it is marked as kept."""
        return is_event_id(event) and is_kept(self.folder, event)

    def file(self, event: str, kind: FileKind) -> Path | None:
        """A file of an event; None where it has none, or it would lie outside of the folder."""
        found = self.find(event)
        if found is None or kind not in found.files:
            return None
        path = real_path(self.folder / found.files[kind])
        return path if path.is_relative_to(real_path(self.folder)) else None

    def mark_kept(self, event: str, *, is_kept: bool) -> bool:
        """Mark an event as kept, or no longer; says whether there is one.

        Raises:
            SinkError: the mark cannot be written.
        """
        if self.find(event) is None:
            return False
        mark_kept(self.folder, event, is_kept=is_kept)
        with self._lock:
            self._note_change()
        return True

    def delete(self, event: str) -> bool:
        """Delete an event and its files; says whether there was one.

        Raises:
            SinkError: it goes on, cannot be deleted, or another program has the list.
        """
        if self.find(event) is None:
            return False
        if self._is_own:
            was_there = delete_event(self.folder, event)
        else:
            try:
                with EventLog(self.folder):
                    was_there = delete_event(self.folder, event)
            except SettingsError as error:
                raise SinkError(
                    f"livecam watch writes into {self.folder.name}: delete there, on its own page."
                ) from error
        if was_there:
            self._notify(f"deleted the event {event}")
        self.refresh()
        return was_there

    def _taken(self, keys: Iterable[_Key], wanted: EventFilter, limit: int) -> list[WatchEvent]:
        """The first ones of these that are wanted; the lock is held."""
        events = (self._events[event] for _, event in keys)
        return list(islice((e for e in events if wanted.takes(e, self.is_kept)), limit))

    def _take(self, event: WatchEvent) -> None:
        """Hold what one line says."""
        if event.state == "deleted":
            self._events.pop(event.event, None)
        else:
            self._events[event.event] = event

    def _place_of(self, event: str) -> int | None:
        """Before which place of the order older events lie; None for all of them."""
        if not event:
            return None
        found = self._events.get(event)
        if found is not None:
            return bisect.bisect_left(self._order, _key_of(found))
        # It was deleted meanwhile: ids begin with the time.
        return sum(other < event for _, other in self._order)

    def _note_change(self) -> None:
        self._counts.clear()
        self._revision += 1
        self._changed()

    def _follow(self) -> None:
        while not self._ending.wait(LOOK_INTERVAL_S):
            self.refresh()
            if self._later is not None:  # a newer livecam writes it now: what is known stays
                self._notify(str(self._later))
                return


def _key_of(event: WatchEvent) -> _Key:
    return event.start.timestamp(), event.event


@dataclass(slots=True)
class _GrowingList:
    """Reads the lines that were added to a file since the last time."""

    path: Path
    read_bytes: int = 0
    identity: tuple[int, int] = (0, 0)

    def read(self) -> tuple[bool, list[bytes]]:
        """Whether it is another file than before (or shorter), and its new whole lines."""
        try:
            with self.path.open("rb") as file:
                status = os.fstat(file.fileno())
                identity = status.st_dev, status.st_ino
                is_new = identity != self.identity or status.st_size < self.read_bytes
                if is_new:
                    self.read_bytes, self.identity = 0, identity
                if status.st_size == self.read_bytes:
                    return is_new, []
                file.seek(self.read_bytes)
                whole, end, _ = file.read().rpartition(b"\n")
        except OSError:  # not there yet; or for a moment, on a disk of the network
            return False, []
        self.read_bytes += len(whole) + len(end)
        return is_new, whole.split(b"\n") if end else []
