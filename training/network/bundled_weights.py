"""Reads the program's own weights back into torch: the start of a training that goes on from them.

Keras' weights file numbers the layers of each kind in their order (`conv2d`, `conv2d_1`, ...) and
does not name them.
"""

from pathlib import Path

import h5py
import numpy as np
import torch

from training.network.keras_weights import NORM_PARTS, to_torch
from training.network.mobilenet import BLOCKS, MobileNet
from training.output_files import LOCALISED, REFINED
from training.settings import CLASSES, Settings

BUNDLED = Path("livecam/assets/flowers/model.weights.h5")


def unpack_bundle(out: Path, settings: Settings) -> Path:
    """Write the bundled network as the one that `refine-last-blocks` begins with."""
    network = MobileNet(settings.student.alpha, len(CLASSES))
    to_torch(network, read_bundled_weights(BUNDLED))
    torch.save(network.state_dict(), out / LOCALISED)
    (out / REFINED).unlink(missing_ok=True)  # it went on from the weights that are replaced
    return out / LOCALISED


def read_bundled_weights(path: Path) -> dict[str, np.ndarray]:
    """Return `layer/part -> array` in Keras' axis order of a MobileNet's weights file (Keras 3).

    Raises:
        KeyError: the file is not of such a network.

    """
    arrays: dict[str, np.ndarray] = {}
    with h5py.File(path) as file:
        layers = file["layers"]

        def take(stored: str, name: str, *parts: str) -> None:
            for number, part in enumerate(parts):
                arrays[f"{name}/{part}"] = layers[stored]["vars"][str(number)][()]

        for number, (layer, stored) in enumerate(_layers()):
            take(stored, layer, "kernel")
            take(_numbered("batch_normalization", number), f"{layer}_bn", *NORM_PARTS)
        take(_numbered("conv2d", len(BLOCKS) + 1), "conv_preds", "kernel", "bias")
    return arrays


def _layers() -> list[tuple[str, str]]:
    """Name each convolution as Keras' MobileNet does, and as its weights file does, in order."""
    found = [("conv1", "conv2d")]
    for number in range(1, len(BLOCKS) + 1):
        found.append((f"conv_dw_{number}", _numbered("depthwise_conv2d", number - 1)))
        found.append((f"conv_pw_{number}", _numbered("conv2d", number)))
    return found


def _numbered(kind: str, number: int) -> str:
    return f"{kind}_{number}" if number else kind
