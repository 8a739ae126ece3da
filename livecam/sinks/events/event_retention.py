"""--keep-days and --keep-gb of `livecam watch`: the oldest events go, those marked as kept stay.

The time-lapses of days that are over count and go as events do. Counts and maps of a day are small,
and stay. An event that goes on is never deleted.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from livecam.core.formatting import megabytes
from livecam.core.watching.watch_event import WatchEvent
from livecam.errors import SinkError
from livecam.sinks.day_records.day_files import timelapses
from livecam.sinks.events.event_log import (
    LOG_NAME,
    delete_event,
    files_of_each,
    is_kept,
    read_events,
)
from livecam.sinks.recording.disk_space import DiskSpaceMonitor
from livecam.sinks.recording.keep_limits import KeepLimits

MOST_AT_ONCE = 100
LOOK_INTERVAL_S = 600.0


@dataclass(frozen=True, slots=True)
class _Kept:
    """An event, or a time-lapse, with all its files.

    Attributes:
        name: for the user.
        made_s: when it was over, in seconds since 1970.
        size_bytes: of all its files.
        may_go: whether it may be deleted.
        delete: deletes it; False where that is not allowed any more, or it is not there. Raises
            SinkError, OSError.
    """

    name: str
    made_s: float
    size_bytes: int
    may_go: bool
    delete: Callable[[], bool]


class EventRetention:
    """Deletes what is beyond the limits, and where the disk is nearly full. In one thread."""

    def __init__(
        self,
        folder: Path,
        limits: KeepLimits,
        disk_space: DiskSpaceMonitor,
        say: Callable[[str], None],
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Delete nothing yet.

        Args:
            folder: of the events.
            limits: how much is kept; without any nothing is ever deleted.
            disk_space: has the reserve that is to stay free.
            say: gets one line about what was deleted, or why it could not be.
            clock: seconds since 1970.
        """
        self._folder, self._limits, self._disk_space = folder, limits, disk_space
        self._say, self._clock = say, clock
        self._seen: tuple[int, ...] = ()
        self._looked_s = float("-inf")
        self._is_unfinished = self._is_too_much_told = self._is_full_disk_told = False

    def look(self) -> None:
        """Delete what has to go, where there may be anything by now; call it now and then."""
        if not (self._limits.days or self._limits.size_bytes):
            return
        state, now_s = self._log_state(), self._clock()
        is_due = abs(now_s - self._looked_s) >= LOOK_INTERVAL_S or state != self._seen
        if not (is_due or self._is_unfinished or self._is_disk_full()):
            return
        self._looked_s = now_s
        try:
            self._enforce(now_s)
        except SinkError as error:
            self._say(str(error))
        self._seen = self._log_state()

    def _enforce(self, now_s: float) -> None:
        kept = sorted(self._all(now_s), key=lambda each: each.made_s)
        total_bytes = sum(each.size_bytes for each in kept)
        helps = self._deleting_helps(kept)
        deleted: list[str] = []
        self._is_unfinished = False
        for each in kept:
            is_beyond = self._limits.is_beyond(now_s - each.made_s, total_bytes)
            if not (is_beyond or (helps and self._is_disk_full())):
                break  # what comes after is younger
            if len(deleted) == MOST_AT_ONCE:
                self._is_unfinished = True
                break
            if each.may_go and self._is_deleted(each):
                deleted.append(each.name)
                total_bytes -= each.size_bytes
        line = self._limits.deletion_line(deleted, "event")
        if line:
            self._say(line)
        self._tell_of_too_much(total_bytes)

    def _deleting_helps(self, kept: Sequence[_Kept]) -> bool:
        """Whether deleting could bring the reserve back; else others fill the disk: all stays."""
        may_go_bytes = sum(each.size_bytes for each in kept if each.may_go)
        helps = self._disk_space.can_hold(self._folder, -may_go_bytes)
        if not helps and not self._is_full_disk_told:
            self._say(
                f"the disk of {self._folder} is nearly full, and deleting events would not help: "
                "make room there."
            )
        self._is_full_disk_told = not helps
        return helps

    def _is_deleted(self, each: _Kept) -> bool:
        try:
            return each.delete()
        except (SinkError, OSError) as error:
            self._say(f"{each.name} could not be deleted: {error}")
            return False

    def _all(self, now_s: float) -> Iterator[_Kept]:
        """Everything that counts, what may not be deleted included."""
        events = read_events(self._folder).values()
        for event, files in zip(events, files_of_each(self._folder, events), strict=True):
            yield self._of_event(event, files)
        today = datetime.fromtimestamp(now_s).astimezone().date()
        for day, path in timelapses(self._folder):
            yield _of_timelapse(day, path, is_over=day < today)

    def _of_event(self, event: WatchEvent, files: Iterable[Path]) -> _Kept:
        over = event.end or event.start
        size_bytes = sum(map(_size_bytes, files))

        def is_marked() -> bool:
            return is_kept(self._folder, event.event)

        def delete() -> bool:  # somebody may have marked it meanwhile
            return not is_marked() and delete_event(self._folder, event.event)

        may_go = event.is_over and not is_marked()
        return _Kept(event.event, over.timestamp(), size_bytes, may_go, delete)

    def _is_disk_full(self) -> bool:
        return not self._disk_space.can_hold(self._folder, 0)

    def _log_state(self) -> tuple[int, ...]:
        """Changes with every line of the list."""
        try:
            status = (self._folder / LOG_NAME).stat()
        except OSError:
            return ()
        return status.st_size, status.st_mtime_ns

    def _tell_of_too_much(self, total_bytes: int) -> None:
        """Once: nothing is left to delete, and still there is more than the limit."""
        limit = self._limits.size_bytes
        is_too_much = limit is not None and total_bytes > limit and not self._is_unfinished
        if is_too_much and not self._is_too_much_told:
            self._say(
                f"{self._limits.text} cannot be kept: events that are marked as kept, or go on, "
                f"take {megabytes(total_bytes)} alone."
            )
        self._is_too_much_told = is_too_much


def _of_timelapse(day: date, path: Path, *, is_over: bool) -> _Kept:
    def delete() -> bool:
        path.unlink()
        return True

    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time()).astimezone()
    name = f"{day.isoformat()}/{path.name}"
    return _Kept(name, midnight.timestamp(), _size_bytes(path), is_over, delete)


def _size_bytes(path: Path) -> int:
    try:
        return os.lstat(path).st_size
    except OSError:  # deleted meanwhile
        return 0
