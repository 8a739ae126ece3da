"""Reads `.h5` of Keras 2 and 3, and `.keras`: structure and weights, as values only.

A file of Keras may hold Python code (Lambda layers) and names of classes to be imported. None of
it is run or imported: the JSON and the arrays are all that is read.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from livecam.errors import ModelError
from livecam.models.formats.keras_config import StructureError, read_graph
from livecam.models.formats.layer_graph import (
    Layer,
    LayerGraph,
    NetworkFile,
    Weights,
    unusable,
    variables_of,
)
from livecam.models.zip_names import names_in_zip

_HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_ARCHIVE_CONFIG, _ARCHIVE_WEIGHTS = "config.json", "model.weights.h5"
_UNNAMED = re.compile(r"[Vv]ariable(_\d+)?")
LARGEST_BYTES = 2_000_000_000


def is_keras_hdf5(path: Path) -> bool:
    """Whether it is an HDF5 file."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_HDF5_SIGNATURE)) == _HDF5_SIGNATURE


def is_keras_archive(path: Path) -> bool:
    """Whether it is a zip file with Keras 3's parts."""
    return _ARCHIVE_CONFIG in names_in_zip(path)


def read_keras_hdf5(path: Path) -> NetworkFile:
    """The network of an `.h5` file.

    Raises:
        ModelError: it is damaged, or holds no network that can be used.
    """
    check_size(path, path.stat().st_size)
    h5py = import_h5py()
    try:
        with h5py.File(path, "r") as file:
            config = file.attrs.get("model_config")
            version = _text(file.attrs.get("keras_version", "2"))
    except OSError as error:
        raise unusable(path, f"the file is damaged ({error})") from error
    if config is None:
        raise unusable(
            path, "it holds weights without their network: save the whole model, model.save(FILE)."
        )
    graph = parse_graph(path, _text(config), is_keras_2=version.startswith(("1.", "2.")))
    return NetworkFile(
        path,
        path,
        f"Keras {version} HDF5 file",
        graph,
        partial(_hdf5_weights, path, graph),
        is_teachable_machine=_is_of_teachable_machine(graph),
    )


def _is_of_teachable_machine(graph: LayerGraph) -> bool:
    """Whether layers are called as its export calls them, and the last has no bias."""
    last = graph.layers[graph.output_name]
    is_named_so = re.fullmatch(r"dense_Dense\d+", last.path[-1]) is not None
    return is_named_so and not last.config.get("use_bias", True)


def read_keras_archive(path: Path) -> NetworkFile:
    """The network of a `.keras` file.

    Raises:
        ModelError: it is damaged, or holds no network that can be used.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            check_size(path, sum(info.file_size for info in archive.infolist()))
            config = archive.read(_ARCHIVE_CONFIG).decode()
            has_weights = _ARCHIVE_WEIGHTS in archive.namelist()
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise unusable(path, f"the file is damaged ({error})") from error
    if not has_weights:
        raise unusable(path, "it has no weights.")
    graph = parse_graph(path, config)
    return NetworkFile(path, path, "Keras 3 file", graph, partial(_archive_weights, path, graph))


def check_size(path: Path, size_bytes: int) -> None:
    """Raise ModelError for a network that is too large."""
    if size_bytes > LARGEST_BYTES:
        raise unusable(path, f"it has {size_bytes / 1e9:.1f} GB; 2 GB are the most.")


def parse_graph(path: Path, text: str, *, is_keras_2: bool = False) -> LayerGraph:
    """The structure that JSON describes.

    Raises:
        ModelError: it is no network that can be used.
    """
    try:
        return read_graph(json.loads(text), is_keras_2=is_keras_2)
    except json.JSONDecodeError as error:
        raise unusable(path, f"its structure is damaged ({error}).") from error
    except StructureError as error:
        raise unusable(path, f"{error}.") from error


def import_h5py() -> Any:
    """The HDF5 library.

    Raises:
        ModelError: it is not installed.
    """
    try:
        import h5py
    except ImportError as error:
        raise ModelError(
            f"files of Keras need h5py ({error}): pip install h5py, or give the network as a "
            "TensorFlow Lite file."
        ) from error
    return h5py


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _hdf5_weights(path: Path, graph: LayerGraph) -> dict[str, Weights]:
    """Weights by layer: they lie under the outermost network's layers, by name."""
    h5py = import_h5py()
    try:
        with h5py.File(path, "r") as file:
            groups = file["model_weights"]
            found = {name: dict(_named_arrays(groups[name])) for name in groups}
    except (OSError, KeyError, ValueError) as error:
        raise unusable(path, f"the file is damaged ({error}).") from error
    return matched_weights(path, graph, found)


def _named_arrays(group: Any) -> Iterator[tuple[tuple[str, str], Any]]:
    """Layer, variable and array of each weight of a group; layer "" where the name has none."""
    for weight_name in group.attrs.get("weight_names", ()):
        text = _text(weight_name)
        *outer, variable = text.removesuffix(":0").split("/")
        yield (outer[-1] if outer else "", variable), np.asarray(group[text], np.float32)


def matched_weights(
    path: Path, graph: LayerGraph, found: dict[str, dict[tuple[str, str], Any]]
) -> dict[str, Weights]:
    """The weights of every layer.

    Args:
        path: of the network, for errors.
        graph: its layers.
        found: arrays by outermost layer ("" for any), then by layer and variable.

    Raises:
        ModelError: one is missing.
    """
    weights: dict[str, Weights] = {}
    for layer in graph.layers.values():
        group = found.get(layer.path[0], found.get("", {}))
        of_layer = {}
        for variable in variables_of(layer):
            array = _array_of(group, layer, variable)
            if array is None:
                raise unusable(path, f"the {variable} of its layer {layer.name} is missing.")
            of_layer[variable] = array
        if of_layer:
            weights[layer.name] = of_layer
    return weights


def _array_of(group: dict[tuple[str, str], Any], layer: Layer, variable: str) -> Any:
    """The array of a variable in the group of its outermost layer; None where it is missing."""
    names = (variable, f"depthwise_{variable}")  # Keras 2's name of a depthwise kernel
    for key in ((owner, name) for owner in (layer.path[-1], "") for name in names):
        if key in group:
            return group[key]
    if layer.kind != "LayerScale":
        return None
    # Its only variable has no name of its own.
    unnamed = [
        array
        for (owner, name), array in group.items()
        if owner in (layer.path[-1], "") and _UNNAMED.fullmatch(name)
    ]
    return unnamed[0] if len(unnamed) == 1 else None


def _archive_weights(path: Path, graph: LayerGraph) -> dict[str, Weights]:
    """Weights by layer: they lie by kind and number, and in Keras's order."""
    h5py = import_h5py()
    weights: dict[str, Weights] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            content = io.BytesIO(archive.read(_ARCHIVE_WEIGHTS))
        with h5py.File(content, "r") as file:
            for layer in graph.layers.values():
                names = variables_of(layer)
                if names:
                    arrays = file[f"{layer.slot}vars"]
                    weights[layer.name] = {
                        name: np.asarray(arrays[str(number)], np.float32)
                        for number, name in enumerate(names)
                    }
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise unusable(path, f"its weights are damaged or missing ({error}).") from error
    return weights
