"""Days and times that are typed, over the whole range of dates."""

import os
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from livecam.core.archive.typed_time import typed_time
from livecam.errors import SettingsError

ZONES = ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"]
FAR = [
    "0001-01-01", "0001-01-01T00:00", "0001-01-01T00:00+14:00", "0001-01-01T00:00:00-12:00",
    "9999-12-31", "9999-12-31T23:59:59", "9999-12-31T23:59-12:00", "9999-12-31T23:59+14:00",
]  # fmt: skip


@pytest.fixture(params=ZONES)
def zone(request, monkeypatch):
    """The time zone of this machine, for a test."""
    if not hasattr(time, "tzset"):
        pytest.skip("Windows cannot change the time zone of one program")
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("is_end", [False, True])
@pytest.mark.parametrize("text", FAR)
def test_the_ends_of_the_range_are_times_that_every_zone_has(text, is_end):
    at = typed_time("--until", text, is_end=is_end)
    assert (at.year < 3) == text.startswith("0001")
    for hours in (-14, 14):  # what days and tables make of it
        assert abs((at + timedelta(hours=hours)).astimezone(UTC) - at) == timedelta(hours=14)
    assert date(1, 1, 3) < at.date() - timedelta(days=1)
    assert at.astimezone().date() + timedelta(days=1) < date.max


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("day", ["0001-01-01", "2026-07-01", "9998-12-31", "9999-12-31"])
def test_a_day_ends_after_it_begins(day):
    begins, ends = (typed_time("--since", day, is_end=is_end) for is_end in (False, True))
    assert begins < ends


def test_a_day_is_this_machines_and_a_zone_that_is_typed_its_own(zone):
    begins, ends = (typed_time("--since", "2026-07-01", is_end=end) for end in (False, True))
    assert begins.replace(tzinfo=None).isoformat() == "2026-07-01T00:00:00"
    assert begins.utcoffset() == begins.astimezone().utcoffset()
    assert ends - begins == timedelta(days=1)
    typed = typed_time("--since", "2026-07-01T06:30+02:00", is_end=True)
    assert typed == datetime(2026, 7, 1, 4, 30, tzinfo=UTC)
    assert os.environ["TZ"] == zone


@pytest.mark.parametrize("problem", [OSError(22, "Invalid argument"), OverflowError()])
def test_a_year_that_the_systems_clock_does_not_have_is_taken_as_utc(monkeypatch, problem):
    class Unknown(datetime):
        def astimezone(self, *_):
            raise problem

    monkeypatch.setattr("livecam.core.archive.typed_time.datetime", Unknown)
    assert typed_time("--since", "1960-01-01", is_end=False) == datetime(1960, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30", "10000-01-01", "0000-01-01", "25:00"])
def test_what_is_no_time_says_how_times_are_written(text):
    with pytest.raises(SettingsError, match=r"is no time: write 2026-07-01"):
        typed_time("--since", text, is_end=False)
