"""Calibration of the head: daisies peak where those of the ImageNet model peak; rounded weights.

The columns of `conv_preds` may be multiplied by one number (the inverse of a softmax temperature),
and one and the same vector may be added to all of them (this adds one map to every class's map and
leaves the softmax as it is). The vector used here is the evidence for "any flower at all".
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from training.data.centred_square import squares_of
from training.data.picture_store import PictureStore
from training.evaluate.metrics import negative_log_likelihood, softmax
from training.network.inference import head_bias, maps_and_labels
from training.network.keras_weights import from_torch, to_torch
from training.network.mobilenet import (
    MobileNet,
    centred_maps,
    flower_evidence,
    load_mobilenet,
    network_input,
)
from training.output_files import FINAL_ARRAYS, HEAD, LOCALISED, PICTURES, TORCH_OUTPUTS
from training.settings import ACT_MAX, DAISY, Settings

LARGEST_FLOAT16 = 65504.0


@dataclass(frozen=True, slots=True)
class Head:
    """How the columns were changed.

    Attributes:
        scale: factor on the trained columns.
        common: how much of the flower column was added to every class.
        bias: constants added to the logits, one a class, after scaling.

    """

    scale: float
    common: float
    bias: tuple[float, ...]


def calibrate_head(out: Path, settings: Settings) -> Head:
    """Choose the head, round all weights to float16's values and write them in Keras' order."""
    network = load_mobilenet(out / LOCALISED, settings.student.alpha)
    head = fit_head(network, out, settings)
    arrays = {name: rounded(array) for name, array in from_torch(network).items()}
    np.savez(out / FINAL_ARRAYS, **arrays)
    _write_torch_outputs(out, network, arrays)
    (out / HEAD).write_text(json.dumps(asdict(head), indent=1))
    return head


def fit_head(network: MobileNet, out: Path, settings: Settings) -> Head:
    """Choose the head on validation photographs and change the network's last layer accordingly."""
    maps, labels = maps_and_labels(network, PictureStore(out / PICTURES), "validation")
    head = choose_head(maps, head_bias(network), labels, settings.student.scale_factor)
    apply_head(network, head)
    return head


def choose_head(
    maps: np.ndarray, bias: np.ndarray, labels: np.ndarray, scale_factor: float
) -> Head:
    """Choose the scale by likelihood (times `scale_factor`), the rest by the daisies' peaks."""
    centred, offset = centred_maps(maps), bias - bias.mean()
    logits = centred.mean((2, 3)) + offset
    choices = np.exp(np.linspace(np.log(0.3), np.log(6.0), 200))
    best = min(choices, key=lambda s: negative_log_likelihood(softmax(s * logits), labels))
    scale = float(best) * scale_factor
    daisies = centred[labels == DAISY]
    common = _common(scale * daisies)
    return Head(scale, common, tuple(float(b) for b in scale * offset))


def apply_head(network: MobileNet, head: Head) -> None:
    """Change the network's last layer accordingly."""
    with torch.no_grad():
        weight = network.conv_preds.weight
        centred = weight - weight.mean(0, keepdim=True)
        flower = flower_evidence(centred.transpose(0, 1)).unsqueeze(0)
        weight.copy_(head.scale * (centred + head.common * flower))
        assert network.conv_preds.bias is not None
        network.conv_preds.bias.copy_(torch.tensor(head.bias))


def rounded(array: np.ndarray) -> np.ndarray:
    """Return float32 whose values float16 can hold: half of the bits are zero and compress well."""
    limited = np.clip(array, -LARGEST_FLOAT16, LARGEST_FLOAT16)
    return limited.astype(np.float16).astype(np.float32)


def _common(daisies: np.ndarray) -> float:
    # The peaks grow with `common`, so bisection finds the wanted median.
    low, high = -1.0, 20.0
    flower = flower_evidence(daisies)
    for _ in range(60):
        middle = (low + high) / 2
        peaks = (daisies[:, DAISY] + middle * flower).max((1, 2))
        low, high = (middle, high) if np.median(peaks) < ACT_MAX else (low, middle)
    return low


def _write_torch_outputs(out: Path, network: MobileNet, arrays: dict[str, np.ndarray]) -> None:
    """Write torch's outputs for some photographs, which the export is compared with."""
    to_torch(network, arrays)
    store = PictureStore(out / PICTURES)
    entries = [e for kind in ("daisy", "rose", "photo") for e in store.pick("validation", kind)]
    pictures = np.stack(squares_of(store, entries[::5]))
    with torch.inference_mode():
        features = network.features(network_input(torch.from_numpy(pictures)))
        maps = network.maps(features)
        logits = network.logits(maps)
    np.savez(
        out / TORCH_OUTPUTS,
        pictures=pictures,
        features=features.numpy(),
        maps=maps.numpy(),
        logits=logits.numpy(),
        probabilities=logits.softmax(1).numpy(),
    )
