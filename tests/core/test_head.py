"""Heads of one and of several layers: the map is exact for whatever picture."""

import numpy as np
import pytest

from livecam.core.class_activation import activation_of
from livecam.core.head import Head
from livecam.core.hidden_layers import HiddenLayer
from livecam.core.turned_mean import mean_of
from livecam.core.types import NetworkOutput
from livecam.core.window_logits import window_of

RNG = np.random.default_rng(3)


def random(*shape, scale=1.0):
    return RNG.normal(0, scale, shape).astype(np.float32)


def hidden(inputs, units, **kind):
    return HiddenLayer(random(inputs, units), random(units), **kind)


HEADS = {
    "one layer": Head(random(6, 4), random(4)),
    "relu": Head(random(9, 4), random(4), (hidden(6, 9),)),
    "leaky": Head(random(9, 4), random(4), (hidden(6, 9, negative_slope=0.2),)),
    "relu6": Head(random(9, 4), random(4), (hidden(6, 9, ceiling=2.0),)),
    "two hidden": Head(random(5, 4), random(4), (hidden(6, 9), hidden(9, 5))),
    "flattened": Head(random(6 * 5 * 5, 4), random(4), places=(5, 5)),
    "flattened relu": Head(random(9, 4), random(4), (hidden(6 * 5 * 5, 9),), (5, 5)),
}


def by_hand(head, features):
    """The logits as the layers' definitions give them, in float64."""
    x = features.astype(np.float64)
    x = x.mean((0, 1)) if head.places is None else x.reshape(-1)
    for layer in head.hidden:
        x = x @ layer.kernel + layer.bias
        x = np.where(x < 0, x * layer.negative_slope, np.minimum(x, layer.ceiling))
    return x @ head.kernel + head.bias


def output_of(head, features, cells=5):
    return NetworkOutput(features, head.logits(head.pooled(features)), head, window_cells=cells)


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_mean_of_the_map_plus_the_constant_is_the_logit(head):
    for _ in range(20):
        features = np.abs(random(5, 5, 6))
        output = output_of(head, features)
        np.testing.assert_allclose(output.logits, by_hand(head, features), atol=1e-4)
        for index in range(4):
            activation = activation_of(output, head, index)
            assert activation.grid.shape == (5, 5)
            assert activation.grid.mean() + activation.constant == pytest.approx(
                by_hand(head, features)[index], abs=1e-4
            )


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_place_counts_for_what_it_adds(head):
    """With the units that are on, a cell's value is the share of the logit that goes with it."""
    features = np.abs(random(5, 5, 6))
    activation = activation_of(output_of(head, features), head, 1)
    little = features.copy()
    little[2, 3] *= 1 - 1e-3
    change = by_hand(head, features)[1] - by_hand(head, little)[1]
    assert change * 25 / 1e-3 == pytest.approx(activation.grid[2, 3], abs=0.05, rel=0.02)


@pytest.mark.parametrize("name", ["one layer", "relu", "two hidden"])
def test_on_a_larger_map_the_best_window_has_its_own_units(name):
    head, features = HEADS[name], np.abs(random(9, 12, 6))
    activation = activation_of(output_of(head, features), head, 2)
    part = window_of(features, activation.window, 5)
    assert part.shape == (5, 5, 6)
    np.testing.assert_allclose(activation.logits, by_hand(head, part), atol=1e-4)
    mean = window_of(activation.grid, activation.window, 5).mean()
    assert mean + activation.constant == pytest.approx(activation.logits[2], abs=1e-4)


@pytest.mark.parametrize("name", ["one layer", "relu"])
def test_the_windows_of_a_larger_map_are_compared(name):
    head, features = HEADS[name], np.abs(random(9, 12, 6))
    output = output_of(head, features)
    assert not output.is_one_window
    assert output.probabilities.shape == (4,)
    assert output_of(head, features, 12).is_one_window


@pytest.mark.parametrize("name", ["one layer", "relu"])
def test_the_mean_with_the_turned_picture_stays_exact(name):
    head = HEADS[name]
    mean = mean_of(*(output_of(head, np.abs(random(5, 5, 6))) for _ in range(2)))
    activation = activation_of(mean, head, 0)
    assert activation.grid.mean() + activation.constant == pytest.approx(
        by_hand(head, mean.features)[0], abs=1e-4
    )
    np.testing.assert_allclose(mean.logits, by_hand(head, mean.features), atol=1e-4)
