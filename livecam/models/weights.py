"""Where weights lie: Keras's own cache, a file of the user's, and what to do when broken."""

import contextlib
import hashlib
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

from livecam.errors import ModelError
from livecam.models.catalogue import ModelSpec

_HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_WIDTHS = {1.0: "1_0", 0.75: "7_5", 0.5: "5_0", 0.25: "2_5"}
BUNDLED_WEIGHTS = "model.weights.h5"
WAY_OUT = (
    "connect to the network and run again, give a file with --weights FILE, or go on without: "
    "--model flowers, or livecam demo"
)


def keras_home() -> Path:
    """Keras's folder: $KERAS_HOME or ~/.keras, by Keras's own rule, without importing it."""
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")


def cached_weights_path(alpha: float) -> Path:
    """Where Keras keeps the ImageNet weights of this alpha."""
    return keras_home() / "models" / f"mobilenet_{_WIDTHS[alpha]}_224_tf.h5"


def weights_path(spec: ModelSpec) -> Path:
    """The file of this model's weights, whether it is there or not."""
    if spec.bundle is not None:
        return spec.bundle / BUNDLED_WEIGHTS
    return spec.weights_file or cached_weights_path(spec.alpha)


def ready_weights(spec: ModelSpec, say: Callable[[str], None]) -> Path:
    """The file of this model's weights, fetched by Keras where it is not there yet.

    `say` is told what takes long or was mended.

    Raises:
        ModelError: missing, not an HDF5 file, or not to be had.
    """
    path = weights_path(spec)
    if spec.bundle is not None:
        return path
    if spec.weights_file is not None:
        _check_given(path)
        return path
    try:
        if path.exists() and not is_hdf5(path):
            drop_broken(path, say)
    except OSError as error:
        raise ModelError(
            f"the weights {path} cannot be read ({error.strerror}): make it a file that may be "
            "read, or remove it, then run again."
        ) from error
    return path if path.exists() else _fetch(spec, path, say)


def digest(path: Path) -> str:
    """SHA-256 of the file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def drop_broken(path: Path, say: Callable[[str], None]) -> None:
    """Take a broken file out of Keras's cache, so that it is fetched anew.

    Raises:
        ModelError: where it cannot be removed (a read-only folder).
    """
    try:
        path.unlink()
    except OSError as error:
        raise ModelError(
            f"the weights {path} are damaged and cannot be removed ({error.strerror}): "
            "remove the file, then run again."
        ) from error
    say(f"removed the damaged weights {path}")


def _check_given(path: Path) -> None:
    if not path.is_file():
        raise ModelError(f"the weights file {path} does not exist: check --weights.")
    if not os.access(path, os.R_OK):
        raise ModelError(f"the weights file {path} cannot be read: check its permissions.")
    if not is_hdf5(path):
        raise ModelError(
            f"{path} is not a Keras weights file (HDF5): give a .h5 or .weights.h5 file."
        )


def is_hdf5(path: Path) -> bool:
    """Whether the file begins as Keras's weights files do."""
    with path.open("rb") as file:
        return file.read(len(_HDF5_SIGNATURE)) == _HDF5_SIGNATURE


def _fetch(spec: ModelSpec, path: Path, say: Callable[[str], None]) -> Path:
    """Let Keras fetch the file, with its progress bar on standard error.

    Gives where it lies: Keras takes a temporary folder where its home cannot be written.
    """
    from livecam.native.tensorflow import import_keras

    keras = import_keras()
    say(f"fetching the weights of {spec.title} (first use only)")
    origin = keras.src.applications.mobilenet.BASE_WEIGHT_PATH + path.name
    try:
        # Keras prints its bar to stdout, which belongs to data.
        with contextlib.redirect_stdout(_BarAlone()):
            fetched = keras.utils.get_file(
                path.name, origin, cache_dir=str(keras_home()), cache_subdir="models"
            )
    except Exception as error:  # urllib, ssl and Keras raise many kinds; all mean: not to be had
        path.unlink(missing_ok=True)
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelError(
            f"the weights of {spec.title} could not be fetched ({_without_address(reason)}): "
            f"{WAY_OUT}."
        ) from error
    if not is_hdf5(Path(fetched)):
        Path(fetched).unlink()
        raise ModelError(
            f"what was fetched as weights of {spec.title} is not a weights file "
            f"(a proxy's page?): {WAY_OUT}."
        )
    return Path(fetched)


class _BarAlone(io.TextIOBase):
    """Standard error for Keras's bar, without the line before it: a long address."""

    def write(self, text: str) -> int:
        return len(text) if text.startswith("Downloading data from") else sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()

    def isatty(self) -> bool:
        return sys.stderr.isatty()


def _without_address(reason: str) -> str:
    """Keras's message without its long address, which says nothing to the user."""
    head, marker, tail = reason.partition("URL fetch failure on ")
    return (head + tail.split(": ", 1)[-1]).removeprefix("None -- ") if marker else reason
