"""When the next frame is due."""

from itertools import pairwise

import pytest
from support import FakeClock

from livecam.core.playback_pacing import Pacer


def play(pacer, times_s, work_s, clock):
    """When each frame is shown, if showing it takes `work_s`."""
    shown = []
    for present, following in zip(times_s, [*times_s[1:], None], strict=True):
        shown.append(clock())
        clock.sleep(work_s)
        clock.sleep(pacer.wait_s(present, following, clock()))
    return shown


def test_a_clip_plays_at_its_own_times_and_errors_do_not_add_up():
    clock = FakeClock(100.0)
    times = [0.0, 0.1, 0.15, 0.9, 1.0]
    shown = play(Pacer(real_time=True), times, 0.03, clock)
    # The first frame's own work shifts all others, once.
    assert shown[1:] == [pytest.approx(100.03 + t) for t in times[1:]]


def test_after_a_stall_there_is_no_burst():
    clock, pacer = FakeClock(), Pacer(real_time=True)
    play(pacer, [0.0, 0.1, 0.2], 0.0, clock)
    clock.sleep(5.0)
    shown = play(pacer, [0.3, 0.4, 0.5], 0.0, clock)
    assert [b - a for a, b in pairwise(shown)] == [pytest.approx(0.1)] * 2


@pytest.mark.parametrize(("speed", "other"), [(2.0, 1.0), (1.0, 0.125), (8.0, 0.5), (1.0, 4.0)])
def test_another_speed_counts_from_the_present(speed, other):
    pacer = Pacer(real_time=True)
    pacer.wait_s(0.0, 1.0, 0.0, speed=speed)
    now_s = 60.0 / speed  # a minute of the clip later
    assert pacer.wait_s(60.0, 61.0, now_s, speed=speed) == pytest.approx(1.0 / speed)
    assert pacer.wait_s(60.0, 61.0, now_s, speed=other) == pytest.approx(1.0 / other)


def test_without_a_window_nothing_waits():
    assert Pacer(real_time=False).wait_s(0.0, 10.0, 0.0) == 0.0


def test_a_rate_limit_holds_on_average():
    clock = FakeClock()
    shown = play(Pacer(real_time=False, rate_limit=10), [0.0] * 21, 0.01, clock)
    assert shown[-1] == pytest.approx(2.0, abs=0.02)


def test_a_rate_limit_slows_a_clip_that_is_faster():
    clock = FakeClock()
    times = [i / 100 for i in range(11)]
    shown = play(Pacer(real_time=True, rate_limit=10), times, 0.0, clock)
    assert shown[-1] == pytest.approx(1.0)


def test_after_a_restart_the_schedule_begins_at_the_present():
    clock, pacer = FakeClock(), Pacer(real_time=True)
    play(pacer, [0.0, 0.1], 0.0, clock)
    clock.sleep(0.2)
    pacer.restart()
    now_s = clock()
    assert pacer.wait_s(0.2, 0.3, now_s) == pytest.approx(0.1)
