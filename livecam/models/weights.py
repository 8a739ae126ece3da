"""Finds, fetches and checks weights: in Keras's cache, in a file of the user's, or bundled."""

import contextlib
import hashlib
import io
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

from livecam.errors import ModelError
from livecam.models.cache_folders import (
    check_is_own,
    keras_home,
    make_own_file,
    make_own_folder,
    place_in,
    report_private_place,
)
from livecam.models.mobilenet_spec import MobileNetSpec

_HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"
# SHA-256 of the files on Keras's server, which Keras itself does not check. The others are not
# known here: for them the encrypted connection is all there is.
DIGESTS = {
    "mobilenet_7_5_224_tf.h5": "4fdd7d1a6dbd42743f49b2a65302f2157e439176a0e959e49ca060dc01dec165",
}
_WIDTHS = {1.0: "1_0", 0.75: "7_5", 0.5: "5_0", 0.25: "2_5"}
BUNDLED_WEIGHTS = "model.weights.h5"
OFFLINE_ADVICE = (
    "connect to the network and run again, give a file with --weights FILE, or work offline with "
    "--model flowers or livecam demo"
)


def cached_weights_path(alpha: float) -> Path:
    """Where Keras keeps the ImageNet weights of this alpha, or, without a home, where we do."""
    return place_in(keras_home(), f"models/mobilenet_{_WIDTHS[alpha]}_224_tf.h5")


def weights_path(spec: MobileNetSpec) -> Path:
    """The file of this model's weights, whether it is there or not."""
    if spec.bundle is not None:
        return spec.bundle / BUNDLED_WEIGHTS
    return spec.weights_file or cached_weights_path(spec.alpha)


def ensure_weights(spec: MobileNetSpec, say: Callable[[str], None]) -> Path:
    """The file of this model's weights, fetched by Keras where it is not there yet.

    Args:
        spec: which network.
        say: receives a line about what takes long, and about a damaged file.

    Raises:
        ModelError: missing, not an HDF5 file, in a folder that others can write to, or the
            download failed.
    """
    path = weights_path(spec)
    if spec.bundle is not None:
        return path
    if spec.weights_file is not None:
        _check_users_file(path)
        return path
    report_private_place(path, say)
    try:
        check_is_own_weights(path)
        if path.exists() and not is_hdf5(path):
            remove_damaged(path, say)
    except OSError as error:
        raise ModelError(
            f"the weights {path} cannot be read ({error.strerror}): correct its "
            "permissions or remove it, then run again."
        ) from error
    return path if path.exists() else _fetch(spec, path, say)


def check_is_own_weights(path: Path) -> None:
    """Refuse cached weights that somebody else may have written.

    Raises:
        ModelError: the file, its folder or Keras's belongs to others, or they can write to it.
        OSError: one of them cannot be examined.
    """
    check_is_own("KERAS_HOME", path, path.parent, path.parent.parent)


def file_digest(path: Path) -> str:
    """SHA-256 of the file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove_damaged(path: Path, say: Callable[[str], None]) -> None:
    """Remove a damaged file from Keras's cache, so that it is fetched again.

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


def _check_users_file(path: Path) -> None:
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


def _fetch(spec: MobileNetSpec, path: Path, say: Callable[[str], None]) -> Path:
    """Let Keras fetch the file, with its progress bar on standard error; gives its path."""
    from livecam.native.tensorflow import import_keras

    keras = import_keras()
    say(f"fetching the weights of {spec.title} (first use only)")
    origin = keras.src.applications.mobilenet.BASE_WEIGHT_PATH + path.name
    try:
        make_own_folder(path.parent)
        # Keras prints its progress bar to stdout, which is for data.
        with contextlib.redirect_stdout(_ProgressBarOnly()):
            keras.utils.get_file(
                path.name,
                origin,
                cache_dir=str(path.parent.parent),
                cache_subdir=path.parent.name,
                file_hash=DIGESTS.get(path.name),
            )
        make_own_file(path)
    except Exception as error:  # urllib, ssl and Keras raise many kinds
        path.unlink(missing_ok=True)
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelError(
            f"the weights of {spec.title} could not be fetched ({_in_words(reason)}): "
            f"{OFFLINE_ADVICE}{_ready_here()}."
        ) from error
    if not is_hdf5(path):
        path.unlink()
        raise ModelError(
            f"the file fetched as weights of {spec.title} is not a weights file "
            f"(an error page of a proxy?): {OFFLINE_ADVICE}{_ready_here()}."
        )
    return path


def _ready_here() -> str:
    """Which ImageNet weights are in the cache already, as the end of a sentence; or ""."""
    from livecam.models.availability import model_states

    states = model_states()
    ready = [s.spec.alpha for s in states if s.is_ready and s.spec.bundle is None]
    return (
        f"; --alpha {' or '.join(f'{alpha:g}' for alpha in ready)} is ready here" if ready else ""
    )


class _ProgressBarOnly(io.TextIOBase):
    """Writes Keras's progress bar to standard error, but not the line with the URL before it."""

    def write(self, text: str) -> int:
        return len(text) if text.startswith("Downloading data from") else sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()

    def isatty(self) -> bool:
        return sys.stderr.isatty()


def _in_words(reason: str) -> str:
    """Keras's message without its long URL and the system's number, which are of no use."""
    head, marker, tail = reason.partition("URL fetch failure on ")
    words = (head + tail.split(": ", 1)[-1]).removeprefix("None -- ") if marker else reason
    return re.sub(r"\[Errno -?\d+\] ", "", words)
