"""Fits the head: daisies peak where ImageNet's daisies peak, and probabilities mean something.

The columns of `conv_preds` may be multiplied by one number (this sharpens the softmax) and one
and the same vector may be added to all of them (this adds one map to every class's map and leaves
the softmax as it is). The vector used here is the evidence for "a flower at all".
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from training.data.batches import Drawer, batches
from training.export.keras_export import ARRAYS, PARITY
from training.evaluate.metrics import negative_log_likelihood, softmax
from training.network.keras_weights import from_torch, to_torch
from training.network.inference import maps_of
from training.network.mobilenet import MobileNet, network_input
from training.data.build_stores import PICTURES, open_stores
from training.settings import ACT_MAX, CLASSES, DAISY, OTHER, Settings
from training.data.centred_square import SIDE_PX, centred_square
from training.data.picture_store import Picture, Store

HEAD, SHARP = "head.json", "sharp.pt"
LARGEST_FLOAT16 = 65504.0


@dataclass(frozen=True, slots=True)
class Head:
    """How the columns were changed.

    Attributes:
        sharpness: factor on the columns that follow from training.
        common: how much of the flower column was added to every class.
        bias: constants added to the logits, one a class, after sharpening.

    """

    sharpness: float
    common: float
    bias: tuple[float, ...]


def calibrate(out: Path, settings: Settings) -> Head:
    """Choose the head, round all weights to float16's values and write them in Keras' order."""
    network = MobileNet(settings.student.alpha, len(CLASSES))
    network.load_state_dict(torch.load(out / SHARP, weights_only=True))
    head = fit_head(network, out, settings)
    arrays = {name: rounded(array) for name, array in from_torch(network).items()}
    np.savez(out / ARRAYS, **arrays)
    _write_parity(out, network, arrays)
    (out / HEAD).write_text(json.dumps(asdict(head), indent=1))
    return head


def fit_head(network: MobileNet, out: Path, settings: Settings) -> Head:
    """Choose the head on validation photographs and change the network's last layer accordingly."""
    maps, labels = _answers(network, Store(out / PICTURES))
    head = fitted_head(maps, _bias(network), labels, settings.student.over_sharp)
    apply_head(network, head)
    return head


def settle(network: MobileNet, out: Path, settings: Settings) -> None:
    """Measure the batch statistics anew on nearly whole pictures of 224 pixels."""
    drawer = Drawer(open_stores(out), settings.mixture, least_area=0.7)

    def shape_of(step: int) -> tuple[int, int] | None:
        return (48, SIDE_PX) if step < settings.student.settling_batches else None

    for norm in network.modules():
        if isinstance(norm, nn.BatchNorm2d):
            norm.reset_running_stats()
            norm.momentum = None  # the plain mean over all batches
    network.train()
    with torch.no_grad():
        for pictures, _ in batches(drawer, settings.seed + 9, shape_of):
            network.features(network_input(pictures))
    network.eval()


def fitted_head(maps: np.ndarray, bias: np.ndarray, labels: np.ndarray, over_sharp: float) -> Head:
    """Choose the sharpness by likelihood (times `over_sharp`), the rest by the daisies' peaks."""
    centred, offset = _centred_maps(maps), bias - bias.mean()
    logits = centred.mean((2, 3)) + offset
    choices = np.exp(np.linspace(np.log(0.3), np.log(6.0), 200))
    best = min(choices, key=lambda s: negative_log_likelihood(softmax(s * logits), labels))
    sharpness = float(best) * over_sharp
    daisies = centred[labels == DAISY]
    common = _common(sharpness * daisies)
    return Head(sharpness, common, tuple(float(b) for b in sharpness * offset))


def apply_head(network: MobileNet, head: Head) -> None:
    """Change the network's last layer accordingly."""
    with torch.no_grad():
        weight = network.conv_preds.weight
        centred = weight - weight.mean(0, keepdim=True)
        flower = _flower(centred.transpose(0, 1)).unsqueeze(0)
        weight.copy_(head.sharpness * (centred + head.common * flower))
        assert network.conv_preds.bias is not None
        network.conv_preds.bias.copy_(torch.tensor(head.bias))


def rounded(array: np.ndarray) -> np.ndarray:
    """Return float32 whose values float16 can hold: half of the bits are zero and pack well."""
    limited = np.clip(array, -LARGEST_FLOAT16, LARGEST_FLOAT16)
    return limited.astype(np.float16).astype(np.float32)


def adjusted_maps(maps: np.ndarray, head: Head) -> np.ndarray:
    """Return what the maps `[N, classes, 7, 7]` of the untouched head become."""
    centred = _centred_maps(maps)
    return head.sharpness * (centred + head.common * _flower(centred)[:, None])


def _common(daisies: np.ndarray) -> float:
    # The peaks grow with `common`, so halving the interval finds the wanted median.
    low, high = -1.0, 20.0
    flower = _flower(daisies)
    for _ in range(60):
        middle = (low + high) / 2
        peaks = (daisies[:, DAISY] + middle * flower).max((1, 2))
        low, high = (middle, high) if np.median(peaks) < ACT_MAX else (low, middle)
    return low


def _flower(centred):  # noqa: ANN001, ANN202 - arrays of numpy and torch alike: [N, classes, ...]
    return centred[:, :OTHER].mean(1) - centred[:, OTHER]


def _centred_maps(maps: np.ndarray) -> np.ndarray:
    return maps - maps.mean(1, keepdims=True)


def _bias(network: MobileNet) -> np.ndarray:
    assert network.conv_preds.bias is not None
    return network.conv_preds.bias.detach().numpy()


def _answers(network: MobileNet, store: Store) -> tuple[np.ndarray, np.ndarray]:
    entries = list(store.pick("validation"))
    pictures: list[Picture] = [centred_square(store.picture(entry)) for entry in entries]
    return maps_of(network, pictures), np.array([entry.label for entry in entries])


def _write_parity(out: Path, network: MobileNet, arrays: dict[str, np.ndarray]) -> None:
    """Keep torch's answers to some photographs: the export is held against them."""
    to_torch(network, arrays)
    store = Store(out / PICTURES)
    entries = [e for kind in ("daisy", "rose", "photo") for e in store.pick("validation", kind)]
    pictures = np.stack([centred_square(store.picture(e)) for e in entries[::5]])
    with torch.inference_mode():
        features = network.features(network_input(torch.from_numpy(pictures)))
        maps = network.maps(features)
        logits = network.logits(maps)
    np.savez(
        out / PARITY,
        pictures=pictures,
        features=features.numpy(),
        maps=maps.numpy(),
        logits=logits.numpy(),
        probabilities=logits.softmax(1).numpy(),
    )
