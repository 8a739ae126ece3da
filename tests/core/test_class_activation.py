"""Activations to brightness and figures."""

import math
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from annotated_frames import class_map_of
from livecam.core import class_activation
from livecam.core.class_activation import FrameTiming
from livecam.core.softmax import softmax
from livecam.core.head import Head
from livecam.core.types import Activation, NetworkOutput

grids = arrays(np.float32, (7, 7), elements=st.floats(-1e4, 1e4, width=32))


def test_brightness_is_the_formula_of_the_page():
    grid = np.array([[36.0, 26.0, 0.0], [40.0, 35.9, -1e9]], np.float32)
    expected = [[255, math.floor(255 * math.exp(-1)), math.floor(255 * math.exp(-3.6))]]
    expected.append([255, math.floor(255 * math.exp(0.1 * (np.float32(35.9) - 36))), 0])
    assert class_activation.brightness(grid, gain=0.1, reference=36.0).tolist() == expected


@given(grids)
def test_brightness_is_brightest_at_the_maximum_and_never_overflows(grid):
    levels = class_activation.brightness(grid, gain=0.1, reference=float(grid.max()))
    assert levels.max() == 255
    assert levels.dtype == np.uint8
    order = np.argsort(grid, axis=None, kind="stable")
    assert (np.diff(levels.ravel()[order].astype(int)) >= 0).all()


def test_an_empty_wall_is_dark_with_the_fixed_reference_and_glows_with_auto():
    wall = np.full((7, 7), 5.0, np.float32)
    fixed = class_activation.reference_of(wall, act_max=36.0, auto=False)
    auto = class_activation.reference_of(wall, act_max=36.0, auto=True)
    assert class_activation.brightness(wall, gain=0.1, reference=fixed).max() < 12
    assert class_activation.brightness(wall, gain=0.1, reference=auto).min() == 255


def map_of(features, kernel, index):
    head = Head(kernel, np.zeros(kernel.shape[1], np.float32))
    output = NetworkOutput(features, head.logits(head.pooled(features)), head)
    return class_activation.activation_of(output, head, index).grid


def test_the_head_is_a_one_by_one_convolution_without_bias():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(7, 7, 12)).astype(np.float32)
    kernel = rng.normal(size=(12, 5)).astype(np.float32)
    grid = map_of(features, kernel, 3)
    by_hand = sum(features[:, :, c] * kernel[c, 3] for c in range(12))
    np.testing.assert_allclose(grid, by_hand, atol=1e-5)
    assert grid.dtype == np.float32


def test_pooling_and_the_head_commute():
    rng = np.random.default_rng(1)
    features = rng.normal(size=(7, 7, 12)).astype(np.float32)
    kernel = rng.normal(size=(12, 5)).astype(np.float32)
    logits = features.mean(axis=(0, 1)) @ kernel
    for index in range(5):
        assert map_of(features, kernel, index).mean() == pytest.approx(logits[index], abs=1e-5)


@given(arrays(np.float32, 20, elements=st.floats(-500, 500, width=32)))
def test_softmax_is_a_distribution_in_the_order_of_the_logits(logits):
    probabilities = softmax(logits)
    assert probabilities.sum() == pytest.approx(1.0)
    assert probabilities[logits.argmax()] == probabilities.max()
    np.testing.assert_allclose(probabilities, softmax(logits + 7), rtol=1e-3)


def test_a_temperature_makes_the_figures_of_a_frame_less_sure():
    logits = np.array([4.0, 2.0, 0.0], np.float32)
    activation = Activation(np.zeros((7, 7), np.float32), logits, temperature=2.0)
    stats = class_activation.stats_of(
        class_map_of(activation), list("abc"), range(3), FrameTiming()
    )
    assert stats.probability == pytest.approx(softmax(logits / 2)[0])
    assert stats.logit == 4.0


def test_the_figures_of_a_frame():
    grid = np.zeros((7, 7), np.float32)
    grid[2, 5] = 49.0
    logits = np.array([0.0, 2.0, 1.0, -1.0, 0.5, 3.0], np.float32)
    stats = class_activation.stats_of(
        class_map_of(Activation(grid, logits), 1), list("abcdef"), range(6), FrameTiming(30.0, 4.0)
    )
    assert (stats.maximum, stats.mean, stats.peak) == (49.0, 1.0, (2, 5))
    assert (stats.class_name, stats.logit) == ("b", 2.0)
    assert stats.probability == pytest.approx(math.exp(2) / np.exp(logits).sum(), rel=1e-6)
    assert [name for _, name, _ in stats.top] == ["f", "b", "c", "e", "a"]


def test_figures_that_wait_to_be_computed_keep_no_features_alive():
    """A recorder and its pre-roll hold many frames; features are megabytes at detail 3."""
    activation = Activation(np.ones((7, 7), np.float32), np.zeros(3, np.float32))
    class_map = class_map_of(activation)
    output = weakref.ref(class_map.network_output)
    stats = class_activation.stats_of(class_map, list("abc"), range(3), FrameTiming())
    del class_map
    assert output() is None
    assert stats.centre == (112.0, 112.0)
    assert len(stats.top) == 3


def test_what_counts_as_other_is_never_shown_as_a_find():
    logits = np.array([0.0, 2.0, 1.0, -1.0, 0.5, 3.0], np.float32)
    activation = Activation(np.zeros((7, 7), np.float32), logits)
    names = ["daisy", "dandelion", "rose", "sunflower", "tulip", "other"]
    stats = class_activation.stats_of(class_map_of(activation), names, range(5), FrameTiming())
    assert stats.seen is None
    assert [name for _, name, _ in stats.top] == [
        "dandelion",
        "rose",
        "tulip",
        "daisy",
        "sunflower",
    ]
    found = class_activation.stats_of(class_map_of(activation), names, range(6), FrameTiming())
    assert found.seen == "other"
