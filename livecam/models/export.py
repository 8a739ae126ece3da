"""The export cache: a network as a LiteRT file with its class columns, made once and checked.

One export is a folder `<cache>/exports/<key>/` of three files; the key is a digest of the weights,
the graph and the versions that made it. It is written beside and renamed, so there is no half
one; a damaged one is noticed by its digests and made anew.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np
import platformdirs

from livecam.errors import ModelError
from livecam.models.catalogue import ModelSpec
from livecam.models.surgery import GRAPH_VERSION, Head, frozen, import_tensorflow, operate
from livecam.models.weights import digest
from livecam.quiet import native_stderr_held

MODEL_FILE = "model.tflite"
HEAD_FILE = "head.npz"
ABOUT_FILE = "about.json"


@dataclass(frozen=True, slots=True, eq=False)
class Export:
    """A network ready for LiteRT: the file's path and the class columns."""

    model_path: Path
    head: Head


def cache_folder() -> Path:
    """livecam's own cache: $LIVECAM_CACHE, else where the system keeps caches."""
    given = os.environ.get("LIVECAM_CACHE")
    return Path(given) if given else platformdirs.user_cache_path("livecam", appauthor=False)


def export_key(spec: ModelSpec, weights: Path) -> str:
    """What an export depends on, digested."""
    parts = {
        "weights": digest(weights),
        "alpha": spec.alpha,
        "classes": len(spec.labels.names),
        "graph": GRAPH_VERSION,
        "tensorflow": _version("tensorflow"),
        "litert": _version("ai-edge-litert"),
    }
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:  # installed under another name, like tensorflow-cpu
        return ""


def ready_export(
    spec: ModelSpec, weights: Path, say: Callable[[str], None] = lambda _: None
) -> Export:
    """The export from the cache, or made now where it is missing or damaged.

    Raises:
        ModelError: the weights do not fit, or the cache cannot be written.
    """
    if spec.bundle is not None:
        bundled = read_export(spec.bundle)
        if bundled is not None:
            return bundled
        raise ModelError(f"the model files in {spec.bundle} are damaged: install livecam again.")
    folder = cache_folder() / "exports" / export_key(spec, weights)
    ready = read_export(folder)
    if ready is None:
        say(f"preparing {spec.title} for this processor (first use only, a few seconds)")
        ready = _made(spec, weights, folder)
    return ready


def read_export(folder: Path) -> Export | None:
    """The export in this folder; None where it is missing or damaged."""
    try:
        about = json.loads((folder / ABOUT_FILE).read_text("utf-8"))
        if any(digest(folder / name) != about[name] for name in (MODEL_FILE, HEAD_FILE)):
            return None
        with np.load(folder / HEAD_FILE) as arrays:
            head = Head(arrays["kernel"], arrays["bias"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Export(folder / MODEL_FILE, head)


def write_export(spec: ModelSpec, weights: Path, folder: Path) -> None:
    """Convert the weights and write the three files into an existing, empty folder."""
    operated = operate(spec, weights)
    (folder / MODEL_FILE).write_bytes(_converted(operated.infer))
    np.savez(folder / HEAD_FILE, kernel=operated.head.kernel, bias=operated.head.bias)
    about = {name: digest(folder / name) for name in (MODEL_FILE, HEAD_FILE)}
    (folder / ABOUT_FILE).write_text(json.dumps(about | {"model": spec.title}), "utf-8")


def _converted(infer: object) -> bytes:
    tf = import_tensorflow()
    with native_stderr_held():
        # Frozen first: a file with unfrozen variables runs twelve times slower.
        concrete = frozen(infer)  # type: ignore[arg-type]
        converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete], None)
        return bytes(converter.convert())


def _made(spec: ModelSpec, weights: Path, folder: Path) -> Export:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as beside:
            fresh = Path(beside) / "export"
            fresh.mkdir()
            write_export(spec, weights, fresh)
            _put(fresh, folder)
    except OSError as error:
        raise ModelError(
            f"the converted model could not be kept in {folder.parent} ({error.strerror}): "
            "free some space or name another folder with LIVECAM_CACHE."
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
