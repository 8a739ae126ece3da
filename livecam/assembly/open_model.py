"""Startup a model: which engine fits this machine, and the network with its head in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from livecam.core.class_activation import class_grid
from livecam.core.types import Activation, Head, NetworkOutput, RgbImage
from livecam.engines import Engine
from livecam.engines.selection import _engine_for
from livecam.errors import ModelError, SettingsError
from livecam.models.catalogue import ModelSpec
from livecam.models.export_cache import Calibration, ready_export
from livecam.models.weights import drop_broken, ready_weights

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class OpenedModel:
    """A network in an engine with its head: implements protocols.ActivationModel."""

    spec: ModelSpec
    runtime: Engine
    head: Head

    @property
    def labels(self) -> Sequence[str]:
        """First names of the classes, in order."""
        return self.spec.labels.first_names

    @property
    def class_choices(self) -> Sequence[int]:
        """The classes that are shown as finds."""
        return self.spec.labels.finds

    @property
    def description(self) -> str:
        """Model and engine in a few words."""
        return f"{self.spec.title}, {self.runtime.details}"

    @property
    def engine(self) -> str:
        """The engine's short name."""
        return self.runtime.name

    def infer(self, rgb: RgbImage) -> NetworkOutput:
        """Features and logits of uint8 RGB [224, 224, 3]; see protocols.ActivationModel."""
        return NetworkOutput(*self.runtime.infer(rgb))

    def activation(self, network_output: NetworkOutput, class_index: int) -> Activation:
        """The class's grid; see protocols.ActivationModel."""
        grid = class_grid(network_output.features, self.head.kernel, class_index)
        return Activation(grid, network_output.logits)

    def measure(self, rgb: RgbImage, class_index: int) -> Activation:
        """Both at once: grid and logits of uint8 RGB [224, 224, 3]."""
        return self.activation(self.infer(rgb), class_index)


def open_model(
    spec: ModelSpec,
    *,
    engine: str = "auto",
    precision: str = "float32",
    threads: int | None = None,
    calibration: Calibration | None = None,
    say: Say = lambda _: None,
) -> OpenedModel:
    """Make a network ready: weights, surgery or export, engine, warm-up.

    Args:
        spec: which network (models/catalogue.py).
        engine: "auto", "tensorflow" or "litert".
        precision: "float32", "int8" for LiteRT, or "float16" for TensorFlow on a GPU.
        threads: processor threads for LiteRT; None for a good number.
        calibration: the pictures that int8 is fitted to where it is not in the cache yet.
        say: told which engine was taken and what takes long.

    Raises:
        ModelError: weights or engine cannot be had.
        SettingsError: an engine that there is not, or a precision that it does not have.
    """
    name, reason = _engine_for(engine, precision)
    if precision == "int8" and calibration is None:
        raise SettingsError("int8 needs pictures that it is fitted to: give a calibration.")
    weights = ready_weights(spec, say)
    int8 = calibration if precision == "int8" else None

    def opened(path: Path) -> OpenedModel:
        if name == "tensorflow":
            return _in_tensorflow(spec, path, float16=precision == "float16")
        return _in_litert(spec, path, threads, int8, say)

    try:
        model = opened(weights)
    except ModelError:
        if spec.weights_file or spec.bundle or not _is_truncated(weights):
            raise
        drop_broken(weights, say)
        model = opened(ready_weights(spec, say))
    say(f"{model.description} ({reason})")
    return model


def _in_tensorflow(spec: ModelSpec, weights: Path, *, float16: bool) -> OpenedModel:
    from livecam.engines.tensorflow import TensorFlowEngine
    from livecam.models.surgery import operate

    operated = operate(spec, weights, float16=float16)
    return OpenedModel(spec, TensorFlowEngine(operated, float16=float16), operated.head)


def _in_litert(
    spec: ModelSpec, weights: Path, threads: int | None, int8: Calibration | None, say: Say
) -> OpenedModel:
    from livecam.engines.litert import LiteRTEngine

    export = ready_export(spec, weights, say, calibration=int8)
    return OpenedModel(spec, LiteRTEngine(export.model_path, export.head, threads), export.head)


def _is_truncated(weights: Path) -> bool:
    """Whether the HDF5 library cannot even open the file: then it is the file, not the fit."""
    import h5py

    try:
        with h5py.File(weights, "r"):
            return False
    except OSError:
        return True
