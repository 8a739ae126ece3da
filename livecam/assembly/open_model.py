"""Opens a network: its weights or export, in the engine that fits this machine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from livecam.core.class_activation import activation_of
from livecam.core.head import Head
from livecam.core.map_choices import DETAILS
from livecam.core.map_offset import NO_OFFSET
from livecam.core.map_scale import MapScale
from livecam.core.network_size import MOBILENET_INPUT, InputSize
from livecam.core.types import Activation, NetworkOutput, RgbImage
from livecam.engines import Engine
from livecam.engines.selection import select_engine
from livecam.errors import ModelError, SettingsError
from livecam.models.export_cache import ensure_export
from livecam.models.model_spec import ModelSpec
from livecam.models.scale_file import read_scale
from livecam.models.weights import remove_damaged

if TYPE_CHECKING:  # float32 does without
    from livecam.models.int8_quantisation import Calibration

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OpenedModel:
    """A network in an engine; a protocols.ActivationModel.

    Attributes:
        spec: which network.
        runtime: the engine that runs it.
        head: the classifier, from which logits and activation maps are computed.
        input_size: what sizes of pictures it takes; see protocols.ActivationModel.
        export_folder: where its export is kept; None of an engine without one.
    """

    spec: ModelSpec
    runtime: Engine
    head: Head
    input_size: InputSize = MOBILENET_INPUT
    export_folder: Path | None = None

    def __repr__(self) -> str:
        return f"OpenedModel({self.description}, {len(self.labels)} classes)"

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

    @property
    def blur_cells(self) -> float:
        """Of its maps; see protocols.ActivationModel."""
        return self.spec.blur_cells

    @property
    def map_scale(self) -> MapScale:
        """How large its maps are: known of the networks here, measured once of another one's."""
        known, folder = self.spec.act_max, self.export_folder
        if known is not None:
            return MapScale(known)
        return MapScale(None if folder is None else read_scale(folder), gain_is_relative=True)

    def infer(self, rgb: RgbImage) -> NetworkOutput:
        """Features and logits of uint8 RGB [height, width, 3]; see protocols.ActivationModel."""
        return self.output_of(self.runtime.infer(rgb))

    def output_of(self, features: npt.NDArray[np.float32]) -> NetworkOutput:
        """The same of the features that the engine gave: float32 [rows, columns, channels]."""
        at_picture = self.head.at(features)
        detail = min(features.shape[:2]) // self.input_size.cells
        return NetworkOutput(
            features,
            head=self.head,
            temperature=self.spec.temperature,
            window_cells=self.input_size.cells,
            levels=self.spec.levels[min(max(detail, 1), len(DETAILS)) - 1],
            head_at_picture=at_picture,
        )

    def activation(self, network_output: NetworkOutput, class_index: int) -> Activation:
        """The class's grid; see protocols.ActivationModel."""
        is_in_place = network_output.is_turned_mean
        offset_px = NO_OFFSET if is_in_place else self.spec.map_offset_of(class_index)
        return activation_of(network_output, self.head, class_index, offset_px)

    def measure(self, rgb: RgbImage, class_index: int) -> Activation:
        """Grid and logits of uint8 RGB [height, width, 3]."""
        return self.activation(self.infer(rgb), class_index)


def open_model(
    spec: ModelSpec,
    *,
    engine: str = "auto",
    precision: str = "float32",
    threads: int | None = None,
    calibration: "Calibration | None" = None,
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
    only_litert = spec.is_for_litert_alone and engine == "auto"
    name, reason = select_engine("litert" if only_litert else engine, precision)
    if precision == "int8" and calibration is None:
        raise SettingsError("int8 needs pictures to be calibrated with: give a calibration.")
    weights = spec.ensure_weights(say)
    int8 = calibration if precision == "int8" else None

    def opened(path: Path) -> OpenedModel:
        if name == "tensorflow":
            return _in_tensorflow(spec, path, float16=precision == "float16")
        return _in_litert(spec, path, threads, int8, say)

    try:
        model = opened(weights)
    except ModelError:
        if not spec.can_be_fetched or not _is_truncated(weights):
            raise
        remove_damaged(weights, say)
        model = opened(spec.ensure_weights(say))
    say(f"{model.description} ({reason})")
    if model.head.approximate_because:
        say(
            f"its map is approximate, that of the gradient: {model.head.approximate_because} "
            "(mean + constant is still the logit)"
        )
    return model


def _in_tensorflow(spec: ModelSpec, weights: Path, *, float16: bool) -> OpenedModel:
    from livecam.engines.tensorflow import TensorFlowEngine

    model = spec.build(weights, float16=float16)
    side_px = model.input_size.side_px
    engine = TensorFlowEngine(model.infer, float16=float16, side_px=side_px)
    return OpenedModel(spec, engine, spec.head_on(model.head), model.input_size)


def _in_litert(
    spec: ModelSpec, weights: Path, threads: int | None, int8: "Calibration | None", say: Say
) -> OpenedModel:
    from livecam.engines.litert import LiteRTEngine

    export = ensure_export(spec, weights, say, calibration=int8)
    engine = LiteRTEngine(export.model_path, threads, export.input_size.side_px)
    folder = export.model_path.parent
    return OpenedModel(spec, engine, spec.head_on(export.head), export.input_size, folder)


def _is_truncated(weights: Path) -> bool:
    """Whether the HDF5 library cannot open the file: then it is damaged, not of another network."""
    try:
        import h5py
    except ImportError:  # it comes with TensorFlow; without that, the error is another one
        return False
    try:
        with h5py.File(weights, "r"):
            return False
    except OSError:
        return True
