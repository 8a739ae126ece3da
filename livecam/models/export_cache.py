"""The cache of exports: each is made once, checked at every start and made again if damaged.

One export is a folder `<cache>/exports/<key>/` (models/litert_export.py); the key is a digest of
the weights, the graph and the versions that made it. It is written into a temporary folder beside
it and renamed, so that there is never half an export.
"""

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import platformdirs

from livecam.errors import ModelError
from livecam.models.catalogue import ModelSpec
from livecam.models.int8_quantisation import QUANTISATION_VERSION, Calibration
from livecam.models.litert_export import (
    Export,
    damaged_bundle,
    read_export,
    write_bundled_int8,
    write_export,
)
from livecam.models.surgery import GRAPH_VERSION
from livecam.models.weights import file_digest


def cache_folder() -> Path:
    """livecam's own cache: $LIVECAM_CACHE, else where the system keeps caches."""
    given = os.environ.get("LIVECAM_CACHE")
    return Path(given) if given else platformdirs.user_cache_path("livecam", appauthor=False)


def export_key(spec: ModelSpec, weights: Path, calibration: Calibration | None = None) -> str:
    """A digest of everything that an export depends on: 24 hexadecimal digits."""
    parts = {
        "weights": file_digest(weights),
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


def ensure_export(
    spec: ModelSpec,
    weights: Path,
    say: Callable[[str], None] = lambda _: None,
    *,
    calibration: Calibration | None = None,
) -> Export:
    """The export from the bundle or the cache, made now where it is missing or damaged.

    Args:
        spec: which network.
        weights: its file.
        say: receives a line about what takes long.
        calibration: the pictures of an int8 network; None for float32.

    Raises:
        ModelError: the weights do not fit, or the cache cannot be written.
    """
    if spec.bundle is not None and calibration is None:
        bundled = read_export(spec.bundle)
        if bundled is not None:
            return bundled
        raise damaged_bundle(spec.bundle)
    folder = cache_folder() / "exports" / export_key(spec, weights, calibration)
    cached = read_export(folder)
    if cached is not None:
        return cached
    if spec.bundle is not None and calibration and calibration.is_bundled:
        bundle = spec.bundle
        return _make_in_cache(folder, lambda fresh: write_bundled_int8(bundle, fresh))
    kind, time = ("", "a few seconds") if calibration is None else (" int8", "half a minute")
    say(f"preparing {spec.title}{kind} for this processor (first use only, {time})")
    return _make_in_cache(folder, lambda fresh: write_export(spec, weights, fresh, calibration))


def _make_in_cache(folder: Path, write: Callable[[Path], None]) -> Export:
    """Let `write` fill an empty folder, and move it into place."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as beside:
            fresh = Path(beside) / "export"
            fresh.mkdir()
            write(fresh)
            _move_into_place(fresh, folder)
    except OSError as error:
        space = "free some space or " if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
        raise ModelError(
            f"the converted model could not be saved in {folder.parent} ({error.strerror}): "
            f"{space}set LIVECAM_CACHE to another folder."
        ) from error
    made = read_export(folder)
    if made is None:
        raise ModelError(f"the converted model in {folder} is damaged again: is the disk failing?")
    return made


def _move_into_place(fresh: Path, folder: Path) -> None:
    """Rename; a folder that another process has made meanwhile is as good."""
    if folder.exists() and read_export(folder) is None:
        shutil.rmtree(folder)
    try:
        fresh.rename(folder)
    except OSError:
        if read_export(folder) is None:
            raise
