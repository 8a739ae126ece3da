"""The events as a page asks for them: which of them, in which order, how many a day and an hour."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Protocol

from livecam.core.day_records.day_summary import CameraDay
from livecam.core.watching.watch_event import FileKind, WatchEvent

HOURS = 24


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are wanted.

    Attributes:
        day: those that began on this day, "2026-07-01"; "" for any.
        hour: those that began in this hour of their day, 0 to 23; None for any.
        class_name: those of this class; "" for any.
        camera: those of the camera of this name; None for any.
        is_kept: only those that are marked as kept.
    """

    day: str = ""
    hour: int | None = None
    class_name: str = ""
    camera: str | None = None
    is_kept: bool = False

    def takes(self, event: WatchEvent, is_kept: Callable[[str], bool]) -> bool:
        """Whether an event is wanted.

        Args:
            event: it.
            is_kept: whether the event with an id is marked as kept; asked last.
        """
        return (
            (not self.day or day_of(event) == self.day)
            and (self.hour is None or event.start.hour == self.hour)
            and (not self.class_name or event.class_name == self.class_name)
            and (self.camera is None or event.camera == self.camera)
            and (not self.is_kept or is_kept(event.event))
        )

    @property
    def without_time(self) -> "EventFilter":
        """The same for every day and hour."""
        return replace(self, day="", hour=None)


@dataclass(frozen=True, slots=True)
class EventCounts:
    """How many events there are.

    Attributes:
        days: of each day the events that began in each of its hours; the newest day first.
        classes: of each class, by name.
        cameras: of each camera, by name.
    """

    days: Mapping[str, Sequence[int]] = field(default_factory=dict)
    classes: Mapping[str, int] = field(default_factory=dict)
    cameras: Mapping[str, int] = field(default_factory=dict)


def day_of(event: WatchEvent) -> str:
    """The day on which an event began, where its camera stands: "2026-07-01"."""
    return f"{event.start:%Y-%m-%d}"


def counts_of(
    events: Iterable[WatchEvent], wanted: EventFilter, is_kept: Callable[[str], bool]
) -> EventCounts:
    """Count events.

    Args:
        events: all of them.
        wanted: of which the days are counted; each choice of the filter is counted as if only the
            others were made, so that one can see what another choice would give.
        is_kept: whether the event with an id is marked as kept.
    """
    any_time = wanted.without_time
    any_class = replace(wanted, hour=None, class_name="")
    any_camera = replace(wanted, hour=None, camera=None)
    of_days: dict[str, list[int]] = {}
    classes: Counter[str] = Counter()
    cameras: Counter[str] = Counter()
    for event in events:
        if any_time.takes(event, is_kept):
            of_days.setdefault(day_of(event), [0] * HOURS)[event.start.hour] += 1
        if any_class.takes(event, is_kept):
            classes[event.class_name] += 1
        if any_camera.takes(event, is_kept):
            cameras[event.camera] += 1
    days = dict(sorted(of_days.items(), reverse=True))
    return EventCounts(days, dict(sorted(classes.items())), dict(sorted(cameras.items())))


class EventList(Protocol):
    """The events of a folder, which a program may be adding to; asked from any thread."""

    @property
    def revision(self) -> int:
        """Counts changes: of events, of files, of what is kept."""

    def on_change(self, notify: Callable[[], None]) -> None:
        """Let this be called, from any thread, after each change."""

    def events(self, wanted: EventFilter, after: str, limit: int, /) -> Sequence[WatchEvent]:
        """Events, newest first: at most `limit` after the one with the id `after`, "" for none."""

    def newer_events(self, wanted: EventFilter, than: str, limit: int, /) -> Sequence[WatchEvent]:
        """At most `limit` events: the next ones after that with the id `than`, newest first."""

    def counts(self, wanted: EventFilter, /) -> EventCounts:
        """How many events there are."""

    def day(self, day: date, /) -> Sequence[CameraDay]:
        """What was recorded of a day, of each camera."""

    def day_file(self, day: date, name: str, /) -> Path | None:
        """A map or a time-lapse of a day, inside of the folder; None where there is none."""

    def going_on(self) -> Sequence[WatchEvent]:
        """The events that are not over, newest first."""

    def find(self, event: str, /) -> WatchEvent | None:
        """The event with this id; None where there is none."""

    def is_kept(self, event: str, /) -> bool:
        """Whether it is marked as kept: no rule deletes it."""

    def file(self, event: str, kind: FileKind, /) -> Path | None:
        """A file of an event, inside of the folder; None where there is none."""

    def mark_kept(self, event: str, /, *, is_kept: bool) -> bool:
        """Mark an event as kept, or no longer; False where there is none. Raises SinkError."""

    def delete(self, event: str, /) -> bool:
        """Delete an event and its files; False where there is none. Raises SinkError."""
