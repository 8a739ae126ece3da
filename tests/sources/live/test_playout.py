"""Pictures that arrive in bursts are shown at their own times."""

from itertools import pairwise

import pytest

from livecam.sources.live.playout import Playout

RATE, SEGMENT_S = 25, 4.0


def arrivals(segments, *, at_once=3, late_s=lambda number: 0.0):
    """(own time, arrival) of every picture: some segments at once, then one after another."""
    each = int(RATE * SEGMENT_S)
    for number in range(segments):
        arrived_s = max(0, number - at_once + 1) * SEGMENT_S + late_s(number)
        for k in range(each):
            yield 1000 + number * SEGMENT_S + k / RATE, 50 + arrived_s + k / 1000


def shown(received, begins_s=0.0):
    playout = Playout(begins_s)
    return [(own_s, arrived_s, playout.due_s(own_s, arrived_s)) for own_s, arrived_s in received]


def steps_s(seen):
    return [later[2] - earlier[2] for earlier, later in pairwise(seen)]


@pytest.mark.parametrize("at_once", [2, 3])
def test_segments_that_are_there_before_they_are_needed_leave_no_gap(at_once):
    seen = shown(arrivals(12, at_once=at_once, late_s=lambda number: 0.7 * (number % 3)))
    assert all(due_s >= arrived_s for _, arrived_s, due_s in seen)
    assert steps_s(seen) == pytest.approx([1 / RATE] * (len(seen) - 1), abs=0.001)


def test_one_segment_that_comes_too_late_makes_one_gap_and_no_more():
    seen = shown(arrivals(12, at_once=1, late_s=lambda number: 0.8 * (number >= 2)))
    gaps = [step for step in steps_s(seen) if step > 0.05]
    assert len(gaps) == 1
    assert gaps[0] == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize("jump_s", [-900.0, -2.0, 5000.0])
def test_another_clock_of_the_sender_changes_nothing(jump_s):
    received = list(arrivals(6))
    seen = shown(received[:250] + [(own + jump_s, arrived) for own, arrived in received[250:]])
    assert steps_s(seen) == pytest.approx([1 / RATE] * (len(seen) - 1), abs=0.001)


def test_what_arrived_before_the_beginning_is_not_shown_in_a_burst():
    seen = shown(arrivals(6), begins_s=50.6)
    assert seen[0][2] == 50.6
    assert steps_s(seen) == pytest.approx([1 / RATE] * (len(seen) - 1), abs=0.001)
