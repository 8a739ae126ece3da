"""Activations that are not piecewise linear: value and slope of each, for the gradient of a head.

Definitions are Keras's: https://keras.io/api/layers/activations/. All are written so that no
argument overflows.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
ValueAndSlope = tuple[Floats, Floats]

SELU_SCALE, SELU_ALPHA = 1.05070098, 1.67326324
_GELU_TANH = np.sqrt(2 / np.pi), 0.044715
_SMALLEST_EXPONENT = -80.0  # exp of it is still a normal float32


def _exp_below_0(x: Floats) -> Floats:
    """The exponential of the values below 0, and 1 elsewhere."""
    return np.asarray(np.exp(np.clip(x, _SMALLEST_EXPONENT, 0)), np.float32)


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * x), np.float32)


def _softplus(x: Floats) -> Floats:
    return np.asarray(np.logaddexp(np.float32(0), x), np.float32)


def _erf(x: Floats) -> Floats:
    """The error function, to 2e-7: Abramowitz and Stegun, 7.1.26."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    powers = np.full_like(t, 1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        powers = powers * t + factor
    return np.asarray(np.sign(x) * (1 - powers * t * np.exp(-np.minimum(x * x, 80))), np.float32)


def sigmoid(x: Floats) -> ValueAndSlope:
    """1 / (1 + exp(-x))."""
    value = _sigmoid(x)
    return value, value * (1 - value)


def tanh(x: Floats) -> ValueAndSlope:
    """The hyperbolic tangent."""
    value = np.tanh(x)
    return value, 1 - value * value


def swish(x: Floats) -> ValueAndSlope:
    """Also called SiLU: x * sigmoid(x)."""
    gate = _sigmoid(x)
    return x * gate, gate * (1 + x * (1 - gate))


def hard_swish(x: Floats) -> ValueAndSlope:
    """Swish with a piecewise linear gate: x * min(max(x + 3, 0), 6) / 6."""
    gate = np.clip(x + 3, 0, 6) / np.float32(6)
    is_between = np.abs(x) < 3
    return x * gate, gate + is_between * x / np.float32(6)


def gelu(x: Floats) -> ValueAndSlope:
    """x * P(X <= x) of a normal distribution."""
    share = 0.5 + 0.5 * _erf(x * np.float32(np.sqrt(0.5)))
    density = np.exp(-0.5 * np.minimum(x * x, 160)) / np.float32(np.sqrt(2 * np.pi))
    return x * share, np.asarray(share + x * density, np.float32)


def gelu_tanh(x: Floats) -> ValueAndSlope:
    """GELU as it is approximated by a hyperbolic tangent."""
    factor, cubic = map(np.float32, _GELU_TANH)
    bent = np.tanh(factor * (x + cubic * x**3))
    inner = factor * (1 + 3 * cubic * x * x)
    return 0.5 * x * (1 + bent), 0.5 * (1 + bent) + 0.5 * x * (1 - bent * bent) * inner


def softplus(x: Floats) -> ValueAndSlope:
    """log(1 + exp(x))."""
    return _softplus(x), _sigmoid(x)


def softsign(x: Floats) -> ValueAndSlope:
    """x / (1 + |x|)."""
    below = 1 + np.abs(x)
    return x / below, 1 / (below * below)


def mish(x: Floats) -> ValueAndSlope:
    """x * tanh(softplus(x))."""
    gate = np.tanh(_softplus(x))
    return x * gate, gate + x * (1 - gate * gate) * _sigmoid(x)


def elu(x: Floats, alpha: float = 1.0) -> ValueAndSlope:
    """X above 0, alpha * (exp(x) - 1) below."""
    below = np.float32(alpha) * _exp_below_0(x)
    is_above = x > 0
    return np.where(is_above, x, below - np.float32(alpha)), np.where(
        is_above, np.float32(1), below
    )


def selu(x: Floats) -> ValueAndSlope:
    """ELU with the constants of self-normalising networks."""
    value, slope = elu(x, SELU_ALPHA)
    scale = np.float32(SELU_SCALE)
    return scale * value, scale * slope


def exponential(x: Floats) -> ValueAndSlope:
    """exp(x); above 80 as at 80, which no layer gives."""
    value = np.asarray(np.exp(np.clip(x, _SMALLEST_EXPONENT, 80)), np.float32)
    return value, value


CURVES: dict[str, Callable[[Floats], ValueAndSlope]] = {
    "sigmoid": sigmoid,
    "tanh": tanh,
    "swish": swish,
    "hard_swish": hard_swish,
    "gelu": gelu,
    "gelu_tanh": gelu_tanh,
    "softplus": softplus,
    "softsign": softsign,
    "mish": mish,
    "elu": elu,
    "selu": selu,
    "exponential": exponential,
}
"""By Keras's name: value and slope at each of the sums that a layer gets."""


def value_and_slope(name: str, alpha: float, sums: Floats) -> ValueAndSlope:
    """An activation at these sums.

    Args:
        name: of CURVES.
        alpha: of ELU; no other has one.
        sums: float32 of any shape.
    """
    value, slope = elu(sums, alpha) if name == "elu" else CURVES[name](sums)
    return np.asarray(value, np.float32), np.asarray(slope, np.float32)
