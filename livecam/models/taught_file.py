"""Reads and writes NAME.livecam: a head that was taught, with its classes and figures.

The file is a ZIP archive of
- about.json: format and version, the base network with the SHA-256 of its weights, the classes with
  their held-out figures, and the temperature;
- kernel.npy, float32 [channels, classes], and bias.npy, float32 [classes].

Nothing in it is code, and nothing of it is unpickled. docs/teach.md describes it for others.
"""

import io
import json
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from livecam import __version__
from livecam.core.format_version import later_format
from livecam.core.head import Head
from livecam.core.printable_text import printable
from livecam.core.teaching.held_out import ClassFigure
from livecam.core.teaching.samples import OTHER
from livecam.errors import ModelError
from livecam.models.zip_names import DAMAGED, names_in_zip

SUFFIX = ".livecam"
FORMAT, VERSION = "livecam taught classes", 1
_ABOUT, _KERNEL, _BIAS = "about.json", "kernel.npy", "bias.npy"
_MOST_BYTES = {_ABOUT: 2**20, _KERNEL: 2**26, _BIAS: 2**20}
"""More is no head: it is not even unpacked."""

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class TaughtBase:
    """The network that the features are of.

    Attributes:
        model: its name, as `--model` spells it.
        alpha: its width multiplier.
        sha256: of its weights, as hexadecimal digits.
    """

    model: str
    alpha: float
    sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class TaughtModel:
    """What a file holds.

    Attributes:
        base: the network below the head.
        head: class columns and biases.
        temperature: divides the logits in the softmax.
        figures: of each class, in order; "other" comes last, where it is there.
    """

    base: TaughtBase
    head: Head
    temperature: float
    figures: tuple[ClassFigure, ...]

    @property
    def class_names(self) -> tuple[str, ...]:
        """In order."""
        return tuple(figure.name for figure in self.figures)

    @property
    def has_other(self) -> bool:
        """Whether the last class stands for everything else."""
        return self.class_names[-1] == OTHER


def taught_bytes(taught: TaughtModel) -> bytes:
    """The whole file; the same model gives the same bytes."""
    about = {
        "format": FORMAT,
        "version": VERSION,
        "livecam": __version__,
        "base": asdict(taught.base),
        "temperature": taught.temperature,
        "classes": [asdict(figure) for figure in taught.figures],
    }
    members = {
        _ABOUT: json.dumps(about, indent=1, ensure_ascii=False).encode(),
        _KERNEL: _npy(taught.head.kernel),
        _BIAS: _npy(taught.head.bias),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _npy(array: npt.NDArray[np.float32]) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)
    return file.getvalue()


def is_taught_file(path: Path) -> bool:
    """Whether the file is one of these, whatever its name.

    Raises:
        OSError: it cannot be read.
    """
    names = names_in_zip(path)
    # A later version may have other members: what it says of itself is read all the same.
    return {_ABOUT, _KERNEL, _BIAS} <= names or (path.suffix == SUFFIX and _ABOUT in names)


def read_taught_file(path: Path) -> TaughtModel:
    """What a file holds.

    Raises:
        ModelError: it is damaged, of a later version, or not such a file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            about = json.loads(_member(archive, _ABOUT))
            _check_version(path, about)
            kernel, bias = (_array(_member(archive, name)) for name in (_KERNEL, _BIAS))
            figures = tuple(map(_figure, about["classes"]))
            base = TaughtBase(
                str(about["base"]["model"]),
                float(about["base"]["alpha"]),
                str(about["base"]["sha256"]),
            )
            temperature = float(about["temperature"])
            _check(kernel, bias, figures, temperature)
    except OSError as error:
        raise ModelError(
            f"{path} cannot be read ({error.strerror or error}): check its permissions."
        ) from error
    except (*DAMAGED, KeyError, TypeError, OverflowError) as error:
        raise ModelError(
            f"{path} is no whole {SUFFIX} file ({' '.join(str(error).split())[:100]}): copy it "
            "again, or teach it again with livecam teach."
        ) from error
    return TaughtModel(base, Head(np.asfortranarray(kernel), bias), temperature, figures)


def _check_version(path: Path, about: Any) -> None:
    if about["format"] != FORMAT:
        raise ValueError("another format")
    if later := later_format(str(path), about["version"], VERSION):
        raise ModelError(later)
    if about["version"] != VERSION:
        raise ValueError(f"version {about['version']!r}")


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The content of a member, unless it says that it is far too large."""
    info = archive.getinfo(name)
    if info.file_size > _MOST_BYTES[name]:
        raise ValueError(f"{name} is too large")
    return archive.read(info)


def _array(content: bytes) -> npt.NDArray[np.float32]:
    array = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    return np.asarray(array, np.float32)


def _figure(entry: Any) -> ClassFigure:
    samples, judged, right = (int(entry[key]) for key in ("samples", "judged", "right"))
    name = printable(str(entry["name"]), _LONGEST_NAME)
    return ClassFigure(name, samples, judged, right, tuple(map(int, entry["taken_for"])))


def _check(
    kernel: npt.NDArray[np.float32],
    bias: npt.NDArray[np.float32],
    figures: tuple[ClassFigure, ...],
    temperature: float,
) -> None:
    names = [figure.name.strip().casefold() for figure in figures]
    if kernel.ndim != 2 or kernel.shape[1:] != bias.shape or len(names) != len(bias):
        raise ValueError("classes and head do not go together")
    if not all(names) or len(set(names)) < len(names) or len(names) < 2:
        raise ValueError("two classes at least, each with a name of its own")
    if not (np.isfinite(kernel).all() and np.isfinite(bias).all() and 0 < temperature < np.inf):
        raise ValueError("the numbers are not finite")
