"""Hard negatives found by looking once at all photographs and frames of other things."""

from pathlib import Path

import numpy as np

from training.data.batches import NEGATIVES
from training.data.centred_square import squares_of
from training.data.hard_negatives import HardNegatives
from training.data.picture_store import PictureStore
from training.evaluate.metrics import softmax
from training.network.inference import head_bias, maps_of
from training.network.mobilenet import MobileNet
from training.output_files import PICTURES
from training.settings import OTHER, Settings

STORE = 0  # number of the pictures' store in `open_stores`
PART = 256  # pictures at a time


def mined_negatives(network: MobileNet, out: Path, settings: Settings) -> HardNegatives:
    """Return how much the training's other things look like flowers to the network."""
    store, hard = PictureStore(out / PICTURES), HardNegatives(settings.mining)
    entries = [e for e in store.pick("train", *NEGATIVES) if e.label == OTHER]
    temperature = settings.localisation.temperature
    for start in range(0, len(entries), PART):
        part = entries[start : start + PART]
        maps = maps_of(network, squares_of(store, part))
        chances = softmax((maps.mean((2, 3)) + head_bias(network)) / temperature)
        keys = [(STORE, entry.name) for entry in part]
        hard.note(keys, np.array([entry.label for entry in part]), chances)
    return hard
