"""How far the maps lie from the evidence: the mirror test on the photographs of a split.

Runs where Keras and livecam are: `python -m training evaluate-mirror`. The figures belong into
`FLOWERS_OFFSET_PX` of livecam/models/catalogue.py.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from livecam.core.map_quality.mirror_test import OffsetInterval, offset_by_mirror, offset_interval
from training.data.centred_square import squares_of
from training.data.picture_store import Picture, PictureStore
from training.network.keras_mobilenet import KerasMobileNet, exported_network
from training.output_files import PICTURES
from training.settings import CLASSES, OTHER, Settings, Split

LEAST_PROBABILITY = 0.5


def evaluate_mirror(out: Path, settings: Settings, split: Split = "test") -> dict[str, Any]:
    """Measure the exported file on one split and write `mirror_<split>.json`."""
    network, store = exported_network(out, settings), PictureStore(out / PICTURES)
    found, every = {}, []
    rng = np.random.default_rng(0)
    for index, name in enumerate(CLASSES[:OTHER]):
        pictures = squares_of(store, list(store.pick(split, name)))
        offsets = mirror_offsets(network, pictures, index) if pictures else []
        found[name] = _figures(offset_interval(offsets, rng))
        every += offsets
    found["over_all"] = _figures(offset_interval(every, rng))
    (out / f"mirror_{split}.json").write_text(json.dumps(found, indent=1))
    return found


def mirror_offsets(
    network: KerasMobileNet, pictures: list[Picture], class_index: int
) -> list[tuple[float, float]]:
    """The offsets, x and y in network pixels, of the pictures that show the class surely."""
    plain = network.predict(pictures)
    mirrored = network.predict([picture[:, ::-1] for picture in pictures])
    flipped = network.predict([picture[::-1] for picture in pictures])
    is_sure = plain.probabilities[:, class_index] >= LEAST_PROBABILITY
    found = (
        offset_by_mirror(
            plain.maps[number, class_index],
            mirrored.maps[number, class_index][:, ::-1],
            flipped.maps[number, class_index][::-1],
        )
        for number in np.flatnonzero(is_sure)
    )
    return [offset for offset in found if offset is not None]


def _figures(interval: OffsetInterval | None) -> dict[str, Any] | None:
    if interval is None:
        return None
    return {
        "offset_px": [round(value, 2) for value in interval.median],
        "low_px": [round(value, 2) for value in interval.low],
        "high_px": [round(value, 2) for value in interval.high],
        "pictures": interval.count,
    }
