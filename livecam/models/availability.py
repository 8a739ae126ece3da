"""Whether each model can be used offline: where its weights are, and whether they are whole."""

from dataclasses import dataclass
from pathlib import Path

from livecam.errors import ModelError
from livecam.models.catalogue import ALPHAS, flowers_spec, imagenet_spec
from livecam.models.mobilenet_spec import MobileNetSpec
from livecam.models.taught_file import SUFFIX
from livecam.models.taught_spec import taught_spec
from livecam.models.weights import check_is_own_weights, file_digest, is_hdf5, weights_path


@dataclass(frozen=True, slots=True)
class ModelState:
    """One model and its weights file.

    Attributes:
        spec: the model.
        path: where its weights are, or would be.
        size_mb: size of that file in millions of bytes; None where it is not there.
        problem: why the file cannot be used; "" where it can, or where there is none.
    """

    spec: MobileNetSpec
    path: Path
    size_mb: float | None
    problem: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether it works without a network."""
        return self.size_mb is not None and not self.problem


@dataclass(frozen=True, slots=True)
class TaughtState:
    """One file of a model that was taught.

    Attributes:
        path: the file.
        size_bytes: of it.
        class_names: its classes; none where it cannot be used.
        alpha: of the network below it; None where it cannot be used.
        is_ready: whether that network's weights are here, and the very same.
        problem: why it cannot be used; "" where it can.
    """

    path: Path
    size_bytes: int
    class_names: tuple[str, ...] = ()
    alpha: float | None = None
    is_ready: bool = False
    problem: str = ""


def taught_states(folder: Path) -> list[TaughtState]:
    """The models that were taught and lie in a folder, by name."""
    return [_taught_state(path) for path in sorted(folder.glob(f"*{SUFFIX}")) if path.is_file()]


def _taught_state(path: Path) -> TaughtState:
    size_bytes = path.stat().st_size
    try:
        spec = taught_spec(path)
        weights = spec.weights_path()
        is_ready = weights.is_file() and file_digest(weights) == spec.taught.base.sha256
    except (ModelError, OSError) as error:
        return TaughtState(path, size_bytes, problem=str(error))
    return TaughtState(path, size_bytes, spec.taught.class_names, spec.alpha, is_ready)


def model_states() -> list[ModelState]:
    """Every model that can be opened by name."""
    specs = [flowers_spec(), *(imagenet_spec(alpha) for alpha in ALPHAS)]
    return [_state(spec) for spec in specs]


def _state(spec: MobileNetSpec) -> ModelState:
    path = weights_path(spec)
    if not path.is_file():
        return ModelState(spec, path, None)
    return ModelState(spec, path, path.stat().st_size / 1e6, _problem(spec, path))


def _problem(spec: MobileNetSpec, path: Path) -> str:
    try:
        if spec.bundle is None:
            check_is_own_weights(path)
        return "" if is_hdf5(path) else "damaged"
    except ModelError:
        return "others may have written it"
    except OSError as error:
        return (error.strerror or str(error)).lower()
