"""The network at detail 2: 448 x 448 pixels, so flowers look twice as large to it.

As in the program, each class counts in the window of 7 x 7 cells where it is most probable.
"""

from pathlib import Path
from typing import Any

import numpy as np

from training.data.centred_square import SIDE_PX, centred_square
from training.data.located_crops import FLOWERS
from training.data.picture_store import Entry, PictureStore
from training.network.keras_mobilenet import exported_network
from training.output_files import PICTURES
from training.settings import OTHER, Settings, Split

DETAIL = 2


def detail_figures(out: Path, settings: Settings, split: Split) -> dict[str, Any]:
    """How often flowers and other things are right at detail 2."""
    store, side_px = PictureStore(out / PICTURES), DETAIL * SIDE_PX
    network = exported_network(out, settings, side_px)

    def right(entries: list[Entry]) -> np.ndarray:
        pictures = [centred_square(store.picture(entry), side_px) for entry in entries]
        found = network.most_probable(pictures)
        return found == np.array([entry.label for entry in entries])

    flowers, others = list(store.pick(split, *FLOWERS)), list(store.pick(split, "photo"))
    of_flowers, label = right(flowers), np.array([entry.label for entry in flowers])
    return {
        "side_px": side_px,
        "flowers_right": float(of_flowers.mean()),
        "per_class": {c: float(of_flowers[label == i].mean()) for i, c in enumerate(FLOWERS)},
        "others_called_other": float(right(others).mean()),
        "others": int(sum(entry.label == OTHER for entry in others)),
    }
