"""The head of a network: what comes after the features, and what each place adds to a logit.

Pooling, dense layers and ReLU are piecewise linear: with the units that are on for a picture, the
logit of a class is `weights @ pooled + constant`, and the map of the class is what each place adds
to that, so `mean(map) + constant == logit` without any gradient. A head of one layer, as
MobileNet's, has the same weights for every picture: its column of the kernel. Source: Zhou et al.,
"Learning Deep Features for Discriminative Localization" (2016), for one layer.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from livecam.core.short_repr import ShortRepr

Floats = npt.NDArray[np.float32]


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
    ceiling: float = float("inf")

    def sums(self, values: Floats) -> Floats:
        """Before the activation: [..., inputs] to [..., units]."""
        return np.asarray(values @ self.kernel + self.bias, np.float32)

    def activated(self, sums: Floats) -> Floats:
        """After the activation, [..., units]."""
        below = np.minimum(sums, 0) * np.float32(self.negative_slope)
        return np.asarray(np.clip(sums, 0, self.ceiling) + below, np.float32)

    def slopes(self, sums: Floats) -> Floats:
        """How steep the activation of each unit is at these sums."""
        is_on = (sums > 0) & (sums < self.ceiling)
        return np.where(sums > 0, is_on, self.negative_slope).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Head(ShortRepr):
    """The layers from the features to the logits.

    Attributes:
        kernel: float32 [inputs, classes] of the last layer.
        bias: float32 [classes] of the last layer.
        hidden: the layers between pooling and last layer, first one first; none of most networks.
        places: rows and columns of features that are laid out one behind the other (flattened)
            instead of averaged; None for the average.
    """

    kernel: Floats
    bias: Floats
    hidden: tuple[HiddenLayer, ...] = ()
    places: tuple[int, int] | None = None

    @property
    def is_linear(self) -> bool:
        """Whether its maps have the same weights for every picture."""
        return not self.hidden

    def pooled(self, features: Floats) -> Floats:
        """What the first layer gets of features [rows, columns, channels]: [inputs]."""
        if self.places is not None:
            return features.reshape(-1)
        # Side by side in memory: a mean over a part of each row would take five times as long.
        return np.asarray(features.reshape(-1, features.shape[2]).mean(0), np.float32)

    def logits(self, pooled: Floats) -> Floats:
        """The logits of all classes: [..., inputs] to float32 [..., classes]."""
        for layer in self.hidden:
            pooled = layer.activated(layer.sums(pooled))
        return np.asarray(pooled @ self.kernel + self.bias, np.float32)

    def linear_part(self, features: Floats, class_index: int) -> tuple[Floats, float]:
        """The head at one picture, as a linear function.

        Args:
            features: float32 [rows, columns, channels]; a head of one layer does not need them.
            class_index: of the class.

        Returns:
            Weights, float32 [inputs], and constant: `weights @ pooled(features) + constant` is the
            logit.
        """
        weights = self.kernel[:, class_index]
        if not self.hidden:
            return weights, float(self.bias[class_index])
        values = pooled = self.pooled(features)
        slopes = []
        for layer in self.hidden:
            sums = layer.sums(values)
            slopes.append(layer.slopes(sums))
            values = layer.activated(sums)
        logit = float(values @ weights + self.bias[class_index])
        for layer, slope in zip(reversed(self.hidden), reversed(slopes), strict=True):
            weights = layer.kernel @ (slope * weights)
        return weights, logit - float(weights @ pooled)

    def grid(self, features: Floats, weights: Floats) -> Floats:
        """What each place adds to a logit, as many times as there are places.

        Args:
            features: float32 [rows, columns, channels].
            weights: float32 [inputs], from `linear_part`.

        Returns:
            float32 [rows, columns]; its mean and the constant add up to the logit.
        """
        if self.places is None:
            return np.asarray(features @ weights, dtype=np.float32)
        rows, columns, channels = features.shape
        of_place = weights.reshape(rows, columns, channels)
        return np.asarray((features * of_place).sum(-1) * (rows * columns), dtype=np.float32)
