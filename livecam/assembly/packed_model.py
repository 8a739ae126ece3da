"""A network that is made ready once and opened often: in other processes, on other machines."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2

from livecam.assembly.model_from_settings import ModelChoice, open_chosen_model
from livecam.assembly.open_model import OpenedModel, Say
from livecam.core.head import Head
from livecam.core.map_scale import USUAL_SCALE, MapScale
from livecam.core.network_size import InputSize
from livecam.models.litert_export import MODEL_FILE
from livecam.models.model_spec import ModelSpec
from livecam.models.weights import file_digest


@dataclass(frozen=True, slots=True, eq=False)
class PackedModel:
    """Everything that opens a network, without looking anything up; can be pickled.

    Attributes:
        spec: which network.
        head: its classifier.
        input_size: what sizes of pictures it takes.
        export: the file for LiteRT, or its content; None for TensorFlow, which opens `choice`.
        choice: what the settings say, for TensorFlow.
        map_scale: how large its maps are.
    """

    spec: ModelSpec
    head: Head
    input_size: InputSize
    export: Path | bytes | None
    choice: ModelChoice
    map_scale: MapScale = USUAL_SCALE

    def with_content(self) -> "PackedModel":
        """The same with the file's content: for machines that do not have the file."""
        if not isinstance(self.export, Path):
            return self
        return replace(self, export=self.export.read_bytes())

    def open(self, threads: int) -> OpenedModel:
        """The network in an engine of this process.

        Args:
            threads: of the processor.

        Raises:
            ModelError: the engine is missing.
        """
        cv2.setNumThreads(1)
        if self.export is None:
            settings = replace(self.choice.settings, threads=threads)
            return open_chosen_model(replace(self.choice, settings=settings), lambda _: None)
        from livecam.engines.litert import LiteRTEngine

        engine = LiteRTEngine(self.export, threads, self.input_size.side_px)
        return OpenedModel(self.spec, engine, self.head, self.input_size)


def pack_model(choice: ModelChoice, say: Say) -> PackedModel:
    """Make a network ready: weights, export, engine.

    Raises:
        ModelError: weights or engine are missing or damaged.
        SettingsError: the engine does not have the precision, or the calibration has no pictures.
    """
    model = open_chosen_model(choice, say)
    export = None if model.export_folder is None else model.export_folder / MODEL_FILE
    return PackedModel(model.spec, model.head, model.input_size, export, choice, model.map_scale)


def model_identity(model: PackedModel) -> dict[str, Any]:
    """What tells this network from others, whatever versions of libraries run it; for JSON."""
    settings, head = model.choice.settings, hashlib.blake2b(digest_size=16)
    last = model.head.kernel, model.head.bias
    for array in (*(array for layer in model.head.hidden for array in layer.arrays), *last):
        head.update(array.tobytes())
    return {
        "name": model.spec.name,
        "weights": file_digest(model.spec.weights_path()),
        "head": head.hexdigest(),
        "network": model.spec.key_parts(),
        "precision": settings.precision,
        "calibration": str(settings.calibration) if settings.calibration else None,
    }
