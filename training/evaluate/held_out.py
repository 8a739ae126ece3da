"""Evaluates the exported file, and the ImageNet model for comparison, on held-out pictures.

Runs where Keras is: `python -m training evaluate-held-out evaluate-baselines`.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from training.data import rendered_scenes
from training.data.augmentation import degrade_as_webcam
from training.data.centred_square import squares_of
from training.data.picture_store import BACKDROP_KINDS, Entry, PictureStore
from training.evaluate.by_group import group_figures
from training.evaluate.calibration import Certainty, balanced, sure_figures
from training.evaluate.large_maps import large_map_figures
from training.evaluate.linear_probe import fit_linear_probe, linear_probe_logits
from training.evaluate.metrics import (
    calibration_error,
    confusion,
    negative_log_likelihood,
    peaks_inside,
    pointing_game_hits,
    roc_auc,
    share,
    softmax,
)
from training.evaluate.placement import placement_figures
from training.network.keras_mobilenet import (
    KerasMobileNet,
    Predictions,
    exported_network,
    imagenet_network,
)
from training.output_files import HEAD, PICTURES
from training.settings import CLASSES, DAISY, IMAGENET_DAISY, OTHER, Settings, Split

FLOWERS = CLASSES[:OTHER]
SUNFLOWER = CLASSES.index("sunflower")


def evaluate_held_out(out: Path, settings: Settings, split: Split = "test") -> dict[str, Any]:
    """Measure the exported file on one split and write `metrics_<split>.json`."""
    network, store = exported_network(out, settings), PictureStore(out / PICTURES)
    found: dict[str, Any] = {"split": split}
    found |= photographs(network, store, split) | others(network, store, split)
    found |= rendered_figures(network, DAISY, settings.evaluation.views)
    found |= placement_figures(network, store, settings, split)
    head = json.loads((out / HEAD).read_text())
    found["calibration"] = calibration_figures(network, store, split, head["sure_from"], settings)
    found |= large_map_figures(out, settings, split)
    (out / f"metrics_{split}.json").write_text(json.dumps(found, indent=1))
    return found


def evaluate_baselines(
    shared: Path, out: Path, settings: Settings, split: Split = "test"
) -> dict[str, Any]:
    """Measure the ImageNet model, and a linear probe on it; write `baselines_<split>.json`."""
    network, store = imagenet_network(shared), PictureStore(out / PICTURES)
    found: dict[str, Any] = {
        "imagenet": imagenet_figures(network, store, split)
        | rendered_figures(network, IMAGENET_DAISY, settings.evaluation.views),
        "linear_probe": linear_probe_figures(network, store, split),
    }
    (out / f"baselines_{split}.json").write_text(json.dumps(found, indent=1))
    return found


def photographs(network: KerasMobileNet, store: PictureStore, split: Split) -> dict[str, Any]:
    """Accuracy, confusion, AUC, calibration and peaks over flowers and photographs of others."""
    entries = list(store.pick(split, *FLOWERS, "photo"))
    pictures, labels = squares_of(store, entries), _labels(entries)
    predictions = network.predict(pictures)
    figures = _classification_figures(predictions.logits, predictions.probabilities, labels)
    figures["peak_of_daisy_map"] = _peaks(predictions.maps[:, DAISY], labels)
    figures["peak_of_own_map"] = _own_peaks(predictions.maps, labels)
    rng = np.random.default_rng(1)
    degraded = [degrade_as_webcam(rng, picture) for picture in pictures]
    seen = network.predict(degraded)
    figures["webcam"] = _classification_figures(seen.logits, seen.probabilities, labels)
    return {"photographs": figures}


def others(network: KerasMobileNet, store: PictureStore, split: Split) -> dict[str, Any]:
    """How often other things are called daisies, by kind, group and source."""
    found: dict[str, Any] = {}
    for kind in BACKDROP_KINDS:
        entries = list(store.pick(split, kind))
        if entries:
            predictions = network.predict(squares_of(store, entries))
            found[kind] = _not_daisies(predictions, DAISY)
            found[kind]["called_other"] = share(predictions.logits.argmax(1) == OTHER)
    real = list(store.pick(split, "photo", "clip"))
    found["of_cameras"] = group_figures(network.predict(squares_of(store, real)), real)
    return {"others": found}


def calibration_figures(
    network: KerasMobileNet, store: PictureStore, split: Split, sure_from: float, settings: Settings
) -> dict[str, Any]:
    """Expected calibration error and "not sure" over the photographs of all six classes."""
    plan, entries = settings.calibration, list(store.pick(split, *FLOWERS, "photo"))
    labels = _labels(entries)
    predictions = network.predict(squares_of(store, entries))
    weights = balanced(labels, plan.others_share)
    return {
        "bins": plan.bins,
        "error": calibration_error(predictions.probabilities, labels, plan.bins),
        "error_halves": calibration_error(predictions.probabilities, labels, plan.bins, weights),
        "error_without_temperature": calibration_error(
            softmax(predictions.logits), labels, plan.bins
        ),
        "temperature": predictions.temperature,
        "sure": sure_figures(Certainty.of(predictions.probabilities, labels), weights, sure_from),
    }


def rendered_figures(network: KerasMobileNet, daisy: int, views: int) -> dict[str, Any]:
    """The program's own 3D daisy, and half as many views of its scenes without the flowers."""
    return {
        "daisy_views": daisy_views(network, daisy, views),
        "bare_views": bare_views(network, daisy, views // 2),
    }


def daisy_views(network: KerasMobileNet, daisy: int, count: int) -> dict[str, Any]:
    """The program's own 3D daisy from random sides."""
    views = list(rendered_scenes.held_out_views(count))
    predictions = network.predict([picture for picture, _ in views])
    masks = np.stack([mask for _, mask in views])
    maps = predictions.maps[:, daisy]
    return {
        "views": len(views),
        "top1_daisy": share(predictions.logits.argmax(1) == daisy),
        "probability_median": _median(predictions.probabilities[:, daisy]),
        "peak_on_flower_pixel": share(peaks_inside(maps, masks)),
        "peak_in_cell_with_flower": share(pointing_game_hits(maps, masks)),
        "peak_median": _median(maps.max((1, 2))),
    }


def bare_views(network: KerasMobileNet, daisy: int, count: int) -> dict[str, Any]:
    """The same meadows, balls, pinwheels and leaves without the flowers."""
    pictures = list(rendered_scenes.held_out_bare_views(count))
    return _not_daisies(network.predict(pictures), daisy)


def imagenet_figures(network: KerasMobileNet, store: PictureStore, split: Split) -> dict[str, Any]:
    """The ImageNet model (alpha 0.75) on the same pictures: its daisy against all other classes."""
    entries = list(store.pick(split, *FLOWERS, "photo"))
    labels = _labels(entries)
    predictions = network.predict(squares_of(store, entries))
    top, daisies = predictions.logits.argmax(1) == IMAGENET_DAISY, labels == DAISY
    chance = softmax(predictions.logits)[:, IMAGENET_DAISY]
    return {
        "daisy_recall_top1": share(top[daisies]),
        "sunflower_to_daisy": share(top[labels == SUNFLOWER]),
        "not_daisy_to_daisy": share(top[~daisies]),
        "daisy_auc_logit": roc_auc(predictions.logits[:, IMAGENET_DAISY], daisies),
        "daisy_auc_probability": roc_auc(chance, daisies),
        "peak_of_daisy_map": _peaks(predictions.maps[:, IMAGENET_DAISY], labels),
    }


def linear_probe_figures(
    network: KerasMobileNet, store: PictureStore, split: Split
) -> dict[str, Any]:
    """A linear probe on the ImageNet features, fitted on the same training pictures."""
    train = list(store.pick("train", *FLOWERS, "photo", "clip"))
    test = list(store.pick(split, *FLOWERS, "photo"))
    head = fit_linear_probe(_pooled(network, store, train), _labels(train), len(CLASSES))
    logits = linear_probe_logits(_pooled(network, store, test), head)
    return _classification_figures(logits, softmax(logits), _labels(test))


def _classification_figures(
    logits: np.ndarray, chances: np.ndarray, labels: np.ndarray
) -> dict[str, Any]:
    found = logits.argmax(1)
    flowers = labels < OTHER
    rest = np.delete(logits, DAISY, 1)
    margin = logits[:, DAISY] - np.log(np.exp(rest - rest.max(1, keepdims=True)).sum(1))
    return {
        "pictures": len(labels),
        "accuracy": share(found == labels),
        "accuracy_flowers_only": share((found == labels)[flowers]),
        "per_class": {c: share((found == i)[labels == i]) for i, c in enumerate(CLASSES)},
        "confusion_rows_true": confusion(found, labels),
        "daisy_auc": roc_auc(margin - rest.max(1), labels == DAISY),
        "sunflower_to_daisy": share((found == DAISY)[labels == SUNFLOWER]),
        "not_daisy_to_daisy": share((found == DAISY)[labels != DAISY]),
        "confidence_mean": float(chances.max(1).mean()),
        "calibration_error": calibration_error(chances, labels),
        "negative_log_likelihood": negative_log_likelihood(chances, labels),
    }


def _not_daisies(predictions: Predictions, daisy: int) -> dict[str, Any]:
    peaks = predictions.maps[:, daisy].max((1, 2))
    return {
        "pictures": len(peaks),
        "called_daisy": share(predictions.logits.argmax(1) == daisy),
        "peak_median": _median(peaks),
        "peak_95th_percentile": float(np.percentile(peaks, 95)),
    }


def _peaks(maps: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    tops = maps.max((1, 2))
    return {c: _median(tops[labels == i]) for i, c in enumerate(CLASSES) if (labels == i).any()}


def _own_peaks(maps: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    own = maps[np.arange(len(labels)), labels].max((1, 2))
    return {c: _median(own[labels == i]) for i, c in enumerate(CLASSES) if (labels == i).any()}


def _pooled(network: KerasMobileNet, store: PictureStore, entries: list[Entry]) -> np.ndarray:
    parts = [entries[start : start + 256] for start in range(0, len(entries), 256)]
    pooled = [network.features(squares_of(store, part)).mean((1, 2)) for part in parts]
    return np.concatenate(pooled)


def _labels(entries: list[Entry]) -> np.ndarray:
    return np.array([entry.label for entry in entries])


def _median(values: np.ndarray) -> float:
    return float(np.median(values))
