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
    def approximate_because(self) -> str:
        """Why its maps are those of the gradient; "" where they are exact."""
        return why_approximate(layer.curve for layer in self.hidden)

    def pooled(self, features: Floats) -> Floats:
        """What the first layer gets of features [rows, columns, channels]: [inputs]."""
        if self.places is not None:
            return features.reshape(-1)
        # Side by side in memory: a mean over a part of each row would take five times as long.
        return np.asarray(features.reshape(-1, features.shape[2]).mean(0), np.float32)

    def logits(self, pooled: Floats) -> Floats:
        """The logits of all classes: [..., inputs] to float32 [..., classes]."""
        for layer in self.hidden:
            pooled = layer.output(pooled)
        return np.asarray(pooled @ self.kernel + self.bias, np.float32)

    def linear_part(self, features: Floats, class_index: int) -> tuple[Floats, float]:
        """The head at one picture, as a linear function; its tangent where it is none.

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
        pull_backs: list[PullBack] = []
        for layer in self.hidden:
            values, pull_back = layer.at(values)
            pull_backs.append(pull_back)
        logit = float(values @ weights + self.bias[class_index])
        for pull_back in reversed(pull_backs):
            weights = pull_back(weights)
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
