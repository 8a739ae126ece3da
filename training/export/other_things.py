"""Features of photographs of other things: the program's "other" class when one's own are taught.

Of pictures that are trained on or validated with, never of those kept apart for tests, and of none
that is share-alike; as many of each source as keep them balanced. Only pooled features leave this
machine: a few hundred numbers a picture, from which no picture can be had back.
"""

from pathlib import Path

import cv2
import numpy as np

from livecam.assembly.open_model import open_model
from livecam.core.crop import centred_square, network_view
from livecam.core.types import BgrImage
from livecam.models.catalogue import flowers_spec, imagenet_spec
from livecam.models.model_spec import ModelSpec
from livecam.models.other_things import OTHER_THINGS_FOLDER, as_roots, other_things_file
from livecam.models.weights import file_digest
from training.data.photographs import credited
from training.data.splits import source_of, split_of_other

ALPHA = 0.75  # the only weights of ImageNet that lie beside the project
MOST_OF_A_SOURCE = 80
_STEP = 37  # pictures that follow each other resemble each other: not the first ones


def write_other_features(shared: Path) -> list[Path]:
    """Write the files of the program, one for each network; return their paths."""
    specs = imagenet_spec(ALPHA), flowers_spec()
    return [_write_features_of(spec, shared) for spec in specs]


def _write_features_of(spec: ModelSpec, shared: Path) -> Path:
    model = open_model(spec, engine="litert", threads=1)
    pooled = []
    for name in chosen_names(credited(shared)):
        picture = cv2.imread(str(shared / "photos" / "other_things" / name))
        height, width = picture.shape[:2]
        square = network_view(BgrImage(picture), centred_square(width, height))
        pooled.append(model.head.pooled(model.infer(square).features))
    file = OTHER_THINGS_FOLDER / other_things_file(spec)
    file.parent.mkdir(exist_ok=True)
    digest = file_digest(spec.ensure_weights(print))
    np.savez_compressed(file, roots=as_roots(np.array(pooled)), weights=np.array(digest))
    return file


def chosen_names(rows: list[dict[str, str]]) -> list[str]:
    """Return the files that are taken; `rows` are those of the shared table of credits."""
    by_source: dict[str, list[str]] = {}
    for row in rows:
        if split_of_other(row["file"]) != "test" and "-SA" not in row["licence"].upper():
            by_source.setdefault(source_of(row["file"]), []).append(row["file"])
    chosen: list[str] = []
    for names in by_source.values():
        spread = sorted(names, key=lambda name: (names.index(name) * _STEP) % len(names))
        chosen += sorted(spread[:MOST_OF_A_SOURCE])
    return chosen
