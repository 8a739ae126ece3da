"""The layers between the pooling and the layer of classes: their values, and their gradients.

Each layer gives its output and, at one picture, what its gradient is multiplied by on the way back.
Of a piecewise linear layer that is exact for as long as the same units are on; of the others it is
the tangent at this picture.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from livecam.core.activation_curves import value_and_slope
from livecam.core.short_repr import ShortRepr

Floats = npt.NDArray[np.float32]

PullBack = Callable[[Floats], Floats]
"""Given the gradient by a layer's output, float32 [units], gives that by its input, [inputs]."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class HiddenLayer(ShortRepr):
    """A dense layer with a piecewise linear activation: ReLU, leaky ReLU, ReLU6.

    Attributes:
        kernel: float32 [inputs, units].
        bias: float32 [units].
        negative_slope: below 0 the activation is the value times this; 0 for ReLU.
        ceiling: the activation is never larger; infinite for ReLU, 6 for ReLU6.
    """

    kernel: Floats
    bias: Floats
    negative_slope: float = 0.0
    ceiling: float = math.inf

    @property
    def curve(self) -> str:
        """What of it is not piecewise linear: nothing."""
        return ""

    @property
    def arrays(self) -> tuple[Floats, ...]:
        """Its weights."""
        return self.kernel, self.bias

    def output(self, values: Floats) -> Floats:
        """What it gives: [..., inputs] to [..., units]."""
        return self._activated(self._sums(values))

    def at(self, values: Floats) -> tuple[Floats, PullBack]:
        """Its output at one picture, [inputs] to [units], and how a gradient goes back."""
        sums = self._sums(values)
        slopes = self._slopes(sums)
        return self._activated(sums), lambda gradient: self.kernel @ (slopes * gradient)

    @property
    def _is_relu(self) -> bool:
        """Whether the general case is not needed, which takes three times as long."""
        return self.ceiling == math.inf and not self.negative_slope

    def _sums(self, values: Floats) -> Floats:
        return np.asarray(values @ self.kernel + self.bias, np.float32)

    def _activated(self, sums: Floats) -> Floats:
        if self._is_relu:
            return np.maximum(sums, 0)
        below = np.minimum(sums, 0) * np.float32(self.negative_slope)
        return np.asarray(np.clip(sums, 0, self.ceiling) + below, np.float32)

    def _slopes(self, sums: Floats) -> Floats:
        if self._is_relu:
            return np.asarray(sums > 0, np.float32)
        is_on = (sums > 0) & (sums < self.ceiling)
        return np.where(sums > 0, is_on, self.negative_slope).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CurvedLayer(ShortRepr):
    """A dense layer with an activation that is not piecewise linear: swish, GELU, tanh.

    Attributes:
        kernel: float32 [inputs, units].
        bias: float32 [units].
        curve: name of the activation, of activation_curves.CURVES.
        alpha: of ELU.
    """

    kernel: Floats
    bias: Floats
    curve: str
    alpha: float = 1.0

    @property
    def arrays(self) -> tuple[Floats, ...]:
        """Its weights."""
        return self.kernel, self.bias

    def output(self, values: Floats) -> Floats:
        """What it gives: [..., inputs] to [..., units]."""
        return value_and_slope(self.curve, self.alpha, self._sums(values))[0]

    def at(self, values: Floats) -> tuple[Floats, PullBack]:
        """Its output at one picture, [inputs] to [units], and how a gradient goes back."""
        value, slopes = value_and_slope(self.curve, self.alpha, self._sums(values))
        return value, lambda gradient: self.kernel @ (slopes * gradient)

    def _sums(self, values: Floats) -> Floats:
        return np.asarray(values @ self.kernel + self.bias, np.float32)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NormalisedLayer(ShortRepr):
    """Layer normalisation: mean and variance are those of the picture's own values.

    Source: Ba, Kiros, Hinton, "Layer Normalization" (2016).

    Attributes:
        factor: float32 [inputs], what Keras calls gamma.
        shift: float32 [inputs], what Keras calls beta.
        epsilon: is added to the variance.
    """

    factor: Floats
    shift: Floats
    epsilon: float

    @property
    def curve(self) -> str:
        """What of it is not piecewise linear: all."""
        return "LayerNormalization"

    @property
    def arrays(self) -> tuple[Floats, ...]:
        """Its weights."""
        return self.factor, self.shift

    def output(self, values: Floats) -> Floats:
        """What it gives: [..., inputs] to [..., inputs]."""
        scaled, _ = self._scaled(values)
        return np.asarray(scaled * self.factor + self.shift, np.float32)

    def at(self, values: Floats) -> tuple[Floats, PullBack]:
        """Its output at one picture, [inputs] to [inputs], and how a gradient goes back."""
        scaled, deviation = self._scaled(values)

        def before(gradient: Floats) -> Floats:
            of_scaled = gradient * self.factor
            of_spread = scaled * (of_scaled * scaled).mean()
            return np.asarray((of_scaled - of_scaled.mean() - of_spread) / deviation, np.float32)

        return np.asarray(scaled * self.factor + self.shift, np.float32), before

    def _scaled(self, values: Floats) -> tuple[Floats, Floats]:
        centred = values - values.mean(-1, keepdims=True)
        variance = (centred * centred).mean(-1, keepdims=True)
        deviation = np.sqrt(variance + np.float32(self.epsilon))
        return centred / deviation, deviation


AnyLayer = HiddenLayer | CurvedLayer | NormalisedLayer


def why_approximate(curves: Iterable[str]) -> str:
    """Why a head has no exact map, in words; "" where it has one.

    Args:
        curves: what of each of its layers is not piecewise linear, "" for nothing.
    """
    names = [name for name in dict.fromkeys(curves) if name]
    verb = "is" if len(names) == 1 else "are"
    listed = " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
    return f"{listed} after the pooling {verb} not piecewise linear" if names else ""


def kind_of_map(approximate_because: str) -> str:
    """Whether maps are exact, in words; given why they are not, "" where they are."""
    return f"approximate, the gradient's: {approximate_because}" if approximate_because else "exact"
