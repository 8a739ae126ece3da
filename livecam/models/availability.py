"""Whether each model can be used offline: where its weights are, and whether they are whole."""

from dataclasses import dataclass
from pathlib import Path

from livecam.models.catalogue import ALPHAS, ModelSpec, flowers_spec, imagenet_spec
from livecam.models.weights import is_hdf5, weights_path


@dataclass(frozen=True, slots=True)
class ModelState:
    """One model and its weights file.

    Attributes:
        spec: the model.
        path: where its weights are, or would be.
        size_mb: size of that file in millions of bytes; None where it is not there.
        problem: why the file cannot be used; "" where it can, or where there is none.
    """

    spec: ModelSpec
    path: Path
    size_mb: float | None
    problem: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether it works without a network."""
        return self.size_mb is not None and not self.problem


def model_states() -> list[ModelState]:
    """Every model that can be opened by name."""
    specs = [flowers_spec(), *(imagenet_spec(alpha) for alpha in ALPHAS)]
    return [_state(spec) for spec in specs]


def _state(spec: ModelSpec) -> ModelState:
    path = weights_path(spec)
    if not path.is_file():
        return ModelState(spec, path, None)
    return ModelState(spec, path, path.stat().st_size / 1e6, _problem(path))


def _problem(path: Path) -> str:
    try:
        return "" if is_hdf5(path) else "damaged"
    except OSError as error:
        return (error.strerror or str(error)).lower()
