"""How many events and looks there were on a day, by class and hour; as records and back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from livecam.core.watching.watch_event import WatchEvent

COLUMNS = (
    "date", "hour", "class", "events", "event_s", "looks", "probability_mean", "probability_max",
)  # fmt: skip
"""Of a row: the hour by the clock on the wall, the events that began in it and how long they were
together, the looks, and the probability in them."""


@dataclass(frozen=True, slots=True)
class HourLooks:
    """The looks for one class in one hour.

    Attributes:
        looks: how many.
        probability_sum: of the class, over all of them.
        probability_max: the largest.
    """

    looks: int = 0
    probability_sum: float = 0.0
    probability_max: float = 0.0

    def with_look(self, probability: float) -> "HourLooks":
        """One more."""
        most = max(self.probability_max, probability)
        return HourLooks(self.looks + 1, self.probability_sum + probability, most)


@dataclass(frozen=True, slots=True)
class CountedEvent:
    """An event of the day.

    Attributes:
        class_name: of it.
        hour: in which it began.
        duration_s: how long it was; 0 while it goes on.
    """

    class_name: str
    hour: int
    duration_s: float = 0.0


@dataclass(slots=True)
class DayCounts:
    """Counts what is told of one camera on one day; an event counts once, however often it is told.

    Attributes:
        day: the date by the clock on the wall.
    """

    day: date
    _looks: dict[tuple[int, str], HourLooks] = field(default_factory=dict)
    _events: dict[str, CountedEvent] = field(default_factory=dict)

    def add_look(self, class_name: str, probability: float, at: datetime) -> None:
        """Count a look for a class; `at` is of this day."""
        key = at.hour, class_name
        self._looks[key] = self._looks.get(key, HourLooks()).with_look(probability)

    def add_event(self, event: WatchEvent) -> None:
        """Count an event that began on this day, or note how long it is by now."""
        before = self._events.get(event.event)
        duration_s = event.duration_s
        if duration_s is None:
            duration_s = 0.0 if before is None else before.duration_s
        counted = CountedEvent(event.class_name, event.start.hour, duration_s)
        self._events[event.event] = counted

    def add_events(self, camera: str, events: Iterable[WatchEvent]) -> None:
        """Count those of all events that are of this day and camera."""
        for event in events:
            if event.camera == camera and event.start.date() == self.day:
                self.add_event(event)

    def rows(self) -> list[dict[str, Any]]:
        """One for each hour and class of which there is anything, in order: see COLUMNS."""
        keys = {*self._looks, *((event.hour, event.class_name) for event in self._events.values())}
        return [self._row(hour, class_name) for hour, class_name in sorted(keys)]

    def record(self) -> dict[str, Any]:
        """All of it as JSON has it; `restored` makes the same of it."""
        events = {
            name: {"class": of.class_name, "hour": of.hour, "duration_s": of.duration_s}
            for name, of in self._events.items()
        }
        return {"date": self.day.isoformat(), "hours": self.rows(), "events": events}

    def _row(self, hour: int, class_name: str) -> dict[str, Any]:
        looks = self._looks.get((hour, class_name), HourLooks())
        lasted_s = [
            event.duration_s
            for event in self._events.values()
            if (event.hour, event.class_name) == (hour, class_name)
        ]
        return {
            "date": self.day.isoformat(),
            "hour": hour,
            "class": class_name,
            "events": len(lasted_s),
            "event_s": round(sum(lasted_s), 3),
            "looks": looks.looks,
            "probability_mean": looks.probability_sum / looks.looks if looks.looks else None,
            "probability_max": looks.probability_max if looks.looks else None,
        }


def restored_counts(record: Mapping[str, Any]) -> DayCounts:
    """The counts of a record.

    Raises:
        ValueError: it is none.
    """
    try:
        counts = DayCounts(date.fromisoformat(record["date"]))
        for row in record["hours"]:
            if row["looks"]:
                mean, most = float(row["probability_mean"]), float(row["probability_max"])
                looks = int(row["looks"])
                key = int(row["hour"]), str(row["class"])
                counts._looks[key] = HourLooks(looks, mean * looks, most)  # noqa: SLF001
        for name, of in record["events"].items():
            event = CountedEvent(str(of["class"]), int(of["hour"]), float(of["duration_s"]))
            counts._events[str(name)] = event  # noqa: SLF001
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"no counts of a day: {type(error).__name__}: {error}") from None
    return counts
