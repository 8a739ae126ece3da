"""What `livecam models` tells: which models there are and whether they are ready offline."""

from dataclasses import dataclass
from pathlib import Path

from livecam.models.catalogue import ALPHAS, ModelSpec, flowers_spec, imagenet_spec
from livecam.models.weights import weights_path


@dataclass(frozen=True, slots=True)
class ModelState:
    """One model as a person sees it.

    Attributes:
        spec: the model.
        path: where its weights are, or would be.
        size_mb: size of that file in millions of bytes; None where it is not there.
    """

    spec: ModelSpec
    path: Path
    size_mb: float | None

    @property
    def is_ready(self) -> bool:
        """Whether it works without a network."""
        return self.size_mb is not None


def model_states() -> list[ModelState]:
    """Every model that can be opened by name."""
    specs = [flowers_spec(), *(imagenet_spec(alpha) for alpha in ALPHAS)]
    return [_state(spec) for spec in specs]


def _state(spec: ModelSpec) -> ModelState:
    path = weights_path(spec)
    return ModelState(spec, path, path.stat().st_size / 1e6 if path.is_file() else None)
