"""The last layer as it is shipped: equal heights of the maps, calibrated, rounded to float16."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from training.data.centred_square import squares_of
from training.data.picture_store import PictureStore
from training.evaluate.calibration import (
    Certainty,
    balanced,
    fit_calibration,
    naming_more_flowers,
    sure_figures,
    sure_from,
)
from training.evaluate.metrics import calibration_error
from training.network.inference import head_bias, maps_and_labels
from training.network.keras_weights import from_torch, to_torch
from training.network.mobilenet import MobileNet, load_mobilenet, network_input
from training.output_files import FINAL_ARRAYS, HEAD, LOCALISED, PICTURES, REFINED, TORCH_OUTPUTS
from training.settings import CLASSES, OTHER, Settings
from training.train.map_scale import add_common, equal_heights, own_heights

LARGEST_FLOAT16 = 65504.0


@dataclass(frozen=True, slots=True)
class Head:
    """What the calibration chose, and how it did on the validation pictures.

    Attributes:
        temperature: divides the logits in the softmax, and nowhere else.
        sure_from: probability of the top answer below which it is "not sure".
        common: how much of each flower's evidence was added to all maps.
        constants: added to the bias of each class.
        heights: median peak of each flower's own map.
        calibration_error: expected calibration error with these.
        answers: how many are sure, and right.

    """

    temperature: float
    sure_from: float
    common: tuple[float, ...]
    constants: tuple[float, ...]
    heights: dict[str, float]
    calibration_error: float
    answers: dict[str, float]


def calibrate_head(out: Path, settings: Settings) -> Head:
    """Choose the head, round all weights to float16's values and write them in Keras' order."""
    trained = out / REFINED if (out / REFINED).exists() else out / LOCALISED
    network = load_mobilenet(trained, settings.student.alpha)
    head = fit_head(network, out, settings)
    arrays = {name: rounded(array) for name, array in from_torch(network).items()}
    np.savez(out / FINAL_ARRAYS, **arrays)
    _write_torch_outputs(out, network, arrays)
    (out / HEAD).write_text(json.dumps(asdict(head), indent=1))
    return head


def fit_head(network: MobileNet, out: Path, settings: Settings) -> Head:
    """Choose the head on validation pictures and change the network's last layer accordingly."""
    plan, store = settings.calibration, PictureStore(out / PICTURES)
    maps, labels = maps_and_labels(network, store, "validation")
    common = equal_heights(maps, labels, plan.common_decay)
    add_common(network, common)
    evidence = maps[:, :OTHER] - maps[:, OTHER:]
    heights = own_heights(maps, evidence, labels, common)
    weights = balanced(labels, plan.others_share)
    logits = maps.mean((2, 3)) + head_bias(network)
    calibration = fit_calibration(logits, labels, weights)
    calibration = naming_more_flowers(calibration, logits, labels, plan)
    with torch.no_grad():
        assert network.conv_preds.bias is not None
        network.conv_preds.bias.add_(torch.tensor(calibration.constants))
    chances = calibration.probabilities(logits)
    certainty = Certainty.of(chances, labels)
    threshold = round(sure_from(certainty, weights, plan.sure_precision), 2)
    return Head(
        temperature=round(calibration.temperature, 4),
        sure_from=threshold,
        common=tuple(float(c) for c in common),
        constants=calibration.constants,
        heights=dict(zip(CLASSES[:OTHER], heights.tolist(), strict=True)),
        calibration_error=calibration_error(chances, labels, plan.bins, weights),
        answers=sure_figures(certainty, weights, threshold),
    )


def rounded(array: np.ndarray) -> np.ndarray:
    """Return float32 whose values float16 can hold: half of the bits are zero and compress well."""
    limited = np.clip(array, -LARGEST_FLOAT16, LARGEST_FLOAT16)
    return limited.astype(np.float16).astype(np.float32)


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
