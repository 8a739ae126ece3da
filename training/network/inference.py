"""Inference in torch on whole pictures: centred squares of 224 pixels, without augmentation."""

import numpy as np
import torch

from training.data.centred_square import squares_of
from training.data.picture_store import Picture, PictureStore
from training.network.mobilenet import MobileNet, network_input
from training.settings import Split


def maps_of(network: MobileNet, pictures: list[Picture], batch: int = 64) -> np.ndarray:
    """Return the class maps `[N, classes, 7, 7]` of 224 x 224 RGB pictures, in float32."""
    network.eval()
    found = []
    with torch.inference_mode():
        for start in range(0, len(pictures), batch):
            some = torch.from_numpy(np.stack(pictures[start : start + batch]))
            found.append(network.maps(network.features(network_input(some))).numpy())
    return np.concatenate(found)


def logits_of(
    network: MobileNet, store: PictureStore, split: Split
) -> tuple[np.ndarray, np.ndarray]:
    """Return logits `[N, classes]` and labels `[N]` of all pictures of one split."""
    maps, labels = maps_and_labels(network, store, split)
    return maps.mean((2, 3)) + head_bias(network), labels


def maps_and_labels(
    network: MobileNet, store: PictureStore, split: Split
) -> tuple[np.ndarray, np.ndarray]:
    """Return class maps `[N, classes, 7, 7]` and labels `[N]` of all pictures of one split."""
    entries = list(store.pick(split))
    return maps_of(network, squares_of(store, entries)), np.array([e.label for e in entries])


def head_bias(network: MobileNet) -> np.ndarray:
    """Return the bias `[classes]` of the last layer."""
    assert network.conv_preds.bias is not None
    return network.conv_preds.bias.detach().numpy()
