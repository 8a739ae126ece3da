"""A network of keras.applications with random weights, saved, read by livecam and compared.

`python -m benchmarks.quality.keras_families_worker NAME` prints figures of one as JSON: how far the
logits are from Keras's, the mean of the map with the constant from the logit, and the map from the
gradient that TensorFlow's tape gives, relative to the map's largest value.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from livecam.assembly.open_model import OpenedModel, open_model
from livecam.core.types import NETWORK_SIDE_PX, RgbImage
from livecam.errors import ModelError
from livecam.models.catalogue import spec_of
from livecam.native.tensorflow import import_keras

PICTURES = 3
CLASSES = 10
SHOWN = 1
"""The class whose map is compared."""


def random_network(name: str) -> Any:
    """One of the families, with weights whose activations neither vanish nor explode."""
    keras = import_keras()
    keras.utils.set_random_seed(3)
    kind = getattr(keras.applications, name)
    # Logits tell more than probabilities, which of random weights are often 0 and 1.
    model = kind(weights=None, classes=CLASSES, classifier_activation=None)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.0  # one pass in training mode sets the statistics
    side_px = side_px_of(model)
    seen = np.random.default_rng(0).uniform(-1, 1, (2, side_px, side_px, 3))
    if any(isinstance(layer, keras.layers.Rescaling) for layer in model.layers):
        seen = 127.5 * (seen + 1)  # it does that itself
    model(seen, training=True)
    return model


def side_px_of(keras_model: Any) -> int:
    """Of the picture that a network takes; MobileNet v3 takes any."""
    return int(keras_model.input_shape[1] or NETWORK_SIDE_PX)


def pictures(side_px: int) -> Iterator[RgbImage]:
    """Random pictures, uint8 RGB [side, side, 3]."""
    rng = np.random.default_rng(1)
    for _ in range(PICTURES):
        cells = rng.integers(0, 256, (9, 9, 3), np.uint8)
        repeated = cells.repeat(side_px // 9 + 1, 0).repeat(side_px // 9 + 1, 1)
        yield RgbImage(np.ascontiguousarray(repeated[:side_px, :side_px]))


def differences(keras_model: Any, model: OpenedModel) -> tuple[float, float]:
    """The largest of the logits, and of the maps' means with constants from them.

    Both relative to the largest logit of a picture, and absolute where that is below 1.
    """
    of_logits = of_maps = 0.0
    for rgb in pictures(model.input_size.side_px):
        values = model.spec.network.preprocessing.applied(rgb.astype(np.float32))  # type: ignore[attr-defined]
        said = np.asarray(keras_model(values[np.newaxis], training=False))[0]
        output, largest = model.infer(rgb), max(1.0, float(np.abs(said).max()))
        of_logits = max(of_logits, float(np.abs(output.logits - said).max()) / largest)
        for index in range(CLASSES):
            activation = model.activation(output, index)
            off = float(activation.grid.mean()) + activation.constant - activation.logits[index]
            of_maps = max(of_maps, abs(float(off)) / largest)
    return of_logits, of_maps


def gradient_difference(keras_model: Any, model: OpenedModel) -> float | None:
    """The largest of maps from those of the tape, relative to the largest value of these."""
    import tensorflow as tf

    network = model.spec.network  # type: ignore[attr-defined]
    if network.head.flattens:
        return None  # it has a place for each weight
    cut = keras_model.get_layer(network.head.pooling.name).input
    keras = import_keras()
    base, head = keras.Model(keras_model.input, cut), keras.Model(cut, keras_model.output)
    off = []
    for rgb in pictures(model.input_size.side_px):
        values = network.preprocessing.applied(rgb.astype(np.float32))
        features = base(values[np.newaxis], training=False)
        with tf.GradientTape() as tape:
            tape.watch(features)
            logit = head(features, training=False)[0][SHOWN]
        weights = tape.gradient(logit, features).numpy()[0].sum((0, 1))
        theirs = features.numpy()[0] @ weights
        ours = model.activation(model.infer(rgb), SHOWN).grid
        off.append(np.abs(ours - theirs).max() / np.abs(theirs).max())
    return float(np.max(off))  # not a number where one is none


def family(name: str, folder: Path) -> dict[str, Any]:
    """What is found about one family, as JSON has it."""
    keras_model = random_network(name)
    path = folder / f"{name}.keras"
    keras_model.save(path)
    found: dict[str, Any] = {"name": name, "side_px": side_px_of(keras_model)}
    try:
        model = open_model(spec_of(path), engine="litert")
    except ModelError as error:
        return found | {"refused": str(error).split("cannot be used: ")[-1]}
    finally:
        path.unlink()
    of_logits, of_maps = differences(keras_model, model)
    return found | {
        "cells": model.input_size.cells,
        "is_fixed": model.input_size.is_fixed,
        "approximate": model.head.approximate_because,
        "logits": of_logits,
        "mean_and_constant": of_maps,
        "gradient": gradient_difference(keras_model, model),
    }


def main(name: str) -> None:
    """Print one line of JSON."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LIVECAM_CACHE"] = folder
        print(json.dumps(family(name, Path(folder))))


if __name__ == "__main__":
    main(sys.argv[1])
