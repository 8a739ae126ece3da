"""How late a picture comes, with clocks that do not agree."""

import random
import sys
import threading

import pytest

from livecam.sources.live.delay import DelayEstimator

LIMIT_S = 0.5


def excess_delays(estimator, arrivals):
    """For (stamp, arrival) in seconds."""
    return [
        estimator.excess_s(timestamp_s, arrived_s, LIMIT_S) for timestamp_s, arrived_s in arrivals
    ]


@pytest.mark.parametrize("drift", [200e-6, -200e-6, 0.0])
def test_clocks_that_run_apart_make_no_picture_old_in_four_hours(drift):
    """Ten pictures a second on a way of 30 to 50 milliseconds."""
    way = random.Random(7)
    taken_s = [number / 10 for number in range(4 * 3600 * 10)]
    arrivals = [(1e6 + at * (1 + drift), at + way.uniform(0.03, 0.05)) for at in taken_s]
    late_s = excess_delays(DelayEstimator(), arrivals)
    assert min(late_s) >= 0.0
    assert max(late_s) < 0.02 + 0.0131  # the way's own wandering, and the drift of a minute


def test_a_picture_that_was_held_up_is_as_late_as_it_is():
    arrivals = [(n / 30, n / 30 + 0.04) for n in range(90)]
    arrivals.append((90 / 30, 90 / 30 + 0.34))
    assert excess_delays(DelayEstimator(), arrivals)[-1] == pytest.approx(0.3)


def test_a_delay_that_stays_is_accepted_after_two_seconds():
    """The sender's clock was set back by an hour."""
    estimator = DelayEstimator()
    excess_delays(estimator, [(n / 30, n / 30) for n in range(90)])
    after = excess_delays(estimator, [(n / 30 - 3600, n / 30) for n in range(90, 180)])
    assert after[0] == pytest.approx(3600)
    assert sum(late > LIMIT_S for late in after) == pytest.approx(60, abs=1)
    assert after[-1] == pytest.approx(0.0, abs=1e-6)


def test_another_thread_may_ask_for_the_smallest_delay_at_any_time():
    """A watched camera was lost for good by it, once in hours."""
    estimator, is_over, failures = DelayEstimator(), threading.Event(), []

    def ask():
        try:
            while not is_over.is_set():
                assert 0.0 <= estimator.smallest_s <= 0.2
        except RuntimeError as error:
            failures.append(error)

    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        asking = threading.Thread(target=ask)
        asking.start()
        excess_delays(estimator, [(n * 5.0, n * 5.0 + 0.1 * (n % 3)) for n in range(30_000)])
    finally:
        sys.setswitchinterval(usual_s)
        is_over.set()
        asking.join()
    assert not failures
