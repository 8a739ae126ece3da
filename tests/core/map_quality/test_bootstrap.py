"""Means and their intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.core.map_quality.bootstrap import mean_interval


def interval(values):
    return mean_interval(values, np.random.default_rng(0))


def test_of_nothing_there_is_no_mean():
    assert interval([]) is None


def test_equal_values_leave_no_doubt():
    found = interval([0.25] * 9)
    assert (found.mean, found.low, found.high, found.count) == (0.25, 0.25, 0.25, 9)
    assert found.excludes_zero


def test_the_interval_is_about_two_standard_errors_to_each_side():
    values = np.random.default_rng(1).normal(10.0, 3.0, 900)
    found = interval(values)
    assert found.low == pytest.approx(values.mean() - 1.96 * 0.1, abs=0.03)
    assert found.high == pytest.approx(values.mean() + 1.96 * 0.1, abs=0.03)


def test_a_difference_that_goes_both_ways_does_not_exclude_zero():
    assert not interval([-1.0, 1.0, -2.0, 2.1]).excludes_zero


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30))
def test_the_mean_lies_between_the_extremes(values):
    found = interval(values)
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9


def test_the_same_seed_gives_the_same_interval():
    values = [0.1, 0.5, 0.9, 0.2]
    assert interval(values) == interval(values)
