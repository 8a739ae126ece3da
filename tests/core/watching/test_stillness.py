"""Whether the picture stands still."""

import cv2
import numpy as np
import pytest
from support import textured

from livecam.core.watching.stillness import StillnessDetector


def noisy(bgr, seed, sigma=4.0):
    noise = np.random.default_rng(seed).normal(0, sigma, bgr.shape)
    return np.clip(bgr + noise, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def scene():
    return textured(1280, 720, 3)


def test_noise_is_no_motion(scene):
    detector = StillnessDetector()
    answers = [detector.is_still(noisy(scene, seed)) for seed in range(6)]
    assert answers == [False, True, True, True, True, True]


@pytest.mark.parametrize("side_px", [24, 60])
def test_something_small_is_seen_wherever_it_is(scene, side_px):
    for left, top in ((0, 0), (640, 360), (1280 - side_px, 720 - side_px), (333, 517)):
        detector = StillnessDetector()
        detector.is_still(noisy(scene, 1))
        with_bee = scene.copy()
        cv2.rectangle(with_bee, (left, top), (left + side_px, top + side_px), (20, 30, 40), -1)
        assert not detector.is_still(noisy(with_bee, 2))


def test_what_changes_slowly_adds_up(scene):
    detector = StillnessDetector()
    looked_at = [
        number
        for number in range(40)
        if not detector.is_still(np.clip(scene.astype(int) - number, 0, 255).astype(np.uint8))
    ]
    assert looked_at[0] == 0
    assert 3 <= len(looked_at) <= 10


def test_another_size_or_a_fresh_start_is_no_stillness(scene):
    detector = StillnessDetector()
    detector.is_still(scene)
    assert detector.is_still(scene)
    assert not detector.is_still(np.ascontiguousarray(scene[:360]))
    detector.is_still(scene)
    detector.forget()
    assert not detector.is_still(scene)
