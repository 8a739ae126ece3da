"""MobileNet v1 as a model: weights from Keras, from a file of the user's, or bundled.

What loads and builds it is imported inside the methods: to name a model costs nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livecam.models.model_spec import ModelSpec

if TYPE_CHECKING:
    from livecam.models.feature_model import FeatureModel

_SMALLER = {1.0: 0.75, 0.75: 0.5, 0.5: 0.25}


@dataclass(frozen=True)
class MobileNetSpec(ModelSpec):
    """MobileNet v1.

    Attributes:
        alpha: width multiplier.
        weights_file: the weights the user gave; None for those that Keras fetches.
    """

    alpha: float = 1.0
    weights_file: Path | None = None

    @property
    def title(self) -> str:
        """The name to show: "MobileNet 0.75 imagenet"."""
        return f"MobileNet {self.alpha:g} {self.name}"

    @property
    def facts(self) -> dict[str, str]:
        """Its licence and where its weights are."""
        path = self.weights_path()
        weights = f"{path}{'' if path.exists() else ' (not fetched yet)'}"
        return ({"licence": self.licence} if self.licence else {}) | {"weights": weights}

    @property
    def smaller_alpha(self) -> float | None:
        """The --alpha of the next smaller one."""
        return None if self.bundle else _SMALLER.get(self.alpha)

    @property
    def can_be_fetched(self) -> bool:
        """Whether a damaged file of weights can be had again."""
        return self.weights_file is None and self.bundle is None

    def weights_path(self) -> Path:
        """The file of its weights."""
        from livecam.models.weights import weights_path

        return weights_path(self)

    def ensure_weights(self, say: Callable[[str], None]) -> Path:
        """The file of its weights, fetched where it is not there yet."""
        from livecam.models.weights import ensure_weights

        return ensure_weights(self, say)

    def key_parts(self) -> dict[str, Any]:
        """What an export depends on besides the weights."""
        from livecam.models.surgery import GRAPH_VERSION

        return {"alpha": self.alpha, "classes": len(self.labels.names), "graph": GRAPH_VERSION}

    def build(self, weights: Path, *, float16: bool = False) -> "FeatureModel":
        """The network, cut by models/surgery.py."""
        from livecam.models.surgery import build_feature_model

        return build_feature_model(self, weights, float16=float16)
