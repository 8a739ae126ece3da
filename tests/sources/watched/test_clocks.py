"""Times of watched sources: those of packets, and those of the wall clock."""

import struct
from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest

from livecam.sources.watched.pace import Pace
from livecam.sources.watched.source_clock import SourceClock
from livecam.sources.watched.wall_clocks import LiveWallClock

NOON = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))


def test_steps_are_the_senders_however_the_packets_arrive():
    clock = SourceClock()
    arrived = [5.0, 5.2, 5.2, 5.2, 9.0]
    times_s = [clock.time_s(100.0 + k / 30, at_s) for k, at_s in enumerate(arrived)]
    assert times_s == pytest.approx([5.0 + k / 30 for k in range(5)])


@pytest.mark.parametrize("stamp_s", [0.0, 99.9, 3700.0])
def test_a_clock_that_is_set_begins_where_it_was(stamp_s):
    clock = SourceClock()
    times_s = [clock.time_s(100.0, 5.0), clock.time_s(101.0, 6.0)]
    times_s += [clock.time_s(stamp_s, 6.1), clock.time_s(stamp_s + 0.04, 6.14)]
    assert times_s == pytest.approx([5.0, 6.0, 6.1, 6.14])


def test_times_never_go_back_over_connections():
    clock = SourceClock()
    times_s = [clock.time_s(k / 30, 5.0) for k in range(90)]  # three seconds came at once
    clock.begin_connection()
    times_s += [clock.time_s(k / 30, 6.0 + k / 30) for k in range(90)]
    assert all(later > earlier for earlier, later in pairwise(times_s))
    clock.begin_connection()
    assert clock.time_s(0.0, 60.0) == 60.0


def test_a_clips_own_times_are_kept_whatever_its_gaps():
    clock = SourceClock()
    assert [clock.time_s(s, None) for s in (0.0, 0.04, 100.0)] == [0.0, 0.04, 100.0]


class Packet:
    def __init__(self, wall_s=None):
        self.wall_s = wall_s

    def has_sidedata(self, _):
        return self.wall_s is not None

    def get_sidedata(self, _):
        return struct.pack("=qi", round(self.wall_s * 1e6), 0)


@pytest.mark.parametrize(
    ("sender_off_s", "expected_off_s"), [(None, 0.0), (-0.25, -0.25), (3600.0, 0.0)]
)
def test_the_senders_wall_clock_is_used_where_it_may_be_right(sender_off_s, expected_off_s):
    now = {"s": 0.0}
    wall = LiveWallClock(lambda: now["s"], lambda: NOON + timedelta(seconds=now["s"]))
    for number in range(60):
        now["s"] = number / 30
        taken_s = NOON.timestamp() + now["s"]
        sender_s = None if sender_off_s is None else taken_s + sender_off_s
        wall.note(Packet(sender_s), now["s"], now["s"])
    now["s"] += 0.5  # a look takes its time
    expected = NOON + timedelta(seconds=1.0 + expected_off_s)
    assert abs(wall.at(1.0) - expected) < timedelta(milliseconds=1)
    assert wall.at(1.0).utcoffset() == timedelta(hours=2)


def test_packets_that_waited_at_the_sender_do_not_make_the_others_later():
    now = {"s": 10.0}
    wall = LiveWallClock(lambda: now["s"], lambda: NOON + timedelta(seconds=now["s"]))
    for number in range(60):  # two seconds that were there already, and began at 10
        wall.note(Packet(), 10.0 + number / 30, 10.0 + number / 30)
    at = wall.at(10.0 + 59 / 30)  # the newest of them was taken just now
    assert abs(at - (NOON + timedelta(seconds=10.0))) < timedelta(milliseconds=1)


def test_a_pace_lets_pictures_come_at_their_times_and_catches_up_with_nothing():
    now = {"s": 100.0}
    pace = Pace(lambda: now["s"])
    assert pace.is_due(0.0)
    assert not pace.is_due(0.1)
    now["s"] += 0.1
    assert pace.is_due(0.1)
    now["s"] += 50.0
    assert pace.is_due(0.2)
    assert not pace.is_due(0.3)
    assert Pace(None).is_due(1e9)
