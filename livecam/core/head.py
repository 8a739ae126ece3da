"""The head of a network: what comes after the features, and what each place adds to a logit.

Pooling, dense layers and ReLU are piecewise linear: with the units that are on for a picture, the
logit of a class is `weights @ pooled + constant`, and the map of the class is what each place adds
to that, so `mean(map) + constant == logit` without any gradient. A head of one layer, as
MobileNet's, has the same weights for every picture: its column of the kernel. Source: Zhou et al.,
"Learning Deep Features for Discriminative Localization" (2016), for one layer.

A head with swish, GELU, LayerNormalization and the like has no such map. Its weights are the
gradient of the logit by the pooled features at this picture: the tangent. The map is then called
approximate, and `mean(map) + constant == logit` holds by the choice of the constant. Source:
Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization"
(2017), without its ReLU, so that what speaks against the class is kept.
"""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from livecam.core.hidden_layers import AnyLayer, PullBack, why_approximate
from livecam.core.short_repr import ShortRepr

Floats = npt.NDArray[np.float32]


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
    hidden: tuple[AnyLayer, ...] = ()
    places: tuple[int, int] | None = None

    @property
    def is_linear(self) -> bool:
        """Whether its maps have the same weights for every picture."""
        return not self.hidden

    @property
    def is_exact(self) -> bool:
        """Whether its maps are exact: with the units that are on at a picture it is linear."""
        return not any(layer.curve for layer in self.hidden)

    @property
    def approximate_because(self) -> str:
        """Why its maps are those of the gradient; "" where they are exact."""
        return why_approximate(layer.curve for layer in self.hidden)

    def pooled(self, features: Floats) -> Floats:
        """What the first layer gets of features [rows, columns, channels]: [inputs]."""
        if self.places is not None:
            return features.reshape(-1)
        # A product: a third of the time of `mean`, and it rounds less. Side by side in memory:
        # over a part of each row either would take five times as long.
        cells = features.reshape(-1, features.shape[2])
        return np.asarray(_ones(len(cells)) @ cells / np.float32(len(cells)), np.float32)

    def logits(self, pooled: Floats) -> Floats:
        """The logits of all classes: [..., inputs] to float32 [..., classes]."""
        for layer in self.hidden:
            pooled = layer.output(pooled)
        return self.last_layer(pooled)

    def at(self, features: Floats) -> "HeadAtPicture":
        """The head at one picture, given its features, float32 [rows, columns, channels]."""
        values = pooled = self.pooled(features)
        pull_backs: list[PullBack] = []
        for layer in self.hidden:
            values, pull_back = layer.at(values)
            pull_backs.append(pull_back)
        return HeadAtPicture(self, features, pooled, values, tuple(pull_backs))

    def last_layer(self, values: Floats) -> Floats:
        """The logits of all classes of what the last layer gets: [..., inputs] to float32."""
        # Turned, as the kernel's columns lie side by side in memory (models/head_arrays.py): of
        # several windows it takes two thirds of the time.
        sums = np.ascontiguousarray((self.kernel.T @ values.T).T)
        return np.asarray(sums + self.bias, np.float32)

    def grid(self, features: Floats, weights: Floats) -> Floats:
        """What each place adds to a logit, as many times as there are places.

        Args:
            features: float32 [rows, columns, channels].
            weights: float32 [inputs], from `HeadAtPicture.linear_part`.

        Returns:
            float32 [rows, columns]; its mean and the constant add up to the logit.
        """
        if self.places is None:
            return np.asarray(features @ weights, dtype=np.float32)
        rows, columns, channels = features.shape
        of_place = weights.reshape(rows, columns, channels)
        return np.asarray((features * of_place).sum(-1) * (rows * columns), dtype=np.float32)


@dataclass(frozen=True, eq=False, repr=False)
class HeadAtPicture(ShortRepr):
    """A head at one picture: its layers are run once, for all logits and the maps of all classes.

    Attributes:
        head: whose layers.
        features: float32 [rows, columns, channels], of the picture.
        pooled: float32 [inputs], what the first layer got.
        values: float32 [inputs], what the last layer gets.
        pull_backs: how a gradient goes back through each hidden layer, first one first.
    """

    head: Head
    features: Floats
    pooled: Floats
    values: Floats
    pull_backs: tuple[PullBack, ...]

    @cached_property
    def logits(self) -> Floats:
        """float32 [classes], all of them; of a thousand classes worth computing only when asked."""
        return self.head.last_layer(self.values)

    def is_of(self, head: Head, features: Floats) -> bool:
        """Whether it is that of this head at these features."""
        return self.head is head and self.features is features

    def linear_part(self, class_index: int) -> tuple[Floats, float]:
        """The head as a linear function of the pooled features; its tangent where it is none.

        Args:
            class_index: of the class.

        Returns:
            Weights, float32 [inputs], and constant: `weights @ pooled + constant` is the logit.
        """
        head = self.head
        weights = head.kernel[:, class_index]
        if head.is_linear:
            return weights, float(head.bias[class_index])
        for pull_back in reversed(self.pull_backs):
            weights = pull_back(weights)
        return weights, float(self.logits[class_index]) - float(weights @ self.pooled)


@cache
def _ones(count: int) -> Floats:
    """float32 [count]."""
    return np.ones(count, np.float32)
