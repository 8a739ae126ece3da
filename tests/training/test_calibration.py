"""Probabilities that mean what they say, and from where on an answer is sure."""

import numpy as np
import pytest

from training.evaluate.calibration import (
    Calibration,
    Certainty,
    balanced,
    fit_calibration,
    naming_more_flowers,
    sure_figures,
    sure_from,
)
from training.evaluate.metrics import calibration_error, softmax
from training.settings import OTHER, CalibrationSettings

COUNT = 4000


@pytest.fixture(scope="module")
def overconfident():
    """Logits three times too large, one class too high, and labels drawn as they should be."""
    rng = np.random.default_rng(1)
    true = rng.normal(0, 1.5, (COUNT, 6))
    labels = (softmax(true).cumsum(1) > rng.random((COUNT, 1))).argmax(1)
    return 3.0 * (true + np.eye(6)[2]), labels


def test_the_temperature_and_the_constants_are_found_again(overconfident):
    logits, labels = overconfident
    found = fit_calibration(logits, labels, np.ones(COUNT))
    assert found.temperature == pytest.approx(3.0, rel=0.1)
    assert np.argmin(found.constants) == 2
    assert found.constants[2] - np.delete(found.constants, 2).mean() == pytest.approx(-3, abs=0.6)
    assert calibration_error(softmax(logits), labels) > 0.15
    assert calibration_error(found.probabilities(logits), labels) < 0.03


def test_a_weighted_error_counts_pictures_as_often_as_they_weigh():
    chances = np.array([[0.75, 0.25], [0.75, 0.25], [0.25, 0.75]])
    labels = np.array([0, 1, 1])
    assert calibration_error(chances, labels) == pytest.approx(2 / 3 - 0.75 + 1 / 6)
    weights = np.array([3.0, 1.0, 0.0])
    assert calibration_error(chances, labels, weights=weights) == pytest.approx(0.0)


def test_others_weigh_the_share_they_are_given():
    labels = np.array([0, 1, 2, OTHER])
    weights = balanced(labels, 0.5)
    assert weights[-1] == 0.5
    assert weights.sum() == pytest.approx(1.0)


def test_from_the_threshold_on_answers_are_right_as_often_as_asked():
    sure = np.array([0.9, 0.8, 0.7, 0.6])
    chances = np.stack([sure, 1 - sure], 1)
    labels = np.array([0, 0, 1, 0])
    ones = np.ones(4)
    certainty = Certainty.of(chances, labels)
    assert sure_from(certainty, ones, 0.99) == 0.8
    assert sure_from(certainty, ones, 0.75) == 0.6
    assert sure_from(Certainty.of(chances, np.ones(4, int)), ones, 0.5) == 1.0
    figures = sure_figures(certainty, ones, 0.8)
    assert (figures["sure"], figures["right_when_sure"]) == (0.5, 1.0)
    assert figures["right_when_not_sure"] == 0.5


def test_flowers_are_named_for_as_long_as_enough_other_things_are_right():
    """Margins of "other" over the best flower: flowers 0.15 and 0.55 over, things 0.35 to 2."""
    flowers, things = [-1.0, 0.15, 0.55], [0.35, 0.75, 1.0, 2.0]
    logits = np.zeros((7, 6))
    logits[:, OTHER] = flowers + things
    logits[:, 1:OTHER] = -9.0
    labels = np.array([0] * 3 + [OTHER] * 4)

    def named(least_others_right, temperature=1.0):
        plan = CalibrationSettings(least_others_right=least_others_right)
        fitted = Calibration(temperature, (0.0,) * 6)
        found = naming_more_flowers(fitted, temperature * logits, labels, plan)
        return found.constants[OTHER]

    assert named(1.0) == pytest.approx(-0.2)  # the least that names the second flower
    assert named(0.75) == pytest.approx(-0.6)  # and the third, with one thing
    assert named(0.75, temperature=2.0) == pytest.approx(-1.2)
    assert named(0.0) == pytest.approx(-0.6)  # no more than it takes
