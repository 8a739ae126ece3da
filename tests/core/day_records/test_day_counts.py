"""Counts of a day by class and hour: each event once, and the same after a restart."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.core.day_records.day_counts import COLUMNS, DayCounts, restored_counts
from livecam.core.watching.watch_event import WatchEvent

DAY = date(2026, 7, 1)


def at(hour, minute=0):
    return datetime(2026, 7, 1, hour, minute, tzinfo=UTC)


def event(hour, class_name="daisy", *, lasts_s=None, camera="", day=0):
    start = at(hour) + timedelta(days=day)
    name = f"{start:%Y%m%d-%H%M%S}.000-{class_name}"
    end_s = None if lasts_s is None else lasts_s
    state = "open" if lasts_s is None else "ended"
    return WatchEvent(name, class_name, state, start, 0.0, None, end_s, camera=camera)


def test_looks_and_events_are_counted_by_class_and_hour():
    counts = DayCounts(DAY)
    for probability in (0.2, 0.6):
        counts.add_look("daisy", probability, at(6))
    counts.add_look("bee", 0.5, at(6))
    counts.add_event(event(6, lasts_s=10.5))
    counts.add_event(event(7, lasts_s=3))
    first, *rest = counts.rows()
    assert tuple(first) == COLUMNS
    assert first["class"] == "bee"
    daisy, seven = rest
    assert daisy == {
        "date": "2026-07-01", "hour": 6, "class": "daisy", "events": 1, "event_s": 10.5,
        "looks": 2, "probability_mean": pytest.approx(0.4), "probability_max": 0.6,
    }  # fmt: skip
    assert (seven["events"], seven["looks"], seven["probability_mean"]) == (1, 0, None)


def test_an_event_that_is_told_again_counts_once():
    counts = DayCounts(DAY)
    counts.add_event(event(6))
    assert counts.rows()[0]["event_s"] == 0
    counts.add_event(event(6, lasts_s=12))
    counts.add_event(event(6))  # an old line, read again
    (row,) = counts.rows()
    assert (row["events"], row["event_s"]) == (1, 12)


def test_events_of_another_day_or_camera_are_not_counted():
    counts = DayCounts(DAY)
    counts.add_events("bed", [event(6, camera="bed"), event(7), event(8, camera="bed", day=1)])
    assert [row["hour"] for row in counts.rows()] == [6]


@given(
    st.lists(
        st.tuples(st.sampled_from(["daisy", "bee"]), st.floats(0, 1), st.integers(0, 23)),
        max_size=30,
    )
)
def test_a_record_gives_the_same_counts_again(looks):
    counts = DayCounts(DAY)
    for class_name, probability, hour in looks:
        counts.add_look(class_name, probability, at(hour))
    counts.add_event(event(6, lasts_s=1.25))
    again = restored_counts(json.loads(json.dumps(counts.record())))
    assert again.day == DAY
    for row, before in zip(again.rows(), counts.rows(), strict=True):
        assert row == {**before, "probability_mean": row["probability_mean"]}
        assert row["probability_mean"] == pytest.approx(before["probability_mean"])


@pytest.mark.parametrize(
    "record", [None, [], {}, {"date": "x"}, {"date": "2026-07-01", "hours": [1], "events": {}},
               {"date": "2026-07-01", "hours": [], "events": {"a": 1}}]
)  # fmt: skip
def test_what_is_no_record_is_refused(record):
    with pytest.raises(ValueError, match="no counts of a day"):
        restored_counts(record)
