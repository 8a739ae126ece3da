"""A network of keras.applications with random weights, saved, read by livecam and compared.

`python -m benchmarks.quality.keras_families_worker NAME` prints figures of one as JSON: how far the
logits are from those of Keras in float64, and how far those of Keras in float32 are; the mean of
the map with the constant from the logit; and the map from the gradient that TensorFlow's tape gives
in float64, relative to the map's largest value.
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
from livecam.models.formats.preprocessing import Preprocessing
from livecam.native.tensorflow import import_keras

PICTURES = 3
CLASSES = 10
SHOWN = 1
"""The class whose map is compared."""


class Truth:
    """The same network in float64: its logits, and what its gradient says of each place."""

    def __init__(self, name: str, keras_model: Any, pooling: str) -> None:
        """Build it.

        Args:
            name: of its kind in keras.applications.
            keras_model: the network in float32.
            pooling: its layer behind the features.
        """
        keras = import_keras()
        floatx, policy = keras.backend.floatx(), keras.config.dtype_policy()
        keras.backend.set_floatx("float64")
        keras.config.set_dtype_policy("float64")
        try:
            model = network_of(name)
            for own, theirs in zip(model.layers, keras_model.layers, strict=True):
                own.set_weights([np.asarray(one, np.float64) for one in theirs.get_weights()])
                compute_without_xla(own)
            # Names of layers depend on what the process built before.
            place = [layer.name for layer in keras_model.layers].index(pooling)
            cut = model.layers[place].input
            self._base, self._head = keras.Model(model.input, cut), keras.Model(cut, model.output)
        finally:
            keras.backend.set_floatx(floatx)
            keras.config.set_dtype_policy(policy)

    def logits_and_maps(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Logits [pictures, classes], and what each place adds to that of the shown class.

        Args:
            values: the network's input, [pictures, side, side, 3].

        Returns:
            The second one is [pictures, rows, columns], as many times as there are places.
        """
        import tensorflow as tf

        features = self._base(values.astype(np.float64), training=False)
        with tf.GradientTape() as tape:
            tape.watch(features)
            logits = self._head(features, training=False)
            shown = tf.reduce_sum(logits[:, SHOWN])  # pictures do not depend on each other
        added = (features.numpy() * tape.gradient(shown, features).numpy()).sum(-1)
        return logits.numpy(), added * added[0].size


def network_of(name: str) -> Any:
    """One of the families, as Keras makes it."""
    kind = getattr(import_keras().applications, name)
    # Logits tell more than probabilities, which of random weights are often 0 and 1.
    return kind(weights=None, classes=CLASSES, classifier_activation=None)


def compute_without_xla(layer: Any) -> None:
    """Let TensorFlow compute a convolution with groups, as it can.

    Keras gives it to XLA, which in float64 takes up to 18 s a layer, of which ConvNeXt has eighteen
    (findings/keras_groups_by_xla.sh).
    """
    import tensorflow as tf

    if isinstance(layer, import_keras().layers.Conv2D) and layer.groups > 1:
        layer.convolution_op = lambda inputs, kernel: tf.nn.conv2d(
            inputs, kernel, layer.strides, layer.padding.upper()
        )


def fit_statistics(keras_model: Any, preprocessing: Preprocessing) -> bool:
    """Let activations neither vanish nor explode on pictures as are measured; whether it can be."""
    layers = import_keras().layers
    normalised = [one for one in keras_model.layers if isinstance(one, layers.BatchNormalization)]
    for layer in normalised:
        layer.momentum = 0.0  # one pass in training mode sets the statistics
    if normalised:
        seen = pictures(side_px_of(keras_model), seed=0)
        values = [preprocessing.applied(rgb.astype(np.float32)) for rgb in seen]
        keras_model(np.stack(values), training=True)
    return bool(normalised)


def side_px_of(keras_model: Any) -> int:
    """Of the picture that a network takes; MobileNet v3 takes any."""
    return int(keras_model.input_shape[1] or NETWORK_SIDE_PX)


def pictures(side_px: int, seed: int = 1) -> Iterator[RgbImage]:
    """Random pictures, uint8 RGB [side, side, 3]."""
    rng = np.random.default_rng(seed)
    for _ in range(PICTURES):
        cells = rng.integers(0, 256, (9, 9, 3), np.uint8)
        repeated = cells.repeat(side_px // 9 + 1, 0).repeat(side_px // 9 + 1, 1)
        yield RgbImage(np.ascontiguousarray(repeated[:side_px, :side_px]))


def differences(keras_model: Any, truth: Truth, model: OpenedModel) -> dict[str, float]:
    """The largest of the logits, here and in Keras, and of the maps and their means.

    Maps are relative to their largest value; all else to the largest logit of a picture, and
    absolute where that is below 1.
    """
    off: dict[str, list[float]] = {}
    preprocessing = model.spec.network.preprocessing  # type: ignore[attr-defined]
    seen = list(pictures(model.input_size.side_px))
    # All at once: of some layers Keras compiles each call anew.
    values = np.stack([preprocessing.applied(rgb.astype(np.float32)) for rgb in seen])
    of_keras_model = np.asarray(keras_model(values, training=False))
    of_truth = zip(*truth.logits_and_maps(values), strict=True)
    for rgb, in_float32, (logits, shown) in zip(seen, of_keras_model, of_truth, strict=True):
        output, largest = model.infer(rgb), max(1.0, float(np.abs(logits).max()))
        of_keras = np.abs(in_float32 - logits).max() / largest
        off.setdefault("keras_logits", []).append(of_keras)
        off.setdefault("logits", []).append(np.abs(output.logits - logits).max() / largest)
        activations = [model.activation(output, index) for index in range(CLASSES)]
        of_maps = [
            abs(float(one.grid.mean()) + one.constant - float(one.logits[index]))
            for index, one in enumerate(activations)
        ]
        off.setdefault("mean_and_constant", []).append(max(of_maps) / largest)
        of_map = np.abs(activations[SHOWN].grid - shown).max() / np.abs(shown).max()
        off.setdefault("gradient", []).append(of_map)
    return {name: float(np.max(values)) for name, values in off.items()}  # nan where one is none


def family(name: str, folder: Path) -> dict[str, Any]:
    """What is found about one family, as JSON has it."""
    import_keras().utils.set_random_seed(3)
    keras_model = network_of(name)
    path = folder / f"{name}.keras"
    keras_model.save(path)
    found: dict[str, Any] = {"name": name, "side_px": side_px_of(keras_model)}
    try:
        if fit_statistics(keras_model, spec_of(path).network.preprocessing):  # type: ignore[attr-defined]
            keras_model.save(path)
        model = open_model(spec_of(path), engine="litert")
    except ModelError as error:
        return found | {"refused": str(error).split("cannot be used: ")[-1]}
    finally:
        path.unlink()
    truth = Truth(name, keras_model, model.spec.network.head.pooling.name)  # type: ignore[attr-defined]
    return found | {
        "cells": model.input_size.cells,
        "is_fixed": model.input_size.is_fixed,
        "approximate": model.head.approximate_because,
        **differences(keras_model, truth, model),
    }


def main(name: str) -> None:
    """Print one line of JSON."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LIVECAM_CACHE"] = folder
        print(json.dumps(family(name, Path(folder))))


if __name__ == "__main__":
    main(sys.argv[1])
