"""The levels of answers on larger maps, chosen on pictures whose truth is known."""

import numpy as np

from training.evaluate.large_maps import Leading, best_levels, figures_of
from training.settings import OTHER, CalibrationSettings

ROSE = 2
PLAN = CalibrationSettings()


def leading(rose, other):
    row = np.zeros(OTHER + 1)
    row[ROSE], row[OTHER] = rose, other
    return row


ROSES = [leading(0.99, 0.9)] * 8 + [leading(0.82, 0.9), leading(0.6, 0.9)]
THINGS = [leading(0, 0.9)] * 6 + [leading(rose, 0.9) for rose in (0.5, 0.7, 0.78, 0.97)]
PICTURES = Leading(np.stack(ROSES + THINGS), np.array([ROSE] * 10 + [OTHER] * 10))


def test_a_level_costs_fewer_flowers_than_it_spares_other_things():
    """At 0.8 nine of ten roses and nine of ten things are right; without it ten and six."""
    levels = best_levels(PICTURES, PLAN)
    assert levels.seen_from == 0.8
    figures = figures_of(PICTURES, levels, PLAN)
    assert (figures["flowers_right"], figures["others_called_other"]) == (0.9, 0.9)
    unleveled = figures_of(PICTURES, levels._replace(seen_from=0.0), PLAN)
    assert (unleveled["flowers_right"], unleveled["others_called_other"]) == (1.0, 0.6)


def test_from_the_sure_level_on_answers_are_right_as_often_as_asked():
    figures = figures_of(PICTURES, best_levels(PICTURES, PLAN), PLAN)
    assert figures["sure"]["right_when_sure"] >= PLAN.sure_precision
    assert figures["others_surely_a_flower"] == 0.0


def test_of_levels_that_are_as_good_the_smallest_is_taken():
    """What is higher than need be hides small flowers."""
    easy = Leading(np.stack([leading(0.99, 0.9), leading(0.3, 0.9)]), np.array([ROSE, OTHER]))
    assert best_levels(easy, PLAN).seen_from == 0.35
