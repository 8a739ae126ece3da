"""What decides what is in an archive's table: its settings, and the hash that stands for them."""

import hashlib
import json
from dataclasses import asdict
from importlib import metadata
from typing import Any

from livecam import __version__
from livecam.assembly.measure_options import MeasureOptions
from livecam.assembly.packed_model import PackedModel, model_identity
from livecam.assembly.part_task import PartSettings
from livecam.core.archive.manifest import TABLE_FORMAT
from livecam.core.map_scale import scale_record


def part_settings(packed: PackedModel, options: MeasureOptions, *, grid: bool) -> PartSettings:
    """The settings with their hash: the same for what gives the same table.

    Args:
        packed: the network.
        options: what is measured.
        grid: whether rows have the maps.
    """
    names = packed.spec.labels.first_names
    decisive: dict[str, Any] = {
        "format": TABLE_FORMAT,
        "model": model_identity(packed),
        "classes": [names[index] for index in options.classes],
        **asdict(options.map),
        "looks_per_second": 1.0 / options.spacing_s if options.spacing_s else "all",
        "segment_s": options.segment_s,
        "grid": grid,
        "features": options.features,
        "boxes": options.boxes,
    }
    text = json.dumps(decisive, sort_keys=True, default=str)
    digest = hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
    about = {"settings": digest, **decisive, "title": packed.spec.title, "versions": _versions()}
    about["map_scale"] = scale_record(packed.map_scale)
    if packed.head.approximate_because:
        about["approximate"] = packed.head.approximate_because
    return PartSettings(digest, json.loads(json.dumps(about, default=str)), options, grid)


def _versions() -> dict[str, str]:
    """Of what has a part in the figures."""
    found = {"livecam": __version__}
    for package in ("av", "numpy", "opencv-python", "ai-edge-litert", "pyarrow"):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
