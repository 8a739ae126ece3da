"""Other things that look like flowers to the network are drawn more often."""

import numpy as np
import pytest

from training.data.hard_negatives import HardNegatives
from training.settings import CLASSES, DAISY, OTHER, MiningSettings

PLAN = MiningSettings(floor=0.1, rate=0.5, daisy_weight=1.0)


def answer(label):
    return np.eye(len(CLASSES))[label]


@pytest.fixture
def hard():
    return HardNegatives(PLAN)


def test_what_is_called_a_flower_is_drawn_more_often_and_a_daisy_most_often(hard):
    keys = [(0, "chair"), (0, "tomato"), (0, "plate")]
    chances = np.stack([answer(OTHER), answer(2), answer(DAISY)])
    hard.note(keys, np.full(3, OTHER), chances)
    np.testing.assert_allclose(hard.weights(keys), np.array([0.1, 1.1, 2.1]) / 3.3)


def test_flowers_are_passed_over(hard):
    hard.note([(0, "rose")], np.array([2]), answer(DAISY)[None])
    assert not hard.scores


def test_a_picture_that_was_learned_is_drawn_less_often_again(hard):
    for label in (2, OTHER, OTHER):
        hard.note([(0, "tomato")], np.array([OTHER]), answer(label)[None])
    assert hard.scores[0, "tomato"] == 0.25


def test_an_unseen_picture_counts_as_the_middle_of_those_seen(hard):
    keys = [(0, "chair"), (0, "tomato"), (0, "new")]
    hard.note(keys[:2], np.full(2, OTHER), np.stack([answer(OTHER), answer(2)]))
    np.testing.assert_allclose(hard.weights(keys), np.array([0.1, 1.1, 0.6]) / 1.8)


def test_without_anything_seen_all_are_drawn_alike(hard):
    np.testing.assert_allclose(hard.weights([(0, "a"), (0, "b")]), 0.5)
