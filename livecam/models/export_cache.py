"""The cache of exports: each is made once, checked at every start and made again if damaged.

One export is a folder `<cache>/exports/<key>/` (models/litert_export.py); the key is a digest of
the weights, the graph and the versions that made it. It is written into a temporary folder beside
it and renamed, so that there is never half an export.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.errors import ModelError
from livecam.models.cache_folders import (
    check_is_own,
    is_private_place,
    livecam_cache,
    make_own_file,
    make_own_folder,
    place_in,
    report_private_place,
)
from livecam.models.cache_leftovers import fresh_folder, remove_half_exports
from livecam.models.litert_export import (
    ABOUT_FILE,
    HEAD_FILE,
    MODEL_FILE,
    Export,
    damaged_bundle,
    read_export,
    write_bundled_int8,
    write_export,
)
from livecam.models.model_spec import ModelSpec
from livecam.models.weights import file_digest

if TYPE_CHECKING:  # float32 does without
    from livecam.models.int8_quantisation import Calibration


def cache_folder() -> Path:
    """livecam's own cache, whether it is there already or not."""
    return export_folder("any").parent.parent


def export_folder(key: str) -> Path:
    """Where the export of this key is, or would be made."""
    given = os.environ.get("LIVECAM_CACHE")
    # A folder that was named is used, or the error names it: never another one.
    return Path(given) / "exports" / key if given else place_in(livecam_cache(), f"exports/{key}")


def export_key(spec: ModelSpec, weights: Path, calibration: "Calibration | None" = None) -> str:
    """A digest of everything that an export depends on: 24 hexadecimal digits."""
    parts = {
        "weights": file_digest(weights),
        **spec.key_parts(),
        "tensorflow": _version("tensorflow"),
        "litert": _version("ai-edge-litert"),
    }
    if calibration is not None:
        from livecam.models.int8_quantisation import QUANTISATION_VERSION

        parts |= {"quantisation": QUANTISATION_VERSION, "calibration": calibration.key}
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _version(package: str) -> str:
    from importlib import metadata  # late: it brings the whole of email, and a shipped model asks

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:  # installed under another name, like tensorflow-cpu
        return ""


def ensure_export(
    spec: ModelSpec,
    weights: Path,
    say: Callable[[str], None] = lambda _: None,
    *,
    calibration: "Calibration | None" = None,
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
    folder = export_folder(export_key(spec, weights, calibration))
    if not is_private_place(weights):  # else it has been said of them
        report_private_place(folder, say)
    _check_is_own(folder)
    cached = read_export(folder)
    if cached is not None:
        return cached
    leftovers = remove_half_exports(folder.parent)
    if leftovers:
        say(leftovers)
    if spec.bundle is not None and calibration and calibration.is_bundled:
        bundle = spec.bundle
        return _make_in_cache(folder, lambda fresh: write_bundled_int8(bundle, fresh))
    kind, time = ("", "a few seconds") if calibration is None else (" int8", "half a minute")
    say(f"preparing {spec.title}{kind} for this processor (first use only, {time})")
    return _make_in_cache(folder, lambda fresh: write_export(spec, weights, fresh, calibration))


def _check_is_own(folder: Path) -> None:
    files = (folder / name for name in (MODEL_FILE, HEAD_FILE, ABOUT_FILE))
    try:
        check_is_own("LIVECAM_CACHE", folder.parent, folder, *files)
    except OSError as error:
        raise ModelError(
            f"the converted model in {folder} cannot be read ({error.strerror}): correct its "
            "permissions, or set LIVECAM_CACHE to another folder."
        ) from error


def _make_in_cache(folder: Path, write: Callable[[Path], None]) -> Export:
    """Let `write` fill an empty folder, and move it into place."""
    try:
        make_own_folder(folder.parent)
        with fresh_folder(folder.parent) as beside:
            fresh = beside / "export"
            make_own_folder(fresh)
            write(fresh)
            for path in fresh.iterdir():
                make_own_file(path)
            _move_into_place(fresh, folder)
    except OSError as error:
        from livecam.core.disk_errors import is_disk_full  # late: few runs make an export

        space = "free some space or " if is_disk_full(error) else ""
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
