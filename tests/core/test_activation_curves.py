"""Activations that are not piecewise linear: as they are defined, with their slopes."""

import math
import warnings

import numpy as np
import pytest

from livecam.core.activation_curves import CURVES, value_and_slope

ALPHA = 0.7


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def softplus(x):
    return math.log1p(math.exp(x))


def gelu_tanh(x):
    return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def selu(x):
    return 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * math.expm1(x))


BY_DEFINITION = {
    "sigmoid": sigmoid,
    "tanh": math.tanh,
    "swish": lambda x: x * sigmoid(x),
    "hard_swish": lambda x: x * min(max(x + 3, 0), 6) / 6,
    "gelu": lambda x: 0.5 * x * (1 + math.erf(x / math.sqrt(2))),
    "gelu_tanh": gelu_tanh,
    "softplus": softplus,
    "softsign": lambda x: x / (1 + abs(x)),
    "mish": lambda x: x * math.tanh(softplus(x)),
    "elu": lambda x: x if x > 0 else ALPHA * math.expm1(x),
    "selu": selu,
    "exponential": math.exp,
}
"""In float64, one number at a time."""

POINTS = np.linspace(-7.03, 7.01, 301)  # none of them at a corner


def test_every_curve_has_a_definition_here():
    assert set(BY_DEFINITION) == set(CURVES)


@pytest.mark.parametrize("name", BY_DEFINITION)
def test_the_value_is_that_of_the_definition(name):
    value, _ = value_and_slope(name, ALPHA, POINTS.astype(np.float32))
    expected = [BY_DEFINITION[name](x) for x in POINTS.astype(np.float32).astype(float)]
    assert value.dtype == np.float32
    np.testing.assert_allclose(value, expected, rtol=2e-6, atol=2e-6)


@pytest.mark.parametrize("name", BY_DEFINITION)
def test_the_slope_is_that_of_finite_differences(name):
    _, slope = value_and_slope(name, ALPHA, POINTS.astype(np.float32))
    define, h = BY_DEFINITION[name], 1e-5
    expected = [(define(x + h) - define(x - h)) / (2 * h) for x in POINTS]
    assert slope.dtype == np.float32
    np.testing.assert_allclose(slope, expected, rtol=2e-5, atol=3e-6)


@pytest.mark.parametrize("name", BY_DEFINITION)
def test_nothing_overflows(name):
    far = np.array([-3e4, -500.0, -90.0, 0.0, 90.0, 500.0, 3e4], np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value, slope = value_and_slope(name, ALPHA, far)
    assert np.isfinite(value).all()
    assert np.isfinite(slope).all()
