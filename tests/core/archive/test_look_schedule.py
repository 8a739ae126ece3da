"""Which frames are looked at: about one in every spacing, whatever the distance of key frames."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.core.archive.look_schedule import LookSchedule


def taken_of_key_frames(interval_s: float, spacing_s: float, seconds: float) -> list[float]:
    schedule, taken = LookSchedule(spacing_s), []
    for time_s in np.arange(0.0, seconds, interval_s):
        if schedule.wants_key_frame(time_s):
            schedule.looked_at(time_s, is_nearly=True)
            taken.append(float(time_s))
    return taken


@pytest.mark.parametrize("interval_s", [1.0, 0.999, 1.001, 0.8, 1.2])
def test_every_key_frame_is_taken_where_one_comes_about_a_second(interval_s):
    every = np.arange(0.0, 2000.0, interval_s)
    assert np.allclose(taken_of_key_frames(interval_s, 1.0, 2000.0), every)


@given(st.floats(0.02, 0.5), st.floats(0.5, 30.0))
def test_closer_key_frames_are_thinned_out_to_about_what_was_asked_for(part, spacing_s):
    taken = taken_of_key_frames(part * spacing_s, spacing_s, 100 * spacing_s)
    assert abs(np.diff(taken) / spacing_s - 1).max() <= part / 2 + 1e-5


def test_key_frames_that_are_all_there_is_are_taken_at_the_rate_that_was_asked_for():
    assert len(taken_of_key_frames(0.1, 1.0, 100.0)) == 100


def test_frames_in_order_are_taken_at_the_beginning_of_every_spacing():
    schedule, taken = LookSchedule(1.0), []
    for index in range(300):
        if schedule.is_due(index / 30):
            schedule.looked_at(index / 30)
            taken.append(index)
    assert taken == list(range(0, 300, 30))


def test_without_a_spacing_every_frame_is_due():
    schedule = LookSchedule(0.0)
    for time_s in (0.0, 0.001, 5.0):
        assert schedule.is_due(time_s)
        schedule.looked_at(time_s)


def test_a_key_frame_is_waited_for_as_long_as_it_may_come_in_time():
    schedule = LookSchedule(1.0)
    assert schedule.wants_key_frame(0.0)
    schedule.looked_at(0.0, is_nearly=True)
    assert not schedule.wants_key_frame(0.7)
    assert not schedule.is_overdue(1.25)
    assert schedule.is_overdue(1.26)
