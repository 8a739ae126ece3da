"""Looks once at what was kept apart, with Keras and the shipped file: metrics.json, confusion.

Runs where Keras is: `python -m training evaluate`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from training.data import rendered_scenes
from training.data.augmentation import spoilt_as_webcam
from training.export.keras_export import FINAL, keras_model, surgery
from training.evaluate.metrics import (
    calibration_error,
    cells_touched,
    confusion,
    negative_log_likelihood,
    peaks_inside,
    roc_auc,
    softmax,
)
from training.evaluate.linear_probe import fit_linear, linear_logits
from training.data.build_stores import PICTURES
from training.settings import CLASSES, DAISY, IMAGENET_DAISY, OTHER, Settings, Split
from training.data.centred_square import centred_square
from training.data.picture_store import Entry, Picture, Store

IMAGENET = "keras/models/mobilenet_7_5_224_tf.h5"
FLOWERS = CLASSES[:OTHER]
SUNFLOWER = CLASSES.index("sunflower")
VIEWS = 200


@dataclass(frozen=True, slots=True, eq=False)
class Reply:
    """What a model says: maps `[N, classes, 7, 7]` and logits `[N, classes]`."""

    maps: np.ndarray
    logits: np.ndarray


class Network:
    """A Keras MobileNet with its head taken apart."""

    def __init__(self, model: Any) -> None:
        self._features = surgery(model)
        kernel, bias = (np.asarray(w) for w in model.get_layer("conv_preds").get_weights())
        self._columns, self._bias = kernel[0, 0], bias

    def features(self, pictures: list[Picture]) -> np.ndarray:
        """Return `[N, 7, 7, C]` of 224 x 224 RGB pictures."""
        inputs = np.stack(pictures).astype(np.float32) * (2.0 / 255.0) - 1.0
        return np.asarray(self._features.predict(inputs, verbose=0, batch_size=32)[0])

    def reply(self, features: np.ndarray) -> Reply:
        """Return maps and logits; mean(map) + bias is the logit."""
        maps = (features @ self._columns).transpose(0, 3, 1, 2)
        return Reply(maps, maps.mean((2, 3)) + self._bias)


def evaluate(out: Path, settings: Settings, split: Split = "test") -> dict[str, Any]:
    """Measure the shipped file on one part and write `metrics_<split>.json`."""
    model = keras_model(settings.student.alpha)
    model.load_weights(out / FINAL)
    flowers, store = Network(model), Store(out / PICTURES)
    found: dict[str, Any] = {"split": split}
    found |= photographs(flowers, store, split) | others(flowers, store, split)
    found["daisy_views"] = daisy_views(flowers, DAISY)
    found["bare_views"] = bare_views(flowers, DAISY)
    (out / f"metrics_{split}.json").write_text(json.dumps(found, indent=1))
    return found


def yardsticks(shared: Path, out: Path, split: Split = "test") -> dict[str, Any]:
    """Measure the ImageNet model, and a linear head on it; write `yardsticks_<split>.json`."""
    model = keras_model(0.75, 1000)
    model.load_weights(shared / IMAGENET)
    network, store = Network(model), Store(out / PICTURES)
    found: dict[str, Any] = {
        "imagenet": imagenet_figures(network, store, split),
        "linear_head": linear_figures(network, store, split),
    }
    (out / f"yardsticks_{split}.json").write_text(json.dumps(found, indent=1))
    return found


def photographs(network: Network, store: Store, split: Split) -> dict[str, Any]:
    """Accuracy, confusion, AUC, calibration and peaks over flowers and photographs of others."""
    entries = list(store.pick(split, *FLOWERS, "photo"))
    pictures, labels = _pictures(store, entries), _labels(entries)
    reply = network.reply(network.features(pictures))
    figures = _answers(reply.logits, labels)
    figures["peak_of_daisy_map"] = _peaks(reply.maps[:, DAISY], labels)
    figures["peak_of_own_map"] = _own_peaks(reply.maps, labels)
    rng = np.random.default_rng(1)
    bad = [spoilt_as_webcam(rng, picture) for picture in pictures]
    figures["webcam"] = _answers(network.reply(network.features(bad)).logits, labels)
    return {"photographs": figures}


def others(network: Network, store: Store, split: Split) -> dict[str, Any]:
    """How often things that are no flowers are called daisies, and how high their maps peak."""
    found = {}
    for kind in ("photo", "clip", "synthetic"):
        entries = list(store.pick(split, kind))
        if entries:
            reply = network.reply(network.features(_pictures(store, entries)))
            found[kind] = _not_daisies(reply, DAISY)
            found[kind]["called_other"] = _share(reply.logits.argmax(1) == OTHER)
    return {"others": found}


def daisy_views(network: Network, daisy: int) -> dict[str, Any]:
    """The program's own 3D daisy from random sides."""
    views = list(rendered_scenes.test_views(VIEWS))
    reply = network.reply(network.features([picture for picture, _ in views]))
    masks = np.stack([mask for _, mask in views])
    maps = reply.maps[:, daisy]
    return {
        "views": len(views),
        "top1_daisy": _share(reply.logits.argmax(1) == daisy),
        "probability_median": _median(softmax(reply.logits)[:, daisy]),
        "peak_on_flower_pixel": _share(peaks_inside(maps, masks)),
        "peak_in_cell_with_flower": _share(cells_touched(maps, masks)),
        "peak_median": _median(maps.max((1, 2))),
    }


def bare_views(network: Network, daisy: int) -> dict[str, Any]:
    """The same meadows, balls, pinwheels and leaves without the flowers."""
    pictures = list(rendered_scenes.test_bare_views(VIEWS // 2))
    return _not_daisies(network.reply(network.features(pictures)), daisy)


def imagenet_figures(network: Network, store: Store, split: Split) -> dict[str, Any]:
    """The ImageNet model (alpha 0.75) on the same pictures: its daisy against all else."""
    entries = list(store.pick(split, *FLOWERS, "photo"))
    labels = _labels(entries)
    reply = network.reply(network.features(_pictures(store, entries)))
    top, daisies = reply.logits.argmax(1) == IMAGENET_DAISY, labels == DAISY
    chance = softmax(reply.logits)[:, IMAGENET_DAISY]
    return {
        "daisy_recall_top1": _share(top[daisies]),
        "sunflower_to_daisy": _share(top[labels == SUNFLOWER]),
        "not_daisy_to_daisy": _share(top[~daisies]),
        "daisy_auc_logit": roc_auc(reply.logits[:, IMAGENET_DAISY], daisies),
        "daisy_auc_probability": roc_auc(chance, daisies),
        "peak_of_daisy_map": _peaks(reply.maps[:, IMAGENET_DAISY], labels),
        "daisy_views": daisy_views(network, IMAGENET_DAISY),
        "bare_views": bare_views(network, IMAGENET_DAISY),
    }


def linear_figures(network: Network, store: Store, split: Split) -> dict[str, Any]:
    """A linear head on the untouched ImageNet features, fitted on the same training pictures."""
    train = list(store.pick("train", *FLOWERS, "photo", "clip"))
    test = list(store.pick(split, *FLOWERS, "photo"))
    head = fit_linear(_pooled(network, store, train), _labels(train), len(CLASSES))
    return _answers(linear_logits(_pooled(network, store, test), head), _labels(test))


def _answers(logits: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    chances, found = softmax(logits), logits.argmax(1)
    flowers = labels < OTHER
    rest = np.delete(logits, DAISY, 1)
    margin = logits[:, DAISY] - np.log(np.exp(rest - rest.max(1, keepdims=True)).sum(1))
    return {
        "pictures": len(labels),
        "accuracy": _share(found == labels),
        "accuracy_flowers_only": _share((found == labels)[flowers]),
        "per_class": {c: _share((found == i)[labels == i]) for i, c in enumerate(CLASSES)},
        "confusion_rows_true": confusion(found, labels),
        "daisy_auc": roc_auc(margin - rest.max(1), labels == DAISY),
        "sunflower_to_daisy": _share((found == DAISY)[labels == SUNFLOWER]),
        "not_daisy_to_daisy": _share((found == DAISY)[labels != DAISY]),
        "confidence_mean": float(chances.max(1).mean()),
        "calibration_error": calibration_error(chances, labels),
        "negative_log_likelihood": negative_log_likelihood(chances, labels),
    }


def _not_daisies(reply: Reply, daisy: int) -> dict[str, Any]:
    peaks = reply.maps[:, daisy].max((1, 2))
    return {
        "pictures": len(peaks),
        "called_daisy": _share(reply.logits.argmax(1) == daisy),
        "peak_median": _median(peaks),
        "peak_95th_percentile": float(np.percentile(peaks, 95)),
    }


def _peaks(maps: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    tops = maps.max((1, 2))
    return {c: _median(tops[labels == i]) for i, c in enumerate(CLASSES) if (labels == i).any()}


def _own_peaks(maps: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    own = maps[np.arange(len(labels)), labels].max((1, 2))
    return {c: _median(own[labels == i]) for i, c in enumerate(CLASSES) if (labels == i).any()}


def _pooled(network: Network, store: Store, entries: list[Entry]) -> np.ndarray:
    parts = [entries[start : start + 256] for start in range(0, len(entries), 256)]
    pooled = [network.features(_pictures(store, part)).mean((1, 2)) for part in parts]
    return np.concatenate(pooled)


def _pictures(store: Store, entries: list[Entry]) -> list[Picture]:
    return [centred_square(store.picture(entry)) for entry in entries]


def _labels(entries: list[Entry]) -> np.ndarray:
    return np.array([entry.label for entry in entries])


def _share(which: np.ndarray) -> float:
    return float(np.mean(which)) if len(which) else float("nan")


def _median(values: np.ndarray) -> float:
    return float(np.median(values))
