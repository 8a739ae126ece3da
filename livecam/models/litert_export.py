"""Converts a network to a LiteRT file with its head: a folder of three files.

float32 as it is, or int8 (models/int8_quantisation.py). The digests in the third file show
whether the other two are whole.
"""

import gzip
import json
import shutil
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from livecam.core.head import Head
from livecam.core.network_size import InputSize
from livecam.errors import ModelError
from livecam.models.head_arrays import arrays_of, head_of, input_size_of
from livecam.models.model_spec import ModelSpec
from livecam.models.weights import file_digest

if TYPE_CHECKING:  # float32 does without
    from livecam.models.int8_quantisation import Calibration

MODEL_FILE = "model.tflite"
HEAD_FILE = "head.npz"
ABOUT_FILE = "about.json"
BUNDLED_INT8_FILE = "model_int8.tflite.gz"  # calibrated with the rendered scenes alone


@dataclass(frozen=True, slots=True, eq=False)
class Export:
    """A network ready for LiteRT.

    Attributes:
        model_path: the LiteRT file.
        head: what follows its features.
        input_size: what sizes of pictures it takes.
    """

    model_path: Path
    head: Head
    input_size: InputSize


def read_export(folder: Path) -> Export | None:
    """The export in this folder; None where it is missing or damaged."""
    try:
        about = json.loads((folder / ABOUT_FILE).read_text("utf-8"))
        if any(file_digest(folder / name) != about[name] for name in (MODEL_FILE, HEAD_FILE)):
            return None
        with np.load(folder / HEAD_FILE) as arrays:
            return Export(folder / MODEL_FILE, head_of(arrays), input_size_of(arrays))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_export(
    spec: ModelSpec, weights: Path, folder: Path, calibration: "Calibration | None" = None
) -> None:
    """Convert the weights and write the three files.

    Args:
        spec: which network.
        weights: its file.
        folder: exists and is empty.
        calibration: the pictures of an int8 network; None for float32.

    Raises:
        ModelError: the weights do not fit the network.
        OSError: the files cannot be written.
    """
    network = spec.convert(weights, calibration)
    (folder / MODEL_FILE).write_bytes(network.file)
    arrays: dict[str, Any] = arrays_of(network.head, network.input_size)
    np.savez(folder / HEAD_FILE, **arrays)
    _write_about(folder, spec.title)


def compress_int8_into_bundle(export: Path, bundle: Path) -> None:
    """Add the network of an int8 export to a bundle, which has the class columns already."""
    packed = gzip.compress((export / MODEL_FILE).read_bytes(), mtime=0)
    (bundle / BUNDLED_INT8_FILE).write_bytes(packed)


def write_bundled_int8(bundle: Path, folder: Path) -> None:
    """Write the int8 export that a bundle holds into an existing, empty folder.

    Raises:
        ModelError: the bundle is damaged.
        OSError: the files cannot be written.
    """
    try:
        file = gzip.decompress((bundle / BUNDLED_INT8_FILE).read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise damaged_bundle(bundle) from error
    if not file:  # gzip accepts an empty file
        raise damaged_bundle(bundle)
    (folder / MODEL_FILE).write_bytes(file)
    shutil.copyfile(bundle / HEAD_FILE, folder / HEAD_FILE)
    _write_about(folder, json.loads((bundle / ABOUT_FILE).read_text("utf-8"))["model"])


def damaged_bundle(bundle: Path) -> ModelError:
    """The error for a bundle whose files are not those that were installed."""
    return ModelError(f"the model files in {bundle} are damaged: install livecam again.")


def _write_about(folder: Path, title: str) -> None:
    about = {name: file_digest(folder / name) for name in (MODEL_FILE, HEAD_FILE)}
    (folder / ABOUT_FILE).write_text(json.dumps(about | {"model": title}), "utf-8")
