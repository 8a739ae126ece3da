"""The export cache: a network as a LiteRT file with its class columns, made once and checked.

float32 as it is, or int8, fitted to pictures (models/quantise.py).

One export is a folder `<cache>/exports/<key>/` of three files; the key is a digest of the weights,
the graph and the versions that made it. It is written beside and renamed, so there is no half
one; a damaged one is noticed by its digests and made anew.
"""

import errno
import gzip
import hashlib
import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np
import platformdirs

from livecam.core.types import Head, RgbImage
from livecam.errors import ModelError
from livecam.models.catalogue import ModelSpec
from livecam.models.surgery import GRAPH_VERSION, QUANTISATION_VERSION, operate
from livecam.models.weights import digest
from livecam.native.stderr import native_stderr_held
from livecam.native.tensorflow import frozen, import_tensorflow

MODEL_FILE = "model.tflite"
HEAD_FILE = "head.npz"
ABOUT_FILE = "about.json"
PACKED_INT8_FILE = "model_int8.tflite.gz"  # of a bundle: fitted to the rendered scenes alone


@dataclass(frozen=True, slots=True, eq=False)
class Export:
    """A network ready for LiteRT: the file's path and the class columns."""

    model_path: Path
    head: Head


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Pictures that an int8 network is fitted to: what names them, and how to get them.

    `is_usual`: they are those that a bundled network has been fitted to already.
    """

    key: str
    squares: Callable[[], Sequence[RgbImage]]
    is_usual: bool = False


def cache_folder() -> Path:
    """livecam's own cache: $LIVECAM_CACHE, else where the system keeps caches."""
    given = os.environ.get("LIVECAM_CACHE")
    return Path(given) if given else platformdirs.user_cache_path("livecam", appauthor=False)


def export_key(spec: ModelSpec, weights: Path, calibration: Calibration | None = None) -> str:
    """What an export depends on, digested."""
    parts = {
        "weights": digest(weights),
        "alpha": spec.alpha,
        "classes": len(spec.labels.names),
        "graph": GRAPH_VERSION,
        "tensorflow": _version("tensorflow"),
        "litert": _version("ai-edge-litert"),
    }
    if calibration is not None:
        parts |= {"quantisation": QUANTISATION_VERSION, "calibration": calibration.key}
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:  # installed under another name, like tensorflow-cpu
        return ""


def ready_export(
    spec: ModelSpec,
    weights: Path,
    say: Callable[[str], None] = lambda _: None,
    *,
    calibration: Calibration | None = None,
) -> Export:
    """The export from the cache, or made now where it is missing or damaged.

    Args:
        spec: which network.
        weights: its file.
        say: told what takes long.
        calibration: the pictures of an int8 network; None for float32.

    Raises:
        ModelError: the weights do not fit, or the cache cannot be written.
    """
    if spec.bundle is not None and calibration is None:
        bundled = read_export(spec.bundle)
        if bundled is not None:
            return bundled
        raise _damaged(spec.bundle)
    folder = cache_folder() / "exports" / export_key(spec, weights, calibration)
    ready = read_export(folder)
    if ready is None and spec.bundle is not None and calibration and calibration.is_usual:
        bundle = spec.bundle
        return _made(folder, lambda fresh: _unpack_int8(bundle, fresh))
    if ready is None:
        kind, time = ("", "a few seconds") if calibration is None else (" int8", "half a minute")
        say(f"preparing {spec.title}{kind} for this processor (first use only, {time})")
        ready = _made(folder, lambda fresh: write_export(spec, weights, fresh, calibration))
    return ready


def read_export(folder: Path) -> Export | None:
    """The export in this folder; None where it is missing or damaged."""
    try:
        about = json.loads((folder / ABOUT_FILE).read_text("utf-8"))
        if any(digest(folder / name) != about[name] for name in (MODEL_FILE, HEAD_FILE)):
            return None
        with np.load(folder / HEAD_FILE) as arrays:
            # A class's column in one piece: one is taken out for every frame.
            head = Head(np.asfortranarray(arrays["kernel"]), arrays["bias"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Export(folder / MODEL_FILE, head)


def write_export(
    spec: ModelSpec, weights: Path, folder: Path, calibration: Calibration | None = None
) -> None:
    """Convert the weights and write the three files into an existing, empty folder."""
    operated = operate(spec, weights)
    if calibration is None:
        file = _converted(operated.infer)
    else:
        from livecam.models.int8_quantisation import quantised

        file = quantised(operated.keras_model, calibration.squares())
    (folder / MODEL_FILE).write_bytes(file)
    np.savez(folder / HEAD_FILE, kernel=operated.head.kernel, bias=operated.head.bias)
    _write_about(folder, spec.title)


def pack_int8(made: Path, bundle: Path) -> None:
    """Put the network of an int8 export into the bundle; its class columns are there already."""
    packed = gzip.compress((made / MODEL_FILE).read_bytes(), mtime=0)
    (bundle / PACKED_INT8_FILE).write_bytes(packed)


def _damaged(bundle: Path) -> ModelError:
    return ModelError(f"the model files in {bundle} are damaged: install livecam again.")


def _unpack_int8(bundle: Path, folder: Path) -> None:
    try:
        file = gzip.decompress((bundle / PACKED_INT8_FILE).read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(bundle) from error
    if not file:  # gzip has nothing against an empty one
        raise _damaged(bundle)
    (folder / MODEL_FILE).write_bytes(file)
    shutil.copyfile(bundle / HEAD_FILE, folder / HEAD_FILE)
    _write_about(folder, json.loads((bundle / ABOUT_FILE).read_text("utf-8"))["model"])


def _write_about(folder: Path, title: str) -> None:
    about = {name: digest(folder / name) for name in (MODEL_FILE, HEAD_FILE)}
    (folder / ABOUT_FILE).write_text(json.dumps(about | {"model": title}), "utf-8")


def _converted(infer: object) -> bytes:
    tf = import_tensorflow()
    with native_stderr_held():
        # Frozen first: a file with unfrozen variables runs twelve times slower.
        concrete = frozen(infer)  # type: ignore[arg-type]
        converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete], None)
        return bytes(converter.convert())


def _made(folder: Path, write: Callable[[Path], None]) -> Export:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as beside:
            fresh = Path(beside) / "export"
            fresh.mkdir()
            write(fresh)
            _put(fresh, folder)
    except OSError as error:
        room = "free some space or " if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
        raise ModelError(
            f"the converted model could not be kept in {folder.parent} ({error.strerror}): "
            f"{room}name another folder with LIVECAM_CACHE."
        ) from error
    made = read_export(folder)
    if made is None:
        raise ModelError(f"the converted model in {folder} is damaged again: is the disk failing?")
    return made


def _put(fresh: Path, folder: Path) -> None:
    """Rename into place; another livecam that was faster is as good."""
    if folder.exists() and read_export(folder) is None:
        shutil.rmtree(folder)
    try:
        fresh.rename(folder)
    except OSError:
        if read_export(folder) is None:
            raise
