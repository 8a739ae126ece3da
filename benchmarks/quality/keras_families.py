"""Which families of keras.applications have an exact map: each with random weights, as a table.

`python -m benchmarks.quality.keras_families [NAME ...]`. Each network is saved, read by livecam and
compared with Keras: probabilities, the mean of the map with the constant against the logit, and the
map against the gradient that TensorFlow's tape gives, relative to the map's largest value.
"""

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

FAMILIES = (
    "MobileNet", "MobileNetV2", "MobileNetV3Small", "MobileNetV3Large", "EfficientNetB0",
    "EfficientNetB3", "EfficientNetV2B0", "EfficientNetV2S", "ResNet50", "ResNet50V2",
    "DenseNet121", "InceptionV3", "InceptionResNetV2", "Xception", "NASNetMobile", "VGG16",
    "ConvNeXtTiny",
)  # fmt: skip
PICTURES = 3
CLASSES = 10


def random_network(name: str) -> Any:
    """One of the families, with weights whose activations neither vanish nor explode."""
    keras = import_keras()
    keras.utils.set_random_seed(3)
    model = getattr(keras.applications, name)(weights=None, classes=CLASSES)
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
    """The largest of the probabilities, and of the maps' means with constants from the logits."""
    of_probabilities = of_maps = 0.0
    for rgb in pictures(model.input_size.side_px):
        values = model.spec.network.preprocessing.applied(rgb.astype(np.float32))  # type: ignore[attr-defined]
        said = np.asarray(keras_model(values[np.newaxis], training=False))[0]
        output = model.infer(rgb)
        of_probabilities = max(of_probabilities, float(np.abs(output.probabilities - said).max()))
        for index in range(CLASSES):
            activation = model.activation(output, index)
            off = float(activation.grid.mean()) + activation.constant - activation.logits[index]
            of_maps = max(of_maps, abs(float(off)))
    return of_probabilities, of_maps


def gradient_difference(keras_model: Any, model: OpenedModel) -> float:
    """The largest of maps from those of the tape, relative to the largest value of these.

    The network gives probabilities: the logarithm of two of them has the gradient of the difference
    of two logits, so the difference of two maps is compared.
    """
    import tensorflow as tf

    network = model.spec.network  # type: ignore[attr-defined]
    if network.head.flattens:
        return float("nan")  # it has a place for each weight
    cut = keras_model.get_layer(network.head.features).output
    keras = import_keras()
    base, head = keras.Model(keras_model.input, cut), keras.Model(cut, keras_model.output)
    worst = 0.0
    for rgb in pictures(model.input_size.side_px):
        values = network.preprocessing.applied(rgb.astype(np.float32))
        features = base(values[np.newaxis], training=False)
        with tf.GradientTape() as tape:
            tape.watch(features)
            said = tf.math.log(head(features, training=False)[0])
            difference = said[0] - said[1]
        weights = tape.gradient(difference, features).numpy()[0].sum((0, 1))
        output = model.infer(rgb)
        ours = model.activation(output, 0).grid - model.activation(output, 1).grid
        theirs = features.numpy()[0] @ weights
        worst = max(worst, float(np.abs(ours - theirs).max() / np.abs(theirs).max()))
    return worst


def row(name: str, folder: Path) -> str:
    """One line of the table."""
    keras_model = random_network(name)
    path = folder / f"{name}.keras"
    keras_model.save(path)
    try:
        model = open_model(spec_of(path), engine="litert")
    except ModelError as error:
        reason = str(error).split("cannot be used: ")[-1]
        return f"| {name} | {side_px_of(keras_model)} | | refused | {reason} | | |"
    finally:
        path.unlink()
    of_probabilities, of_maps = differences(keras_model, model)
    of_gradients = gradient_difference(keras_model, model)
    kind = "approximate" if model.head.approximate_because else "exact"
    size, values = model.input_size, model.spec.facts["picture"]
    shape = f"{size.cells} x {size.cells}{', one size' if size.is_fixed else ''}"
    return (
        f"| {name} | {size.side_px} | {shape} | {kind} | {of_probabilities:.1e} | {of_maps:.1e} |"
        f" {of_gradients:.1e} |"
        f" {values} |"
    )


def main(names: list[str]) -> None:
    """Print the table."""
    print(
        "| network | side | cells | map | probabilities differ by | mean + constant by |"
        " map differs from the gradient by | picture |"
    )
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        os.environ["LIVECAM_CACHE"] = name
        for family in names or FAMILIES:
            print(row(family, Path(name)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
