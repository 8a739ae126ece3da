"""Which format a file has, by what it is and not by its name: the one place that decides."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from livecam.core.printable_text import quoted
from livecam.errors import LivecamError, ModelError, SettingsError
from livecam.models.formats.keras_files import (
    is_keras_archive,
    is_keras_hdf5,
    read_keras_archive,
    read_keras_hdf5,
)
from livecam.models.formats.layer_graph import NetworkFile, unusable
from livecam.models.formats.layer_graph_spec import layer_graph_spec
from livecam.models.formats.tfjs_files import is_tfjs, read_tfjs
from livecam.models.formats.tflite_spec import is_tflite, tflite_spec
from livecam.models.model_spec import ModelSpec
from livecam.models.network_options import NetworkOptions
from livecam.models.taught_file import is_taught_file
from livecam.models.taught_spec import taught_spec
from livecam.models.zip_names import DAMAGED, names_in_zip

_SUFFIXES = frozenset({".h5", ".hdf5", ".keras", ".livecam", ".tflite"})
_ZIP_SIGNATURE = b"PK\x03\x04"
MakeSpec = Callable[[Path, NetworkOptions], ModelSpec]


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes:
        name: in words, for errors.
        is_it: whether a file or folder has it; may raise OSError.
        spec_of: what is known of the model in such a file; may raise ModelError.
    """

    name: str
    is_it: Callable[[Path], bool]
    spec_of: MakeSpec


def _of_layers(read: Callable[[Path], NetworkFile]) -> MakeSpec:
    return lambda path, options: layer_graph_spec(str(path), read(path), options)


FORMATS = (
    Format("Keras .h5", is_keras_hdf5, _of_layers(read_keras_hdf5)),
    Format("Keras .keras", is_keras_archive, _of_layers(read_keras_archive)),
    Format("TensorFlow Lite .tflite", is_tflite, tflite_spec),
    Format("livecam .livecam", is_taught_file, taught_spec),
    Format("TensorFlow.js folder or .zip", is_tfjs, _of_layers(read_tfjs)),
)
"""All formats, in the order in which they are tried."""


def spec_of_file(path: Path, options: NetworkOptions) -> ModelSpec:
    """What is known of the model in a file or folder.

    Args:
        path: of the file or folder.
        options: what the user says about it.

    Raises:
        SettingsError: it is no path, and no model has this name.
        ModelError: there is no such file, or it holds no network that can be used.
    """
    try:
        if not path.exists():
            raise _no_such_file(path)
        if not (path.is_file() or path.is_dir()):  # a device or a pipe may have no end
            raise unusable(path, "it is neither a file nor a folder.")
        if path.is_file() and not path.stat().st_size:
            raise unusable(path, "it is empty: copy or export it again.")
        found = next((known for known in FORMATS if known.is_it(path)), None)
        why = "" if found else _why_unknown(path)
    except OSError as error:
        raise unusable(path, f"it cannot be read ({error.strerror or error}).") from error
    if found is None:
        raise unusable(path, why)
    try:
        return found.spec_of(path, options)
    except LivecamError:
        raise
    except (*DAMAGED, TypeError, AttributeError, LookupError, OverflowError) as error:
        raise unusable(path, f"it is damaged: its {found.name} has no sound structure.") from error


def _why_unknown(path: Path) -> str:
    """Why it is of no format, for the user: a network that lies in it is named."""
    is_folder = path.is_dir()
    if not is_folder and _is_cut_zip(path):
        return "it is a zip file that is damaged or cut off: copy or export it again."
    names = (entry.name for entry in path.iterdir()) if is_folder else names_in_zip(path)
    inside = sorted(name for name in names if Path(name).suffix.casefold() in _SUFFIXES)
    if inside and is_folder:
        return f"a folder is none, but there is one in it: give {quoted(str(path / inside[0]))}."
    if inside:
        return f"it has to be unpacked: give {quoted(inside[0])} of it."
    known = ", ".join(known.name for known in FORMATS)
    return f"it is no network of a known kind ({known})."


def _is_cut_zip(path: Path) -> bool:
    """Whether it begins as a zip file does, and the list of its parts, at its end, is not whole."""
    with path.open("rb") as file:
        return file.read(len(_ZIP_SIGNATURE)) == _ZIP_SIGNATURE and not names_in_zip(path)


def _no_such_file(path: Path) -> LivecamError:
    if path.name == str(path) and not path.suffix:  # a word: meant as a name
        return SettingsError(
            f"there is no model {quoted(str(path))}: use imagenet, flowers or the path of "
            "a network."
        )
    return ModelError(f"there is no network {path}: check --model.")
