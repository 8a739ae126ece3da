"""Heads of one and of several layers: exact maps, and those of the gradient."""

import math

import numpy as np
import pytest

from livecam.core.class_activation import activation_of
from livecam.core.head import Head
from livecam.core.hidden_layers import CurvedLayer, HiddenLayer, NormalisedLayer
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


def curved(inputs, units, curve):
    return CurvedLayer(random(inputs, units, scale=0.6), random(units), curve)


def norm(units):
    return NormalisedLayer(1 + random(units, scale=0.3), random(units), 1e-3)


CURVED = {
    "swish": Head(random(9, 4), random(4), (curved(6, 9, "swish"),)),
    "gelu and tanh": Head(random(7, 4), random(4), (curved(6, 9, "gelu"), curved(9, 7, "tanh"))),
    "swish behind relu": Head(random(7, 4), random(4), (hidden(6, 9), curved(9, 7, "swish"))),
    "normalised": Head(random(6, 4), random(4), (norm(6),)),
    "gelu, normalised": Head(random(9, 4), random(4), (curved(6, 9, "gelu"), norm(9))),
    "flattened swish": Head(random(9, 4), random(4), (curved(6 * 5 * 5, 9, "swish"),), (5, 5)),
}
BY_DEFINITION = {
    "swish": lambda x: x / (1 + np.exp(-x)),
    "gelu": np.vectorize(lambda x: 0.5 * x * (1 + math.erf(x / math.sqrt(2)))),
    "tanh": np.tanh,
}


def layer_by_hand(layer, x):
    """What a layer gives by its definition, in float64."""
    if isinstance(layer, NormalisedLayer):
        scaled = (x - x.mean()) / np.sqrt(x.var() + layer.epsilon)
        return scaled * layer.factor + layer.shift
    x = x @ layer.kernel.astype(np.float64) + layer.bias
    if isinstance(layer, CurvedLayer):
        return BY_DEFINITION[layer.curve](x)
    return np.where(x < 0, x * layer.negative_slope, np.minimum(x, layer.ceiling))


def by_hand(head, features):
    """The logits as the layers' definitions give them, in float64."""
    x = features.astype(np.float64)
    x = x.mean((0, 1)) if head.places is None else x.reshape(-1)
    for layer in head.hidden:
        x = layer_by_hand(layer, x)
    return x @ head.kernel + head.bias


def output_of(head, features, cells=5):
    return NetworkOutput(features, head.logits(head.pooled(features)), head, window_cells=cells)


@pytest.mark.parametrize("head", [*HEADS.values(), *CURVED.values()], ids=[*HEADS, *CURVED])
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


@pytest.mark.parametrize("head", CURVED.values(), ids=CURVED)
def test_a_map_of_the_gradient_is_that_of_finite_differences(head):
    """Of every place and channel, in float64, by the definitions of the layers."""
    features = np.abs(random(5, 5, 6)).astype(np.float64)
    for index in range(4):
        activation = activation_of(output_of(head, features.astype(np.float32)), head, index)
        expected, h = np.zeros((5, 5)), 1e-5
        for row, column, channel in np.ndindex(features.shape):
            more, less = features.copy(), features.copy()
            more[row, column, channel] += h
            less[row, column, channel] -= h
            slope = (by_hand(head, more)[index] - by_hand(head, less)[index]) / (2 * h)
            expected[row, column] += 25 * slope * features[row, column, channel]
        np.testing.assert_allclose(activation.grid, expected, atol=2e-4, rtol=2e-4)


@pytest.mark.parametrize("head", CURVED.values(), ids=CURVED)
def test_what_is_not_piecewise_linear_is_marked(head):
    features = np.abs(random(5, 5, 6))
    assert activation_of(output_of(head, features), head, 1).is_approximate
    assert "not piecewise linear" in head.approximate_because


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_an_exact_map_bears_no_mark(head):
    activation = activation_of(output_of(head, np.abs(random(5, 5, 6))), head, 1)
    assert not activation.is_approximate
    assert not head.approximate_because


def test_the_reason_names_each_kind_once():
    layers = (curved(6, 9, "swish"), norm(9), curved(9, 9, "swish"))
    head = Head(random(9, 4), random(4), layers)
    assert head.approximate_because == (
        "swish and LayerNormalization after the pooling are not piecewise linear"
    )


@pytest.mark.parametrize("name", ["swish", "gelu, normalised"])
def test_on_a_larger_map_the_gradient_is_that_of_the_best_window(name):
    head, features = CURVED[name], np.abs(random(9, 12, 6))
    activation = activation_of(output_of(head, features), head, 2)
    part = window_of(features, activation.window, 5)
    np.testing.assert_allclose(activation.logits, by_hand(head, part), atol=1e-4)
    mean = window_of(activation.grid, activation.window, 5).mean()
    assert mean + activation.constant == pytest.approx(activation.logits[2], abs=1e-4)


def sums_and_slopes_as_before(layer, values):
    """The arithmetic of ReLU heads before other layers came: maps have to stay as they were."""
    sums = np.asarray(values @ layer.kernel + layer.bias, np.float32)
    below = np.minimum(sums, 0) * np.float32(layer.negative_slope)
    is_on = (sums > 0) & (sums < layer.ceiling)
    slopes = np.where(sums > 0, is_on, layer.negative_slope).astype(np.float32)
    return np.asarray(np.clip(sums, 0, layer.ceiling) + below, np.float32), slopes


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_exact_maps_are_equal_to_the_bit_to_those_of_before(head):
    features = np.abs(random(5, 5, 6))
    weights, slopes, values = head.kernel[:, 1], [], head.pooled(features)
    for layer in head.hidden:
        values, slope = sums_and_slopes_as_before(layer, values)
        slopes.append(slope)
    for layer, slope in zip(reversed(head.hidden), reversed(slopes), strict=True):
        weights = layer.kernel @ (slope * weights)
    activation = activation_of(output_of(head, features), head, 1)
    np.testing.assert_array_equal(activation.grid, head.grid(features, weights))


class CountedLayer(HiddenLayer):
    """Counts how often it was run."""

    runs = 0

    def _sums(self, values):
        type(self).runs += 1
        return super()._sums(values)


def test_the_layers_are_run_once_for_the_maps_of_all_classes():
    head = Head(random(9, 4), random(4), (CountedLayer(random(6, 9), random(9)),))
    features, CountedLayer.runs = np.abs(random(5, 5, 6)), 0
    at_picture = head.at(features)
    output = NetworkOutput(
        features, at_picture.logits, head, window_cells=5, head_at_picture=at_picture
    )
    for index in range(4):
        activation = activation_of(output, head, index)
        mean = activation.grid.mean() + activation.constant
        assert mean == pytest.approx(by_hand(head, features)[index], abs=1e-4)
    assert CountedLayer.runs == 1


def test_what_is_known_of_other_features_is_not_taken():
    head = HEADS["relu"]
    one, other = (np.abs(random(5, 5, 6)) for _ in range(2))
    known = head.at(one)
    output = NetworkOutput(
        other, head.at(other).logits, head, window_cells=5, head_at_picture=known
    )
    activation = activation_of(output, head, 1)
    mean = activation.grid.mean() + activation.constant
    assert mean == pytest.approx(by_hand(head, other)[1], abs=1e-4)
