"""Reads networks of TensorFlow.js, as Teachable Machine exports them: a folder, or its zip file.

`model.json` holds the structure, as Keras 2 writes it, and says where in the binary files each
weight lies: little-endian, one behind the other, possibly quantised to 8 or 16 bits. Source:
TensorFlow.js, "Models and layers", and its converter's `write_weights`.
"""

import hashlib
import json
import math
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from livecam.core.printable_text import quoted
from livecam.models.formats.keras_config import StructureError, read_graph
from livecam.models.formats.keras_files import check_size, matched_weights
from livecam.models.formats.label_files import names_of_metadata
from livecam.models.formats.layer_graph import LayerGraph, NetworkFile, Weights, lack_of, unusable
from livecam.models.zip_names import DAMAGED

_MODEL, _METADATA = "model.json", "metadata.json"
_TYPES = {"float32": "<f4", "int32": "<i4", "uint8": "u1", "uint16": "<u2", "bool": "u1",
          "float16": "<f2"}  # fmt: skip

ReadPart = Callable[[str], bytes]


def is_tfjs(path: Path) -> bool:
    """Whether it is a folder or zip file with a `model.json`, or that file itself."""
    if path.is_dir():
        return (path / _MODEL).is_file()
    if zipfile.is_zipfile(path):
        try:
            with zipfile.ZipFile(path) as archive:
                return _folder_in(archive) is not None
        except DAMAGED:
            return False
    return path.name == _MODEL


def read_tfjs(path: Path) -> NetworkFile:
    """The network of such a folder or zip file.

    Raises:
        ModelError: it is damaged, or holds no network that can be used.
    """
    if path.is_file() and not zipfile.is_zipfile(path):
        path = path.parent
    read = _read_of_zip(path) if path.is_file() else _read_of_folder(path)
    try:
        document = json.loads(read(_MODEL))
        manifest = document["weightsManifest"]
        topology = document["modelTopology"]
        names = [name for group in manifest for name in group["paths"]]
    except (KeyError, TypeError, ValueError, UnicodeDecodeError) as error:
        raise unusable(
            path,
            f"its model.json is damaged, or of no TensorFlow.js network ({lack_of(error)}).",
        ) from error
    if document.get("format") == "graph-model" or "node" in topology:
        raise unusable(
            path, "it is a graph without layers: export it as a TensorFlow.js layers model."
        )
    try:
        graph = read_graph(topology.get("model_config", topology), is_keras_2=True)
    except StructureError as error:
        raise unusable(path, f"{error}.") from error
    metadata = _metadata(read)
    parts = {name: read(name) for name in (_MODEL, *names)}
    check_size(path, sum(map(len, parts.values())))
    _check_whole(path, manifest, parts)
    key = hashlib.sha256(b"".join(parts.values())).hexdigest()
    return NetworkFile(
        path,
        path if path.is_file() else path / _MODEL,
        "TensorFlow.js layers model",
        graph,
        partial(_weights, path, graph, manifest, parts),
        structure_key=key,
        label_names=tuple(names_of_metadata(metadata)),
        is_teachable_machine="tmVersion" in metadata,
    )


def _weights(
    path: Path, graph: LayerGraph, manifest: Any, parts: Mapping[str, bytes]
) -> dict[str, Weights]:
    return matched_weights(path, graph, {"": _arrays(path, manifest, parts)})


def _metadata(read: ReadPart) -> dict[str, Any]:
    with suppress(Exception):  # it may be missing, or something else
        found = json.loads(read(_METADATA))
        return found if isinstance(found, dict) else {}
    return {}


def _folder_in(archive: zipfile.ZipFile) -> str | None:
    """The folder of a zip file that holds the network: "" or "name/"; None without one."""
    places = [name for name in archive.namelist() if PurePosixPath(name).name == _MODEL]
    return min(places, key=len).removesuffix(_MODEL) if places else None


def _read_of_zip(path: Path) -> ReadPart:
    def read(name: str) -> bytes:
        try:
            with zipfile.ZipFile(path) as archive:
                member = f"{_folder_in(archive)}{_plain(path, name)}"
                check_size(path, archive.getinfo(member).file_size)
                return archive.read(member)
        except (KeyError, OSError, zipfile.BadZipFile) as error:
            raise unusable(path, f"its part {name} cannot be read ({error}).") from error

    return read


def _read_of_folder(path: Path) -> ReadPart:
    def read(name: str) -> bytes:
        part = path / _plain(path, name)
        try:
            check_size(path, part.stat().st_size)
            return part.read_bytes()
        except OSError as error:
            reason = error.strerror or error
            raise unusable(path, f"its part {name} cannot be read ({reason}).") from error

    return read


def _plain(path: Path, name: str) -> str:
    """The name of a part; raises ModelError where it leads out of the folder."""
    if PurePosixPath(name).name != name or "\\" in name:
        raise unusable(path, f"it names the file {quoted(name)} outside of its folder.")
    return name


def _check_whole(path: Path, manifest: Any, parts: Mapping[str, bytes]) -> None:
    """Raise ModelError where the parts are shorter than the weights that they hold."""
    try:
        for group in manifest:
            has = sum(len(parts[name]) for name in group["paths"])
            needs = sum(_stored(entry)[1] for entry in group["weights"])
            if has < needs:
                names = ", ".join(group["paths"])
                raise unusable(
                    path,
                    f"its weights are cut off: {names} has {has} of {needs} bytes. Copy or "
                    "export it again.",
                )
    except (KeyError, TypeError, ValueError) as error:
        raise unusable(path, f"its list of weights is damaged ({lack_of(error)}).") from error


def _stored(entry: Mapping[str, Any]) -> tuple[np.dtype[Any], int]:
    """The type of a weight as it is stored, and how many bytes it has."""
    quantisation = entry.get("quantization") or {}
    kind = np.dtype(_TYPES[quantisation.get("dtype", entry["dtype"])])
    return kind, math.prod(entry["shape"]) * kind.itemsize


def _arrays(
    path: Path, manifest: Any, parts: Mapping[str, bytes]
) -> dict[tuple[str, str], Weights]:
    """The weights by layer and variable."""
    found: dict[tuple[str, str], Any] = {}
    try:
        for group in manifest:
            content = b"".join(parts[name] for name in group["paths"])
            offset = 0
            for entry in group["weights"]:
                array, offset = _array(entry, content, offset)
                *outer, variable = entry["name"].split("/")
                found[outer[-1] if outer else "", variable] = array
    except (KeyError, TypeError, ValueError) as error:
        raise unusable(path, f"its weights are damaged ({lack_of(error)}).") from error
    return found


def _array(entry: Mapping[str, Any], content: bytes, offset: int) -> tuple[Any, int]:
    """One weight as float32, and where the next one begins."""
    shape, quantisation = entry["shape"], entry.get("quantization") or {}
    kind, size_bytes = _stored(entry)
    count = math.prod(shape)
    stored = np.frombuffer(content, kind, count, offset).reshape(shape).astype(np.float32)
    if "scale" in quantisation:
        stored = stored * np.float32(quantisation["scale"]) + np.float32(quantisation["min"])
    return stored, offset + size_bytes
