"""Which events a page asks for, and how many of each kind there are."""

from dataclasses import replace
from datetime import timedelta

import pytest
from events_folder import FIRST, event_at

from livecam.core.watching.event_list import EventCounts, EventFilter, counts_of, day_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVENTS = [
    event_at(FIRST, "daisy", "bed"),
    event_at(FIRST + HOUR, "bee", "bed"),
    event_at(FIRST + DAY, "daisy", "gate"),
    event_at(FIRST + DAY + 2 * HOUR, "daisy", ""),
]
KEPT = {EVENTS[2].event}


def is_kept(event):
    return event in KEPT


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (EventFilter(), [0, 1, 2, 3]),
        (EventFilter(day="2026-07-01"), [0, 1]),
        (EventFilter(day="2026-07-01", hour=7), [1]),
        (EventFilter(hour=6), [0, 2]),
        (EventFilter(class_name="daisy"), [0, 2, 3]),
        (EventFilter(class_name="Daisy"), []),
        (EventFilter(camera=""), [3]),
        (EventFilter(camera="bed", class_name="bee"), [1]),
        (EventFilter(is_kept=True), [2]),
        (EventFilter(is_kept=True, camera="bed"), []),
    ],
)
def test_a_filter_takes_what_it_says(wanted, numbers):
    assert [n for n, event in enumerate(EVENTS) if wanted.takes(event, is_kept)] == numbers


def test_whether_it_is_kept_is_asked_last():
    def never(_):
        raise AssertionError

    assert not EventFilter(day="2026-07-09", is_kept=True).takes(EVENTS[0], never)


def test_the_day_is_that_of_the_camera():
    late = replace(EVENTS[0], start=FIRST.replace(hour=23, minute=59))
    assert day_of(late) == "2026-07-01"
    assert late.start.astimezone().utcoffset() is not None


def test_days_are_counted_by_hour_and_newest_first():
    counts = counts_of(EVENTS, EventFilter(), is_kept)
    assert list(counts.days) == ["2026-07-02", "2026-07-01"]
    assert [sum(hours) for hours in counts.days.values()] == [2, 2]
    assert [hour for hour, count in enumerate(counts.days["2026-07-01"]) if count] == [6, 7]
    assert counts.classes == {"bee": 1, "daisy": 3}
    assert counts.cameras == {"": 1, "bed": 2, "gate": 1}


def test_each_choice_is_counted_as_the_others_would_leave_it():
    counts = counts_of(EVENTS, EventFilter(day="2026-07-01", hour=7, class_name="bee"), is_kept)
    assert {day: sum(hours) for day, hours in counts.days.items()} == {"2026-07-01": 1}
    assert counts.classes == {"bee": 1, "daisy": 1}  # of that day
    assert counts.cameras == {"bed": 1}


def test_of_nothing_there_are_none():
    assert counts_of([], EventFilter(), is_kept) == EventCounts()
