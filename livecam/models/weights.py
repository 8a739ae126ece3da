"""Finds, fetches and checks weights: in Keras's cache, in a file of the user's, or bundled."""

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from livecam.core.formatting import reason_of
from livecam.errors import ModelError
from livecam.models.cache_folders import (
    check_is_own,
    keras_home,
    make_own_file,
    make_own_folder,
    place_in,
    report_private_place,
)
from livecam.models.cache_leftovers import fresh_folder, remove_half_exports
from livecam.models.mobilenet_spec import MobileNetSpec

_HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"
# SHA-256 of the files on Keras's server, which Keras itself does not check. The others are not
# known here: for them the encrypted connection is all there is.
DIGESTS = {
    "mobilenet_7_5_224_tf.h5": "4fdd7d1a6dbd42743f49b2a65302f2157e439176a0e959e49ca060dc01dec165",
}
ADDRESS = "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet/"
"""Where Keras has them; a test compares it with Keras's own."""

MEGABYTES = {1.0: 17, 0.75: 11, 0.5: 5.6, 0.25: 2.1}
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST})
"""What a folder answers that takes no file, of errors with a number."""

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
    """The file of this model's weights, fetched from Keras's server where it is not there yet.

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
    try:
        is_there, is_file = path.exists(), path.is_file()
    except OSError as error:  # a folder that may not be entered
        raise ModelError(
            f"the weights file {path} cannot be read ({error.strerror}): check its permissions."
        ) from error
    if not is_there:
        raise ModelError(f"the weights file {path} does not exist: check --weights.")
    if not is_file:  # a pipe without a writer would be waited for for ever
        raise ModelError(f"the weights file {path} is no ordinary file: check --weights.")
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
    """Fetch the file from Keras's server, without importing TensorFlow, which takes long.

    Nothing is fetched where TensorFlow, which is to convert it, is not installed.
    """
    # What downloads is imported where something is fetched: no other start waits for it.
    from http.client import HTTPException

    from livecam.models.weights_download import download
    from livecam.native.tensorflow import check_tensorflow

    check_tensorflow()
    size = f"{MEGABYTES[spec.alpha]:g} MB"
    host = urlsplit(ADDRESS).hostname or "here"
    say(f"fetching the weights of {spec.title}, {size}, from {host} (first use only)")
    try:
        make_own_folder(path.parent)
        left = remove_half_exports(path.parent)
        if left:
            say(left)
        with fresh_folder(path.parent) as folder:
            came = folder / path.name
            download(
                ADDRESS + path.name,
                came,
                lambda size_bytes: say(f"{size_bytes / 1e6:.1f} of {size} of the weights are here"),
            )
            _check_fetched(spec, came)
            make_own_file(came)
            came.replace(path)
    except (OSError, HTTPException) as error:
        raise ModelError(_not_fetched(spec, error, path.parent, host)) from error
    return path


def _check_fetched(spec: MobileNetSpec, came: Path) -> None:
    """Refuse another file than the weights.

    Raises:
        ModelError: it is another one.
    """
    if not is_hdf5(came):
        raise ModelError(
            f"the file fetched as weights of {spec.title} is not a weights file "
            f"(an error page of a proxy?): {OFFLINE_ADVICE}{_ready_here()}."
        )
    expected = DIGESTS.get(came.name)
    if expected and file_digest(came) != expected:
        raise ModelError(
            f"the file fetched as weights of {spec.title} is another one than it was (its SHA-256 "
            f"differs), and not used: {OFFLINE_ADVICE}{_ready_here()}."
        )


def _not_fetched(spec: MobileNetSpec, error: Exception, folder: Path, host: str) -> str:
    """What failed and what to do: about the disk, or about the network."""
    from livecam.core.disk_errors import is_disk_full
    from livecam.models.weights_download import reason_in_words

    begin = f"the weights of {spec.title} could not be"
    # What urllib raises has no errno of its own: of those that have one, these are the disk's.
    if is_disk_full(error) or getattr(error, "errno", None) in _REFUSED:
        return (
            f"{begin} kept in {folder} ({reason_of(error)}): free "
            f"{MEGABYTES[spec.alpha]:g} MB there or correct its permissions, set KERAS_HOME to "
            "another folder, or take --model flowers or livecam demo."
        )
    reason = reason_in_words(error)
    return f"{begin} fetched from {host} ({reason}): {OFFLINE_ADVICE}{_ready_here()}."


def _ready_here() -> str:
    """Which ImageNet weights are in the cache already, as the end of a sentence; or ""."""
    from livecam.models.availability import model_states

    states = model_states()
    ready = [s.spec.alpha for s in states if s.is_ready and s.spec.bundle is None]
    return (
        f"; --alpha {' or '.join(f'{alpha:g}' for alpha in ready)} is ready here" if ready else ""
    )
