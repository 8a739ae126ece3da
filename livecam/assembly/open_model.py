"""Opens a network: its weights or export, in the engine that fits this machine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from livecam.core.class_activation import class_grid
from livecam.core.types import Activation, Head, NetworkOutput, RgbImage
from livecam.engines import Engine
from livecam.engines.selection import select_engine
from livecam.errors import ModelError, SettingsError
from livecam.models.catalogue import ModelSpec
from livecam.models.export_cache import ensure_export
from livecam.models.int8_quantisation import Calibration
from livecam.models.weights import ensure_weights, remove_damaged

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class OpenedModel:
    """A network in an engine; a protocols.ActivationModel.

    Attributes:
        spec: which network.
        runtime: the engine that runs it.
        head: the class columns, from which activation maps are computed.
    """

    spec: ModelSpec
    runtime: Engine
    head: Head

    @property
    def labels(self) -> Sequence[str]:
        """First names of the classes, in order."""
        return self.spec.labels.first_names

    @property
    def class_choices(self) -> Sequence[int]:
        """Indices of the classes that can be chosen: all but "other"."""
        return self.spec.labels.class_choices

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
        """Grid and logits of uint8 RGB [224, 224, 3]."""
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
        threads: processor threads for LiteRT; None for one per core, at most four.
        calibration: the pictures that int8 is calibrated with.
        say: receives a line about the engine, and about what takes long.

    Raises:
        ModelError: weights or engine are missing or damaged.
        SettingsError: there is no such engine, or it does not have this precision.
    """
    name, reason = select_engine(engine, precision)
    if precision == "int8" and calibration is None:
        raise SettingsError("int8 needs pictures to be calibrated with: give a calibration.")
    weights = ensure_weights(spec, say)
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
        remove_damaged(weights, say)
        model = opened(ensure_weights(spec, say))
    say(f"{model.description} ({reason})")
    return model


def _in_tensorflow(spec: ModelSpec, weights: Path, *, float16: bool) -> OpenedModel:
    from livecam.engines.tensorflow import TensorFlowEngine
    from livecam.models.surgery import build_feature_model

    model = build_feature_model(spec, weights, float16=float16)
    return OpenedModel(spec, TensorFlowEngine(model.infer, float16=float16), model.head)


def _in_litert(
    spec: ModelSpec, weights: Path, threads: int | None, int8: Calibration | None, say: Say
) -> OpenedModel:
    from livecam.engines.litert import LiteRTEngine

    export = ensure_export(spec, weights, say, calibration=int8)
    return OpenedModel(spec, LiteRTEngine(export.model_path, export.head, threads), export.head)


def _is_truncated(weights: Path) -> bool:
    """Whether the HDF5 library cannot open the file: then it is damaged, not of another network."""
    import h5py

    try:
        with h5py.File(weights, "r"):
            return False
    except OSError:
        return True
