"""The clock of a sound card follows the program's, whatever its own rate."""

import numpy as np
import pytest

from livecam.core.sample_clock import EARLY_S, LOST_S, SampleClock

RATE = 48_000
BLOCK = 2_400


def errors_s(ppm, blocks, noticed_late_s=lambda _: 0.0):
    """How wrong the clock is at each block of a card that runs so much too fast."""
    true_rate = RATE * (1 + ppm * 1e-6)
    clock = SampleClock(RATE, 100.0)
    found = []
    for number in range(blocks):
        true_s = 100.0 + number * BLOCK / true_rate
        found.append(clock.add(BLOCK, true_s + noticed_late_s(number)) - true_s)
    assert not clock.is_off
    return np.array(found)


@pytest.mark.parametrize("ppm", [0, 200, -200, 1000])
def test_a_card_that_is_fast_or_slow_is_right_after_three_hours(ppm):
    found = errors_s(ppm, 3 * 3600 * RATE // BLOCK)
    assert abs(found).max() < 0.004
    assert abs(found[-1000:]).max() < 0.0002


def test_blocks_that_are_noticed_late_move_nothing():
    random = np.random.default_rng(3)
    late_s = np.where(random.random(20_000) < 0.2, 0.04 * random.random(20_000), 0.0)
    assert abs(errors_s(200, 20_000, lambda number: late_s[number])).max() < 0.004


def test_lost_samples_are_noticed_within_two_windows():
    clock = SampleClock(RATE, 0.0)
    for number in range(100):
        lost_s = LOST_S + 0.02 if number >= 50 else 0.0
        clock.add(BLOCK, number * BLOCK / RATE + lost_s)
        assert not (clock.is_off and number < 50)
    assert clock.is_off


def test_a_block_that_is_early_says_that_the_first_one_was_late():
    clock = SampleClock(RATE, 5.0)
    clock.add(BLOCK, 5.0)
    assert not clock.is_off
    clock.add(BLOCK, 5.0 + BLOCK / RATE - EARLY_S - 0.001)
    assert clock.is_off
