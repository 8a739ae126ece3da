"""MobileNet with random weights: the time does not depend on them.

`python -m benchmarks.inputs.random_networks FOLDER` makes what is missing in the folder.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from benchmarks.inputs.scratch_folder import ScratchFolder

if TYPE_CHECKING:
    from livecam.assembly.open_model import OpenedModel

CLASS_INDEX = 985


def make_networks(scratch: ScratchFolder) -> None:
    """Write the weights, the ONNX file and both exports, those that are missing."""
    scratch.folder.mkdir(parents=True, exist_ok=True)
    for path, alpha in ((scratch.weights, 1.0), (scratch.small_weights, 0.25)):
        if not path.exists():
            random_mobilenet(alpha, _random_squares()).save_weights(str(path))
    if not scratch.own_network.exists():
        own_network().save(scratch.own_network)
    if not scratch.onnx.exists():
        from benchmarks.inputs.onnx_export import write_onnx

        write_onnx(scratch)
    os.environ["LIVECAM_CACHE"] = str(scratch.cache)
    for precision in ("float32", "int8"):
        open_random_model(scratch, precision)


def random_mobilenet(alpha: float, inputs: npt.NDArray[np.float32]) -> Any:
    """Keras's MobileNet with random weights whose activations neither vanish nor explode.

    Args:
        alpha: the width of the network.
        inputs: pictures [N, 224, 224, 3] from -1 to 1 to which the normalisation is fitted.
    """
    from livecam.native.tensorflow import import_keras

    keras = import_keras()
    keras.utils.set_random_seed(7)
    model = keras.applications.MobileNet(alpha=alpha, weights=None)
    for layer in model.layers:
        if layer.name.endswith("_bn"):
            layer.momentum = 0.0  # one pass in training mode sets the statistics
    model(inputs, training=True)
    return model


def own_network() -> Any:
    """What a person trains on top of Keras's MobileNetV2: pooling, 100 units with ReLU, classes."""
    from livecam.native.tensorflow import import_keras

    keras = import_keras()
    keras.utils.set_random_seed(7)
    base = keras.applications.MobileNetV2(
        input_shape=(224, 224, 3), alpha=0.35, include_top=False, weights=None, pooling="avg"
    )
    hidden = keras.layers.Dense(100, activation="relu")
    classes = keras.layers.Dense(5, activation="softmax", use_bias=False)
    return keras.Sequential([base, hidden, classes])


def _random_squares() -> npt.NDArray[np.float32]:
    rng = np.random.default_rng(7)
    squares = rng.uniform(-1, 1, (8, 7, 7, 3)).repeat(32, axis=1).repeat(32, axis=2)
    return squares.astype(np.float32)


def open_random_model(
    scratch: ScratchFolder, precision: str = "float32", threads: int | None = None
) -> "OpenedModel":
    """livecam's own model of the random weights, in LiteRT."""
    from livecam.assembly.calibration import calibration_of
    from livecam.assembly.open_model import open_model
    from livecam.models.catalogue import imagenet_spec

    return open_model(
        imagenet_spec(1.0, scratch.weights),
        engine="litert",
        precision=precision,
        threads=threads,
        calibration=calibration_of(None) if precision == "int8" else None,
    )


if __name__ == "__main__":
    make_networks(ScratchFolder(Path(sys.argv[1])))
