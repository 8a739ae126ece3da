"""What a network in torch says about whole pictures: centred square, 224 pixels, nothing spoilt."""

import numpy as np
import torch

from training.network.mobilenet import MobileNet, network_input
from training.settings import Split
from training.data.centred_square import centred_square
from training.data.picture_store import Picture, Store


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
    network: MobileNet, stores: list[Store], split: Split
) -> tuple[np.ndarray, np.ndarray]:
    """Return logits `[N, classes]` and labels `[N]` of all pictures of one part."""
    pairs = [(store, entry) for store in stores for entry in store.pick(split)]
    pictures = [centred_square(store.picture(entry)) for store, entry in pairs]
    bias = network.conv_preds.bias
    assert bias is not None
    logits = maps_of(network, pictures).mean((2, 3)) + bias.detach().numpy()
    return logits, np.array([entry.label for _, entry in pairs])
