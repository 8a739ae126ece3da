"""Opening a model: which engine fits this machine, and the network with its head in it."""

import importlib.util
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from livecam.core.class_activation import class_grid
from livecam.core.types import Activation, Evidence, RgbImage
from livecam.engines import Engine
from livecam.errors import ModelError, SettingsError
from livecam.models.catalogue import ModelSpec
from livecam.models.export import Calibration, ready_export
from livecam.models.surgery import Head
from livecam.models.weights import drop_broken, ready_weights

# What a machine with a GPU that TensorFlow can use has: NVIDIA, WSL, AMD.
_GPU_DEVICES = ("/dev/nvidia0", "/dev/dxg", "/dev/kfd")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class OpenedModel:
    """A network in an engine with its head: implements ports.HeatModel."""

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

    def infer(self, rgb: RgbImage) -> Evidence:
        """Features and logits of uint8 RGB [224, 224, 3]; see ports.HeatModel."""
        return Evidence(*self.runtime.infer(rgb))

    def activation(self, evidence: Evidence, class_index: int) -> Activation:
        """The class's grid; see ports.HeatModel."""
        grid = class_grid(evidence.features, self.head.kernel, class_index)
        return Activation(grid, evidence.logits)

    def measure(self, rgb: RgbImage, class_index: int) -> Activation:
        """Both at once: grid and logits of uint8 RGB [224, 224, 3]."""
        return self.activation(self.infer(rgb), class_index)


ENGINES = ("auto", "tensorflow", "litert")
PRECISIONS = ("float32", "float16", "int8")


def gpu_may_exist() -> bool:
    """Whether importing TensorFlow to look for a GPU is worth its two seconds."""
    if sys.platform == "darwin":
        return importlib.util.find_spec("tensorflow-plugins") is not None
    # TensorFlow has no GPU support of its own on Windows since 2.11.
    return sys.platform == "linux" and any(Path(device).exists() for device in _GPU_DEVICES)


def choose_engine(wanted: str) -> tuple[str, str]:
    """The engine's name and the reason; `wanted` is "auto", "tensorflow" or "litert"."""
    if wanted != "auto":
        return wanted, "as asked"
    if not gpu_may_exist():
        return "litert", "no GPU for TensorFlow here"
    from livecam.models.surgery import import_tensorflow

    try:
        gpus = import_tensorflow().config.list_physical_devices("GPU")
    except ModelError:
        return "litert", "TensorFlow cannot be imported"
    return ("tensorflow", "TensorFlow sees a GPU") if gpus else ("litert", "TensorFlow sees no GPU")


def _engine_for(engine: str, precision: str) -> tuple[str, str]:
    """The engine's name and the reason, where it has this precision."""
    if engine not in ENGINES or precision not in PRECISIONS:
        raise SettingsError(
            f"there is no engine {engine} with {precision}: engines are {', '.join(ENGINES)}, "
            f"precisions {', '.join(PRECISIONS)}."
        )
    name, reason = choose_engine("litert" if (engine, precision) == ("auto", "int8") else engine)
    if precision == "float16" and name != "tensorflow":
        raise SettingsError(
            "--precision float16 is for TensorFlow on a GPU: use float32 or int8 here."
        )
    if precision == "int8" and name != "litert":
        raise SettingsError("--precision int8 is for LiteRT: leave --engine out, or use float32.")
    return name, reason


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
