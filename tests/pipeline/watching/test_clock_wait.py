"""A clock that is behind is waited for, not for ever."""

from datetime import UTC, datetime, timedelta

from support import FakeClock

from livecam.pipeline.watching.clock_wait import PATIENCE_S, latest_past, wait_for_clock

PAST, PRESENT = datetime(1970, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)


def waited(newest=None, *, set_after_s=None, stops_after_s=float("inf"), begins=PAST):
    """Whether the clock may be right at the end, how long it was waited, and what was said."""
    clock, said = FakeClock(), []

    def now():
        is_set = set_after_s is not None and clock() >= set_after_s
        return (PRESENT if is_set else begins) + timedelta(seconds=clock())

    is_right = wait_for_clock(
        newest,
        now=now,
        clock=clock,
        wait=clock.sleep,
        stop_asked=lambda: clock() >= stops_after_s,
        say=said.append,
    )
    return is_right, clock(), said


def test_a_clock_that_is_right_is_not_waited_for():
    assert waited(begins=PRESENT) == (True, 0.0, [])


def test_a_clock_that_is_set_is_waited_for():
    is_right, after_s, said = waited(set_after_s=12.0)
    assert is_right
    assert 12.0 <= after_s < 13.0
    assert said == ["the clock says 1970-01-01 00:00, which is past: waiting for it to be set"]


def test_events_of_before_say_that_it_is_behind():
    is_right, _, said = waited(PRESENT + timedelta(days=1), begins=PRESENT)
    assert not is_right
    assert len(said) == 2


def test_nobody_waits_for_ever():
    is_right, after_s, said = waited()
    assert not is_right
    assert PATIENCE_S <= after_s < PATIENCE_S + 1.0
    assert "wrong times" in said[-1]


def test_a_signal_ends_the_wait():
    is_right, after_s, said = waited(stops_after_s=3.0)
    assert not is_right
    assert after_s < 4.0
    assert len(said) == 1


def test_events_of_a_clip_lie_ahead_of_the_clock_that_was_right():
    written_at = PRESENT - timedelta(seconds=2)
    starts = [PRESENT - timedelta(minutes=5), PRESENT + timedelta(minutes=50)]
    assert waited(latest_past(starts, written_at), begins=PRESENT) == (True, 0.0, [])


def test_the_latest_past_is_that_of_the_last_event_where_the_list_was_written_later():
    starts = [PRESENT, PRESENT - timedelta(hours=1)]
    assert latest_past(starts, PRESENT + timedelta(days=3)) == PRESENT
    assert latest_past(starts, None) == PRESENT
    assert latest_past([], PRESENT) is None
