"""Writes the student as Keras weights and checks that Keras and torch agree.

Runs where Keras is: `python -m training export`; torch is not needed for it.
"""

from pathlib import Path
from typing import Any

import h5py
import numpy as np

from training.network.keras_mobilenet import KerasMobileNet, keras_model
from training.output_files import FINAL_ARRAYS, FINAL_WEIGHTS, TORCH_OUTPUTS
from training.settings import Settings

TOLERANCE = 1e-4  # of the largest value
SMALLEST_COMPRESSED = 500  # numbers; below that the tables of compression cost more than it saves
NORM_PARTS = ("gamma", "beta", "moving_mean", "moving_variance")  # Keras' order


def export_to_keras(out: Path, settings: Settings) -> Path:
    """Write the weights file, read it back, compare; return its path."""
    path = out / FINAL_WEIGHTS
    path.parent.mkdir(parents=True, exist_ok=True)
    model = keras_model(settings.student.alpha)
    _set_weights(model, dict(np.load(out / FINAL_ARRAYS)))
    plain = path.with_name("plain.weights.h5")
    model.save_weights(plain)
    compress(plain, path)
    plain.unlink()
    loaded = keras_model(settings.student.alpha)
    loaded.load_weights(path)
    for written, read in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(written, read)
    agreement = compare_with_torch(KerasMobileNet(loaded), out / TORCH_OUTPUTS)
    print(f"{path}: {path.stat().st_size} bytes; {agreement}")
    return path


def compress(plain: Path, compressed: Path) -> None:
    """Copy an HDF5 file with every array shuffled and deflated."""
    with h5py.File(plain) as source, h5py.File(compressed, "w", libver=("v108", "v110")) as target:

        def copy(name: str, item: h5py.Group | h5py.Dataset) -> None:
            if isinstance(item, h5py.Dataset):
                options: dict[str, Any] = {}
                if item.size > SMALLEST_COMPRESSED:  # in one chunk: many small ones cost more
                    options = {"compression": "gzip", "compression_opts": 9, "shuffle": True,
                               "chunks": item.shape}  # fmt: skip
                made = target.create_dataset(name, data=item[()], **options)
            else:
                made = target.require_group(name)
            made.attrs.update(item.attrs)

        target.attrs.update(source.attrs)
        source.visititems(copy)


def compare_with_torch(network: KerasMobileNet, path: Path) -> str:
    """Compare features, maps and logits with torch's on real photographs; raise if they differ."""
    of_torch = dict(np.load(path))
    features, probabilities = network.features_and_probabilities(of_torch["pictures"])
    predictions = network.predictions(features)
    differences = {
        "features": _difference(features, of_torch["features"].transpose(0, 2, 3, 1)),
        "maps": _difference(predictions.maps, of_torch["maps"]),
        "logits": _difference(predictions.logits, of_torch["logits"]),
        "probabilities": _difference(probabilities, of_torch["probabilities"]),
    }
    if max(differences.values()) > TOLERANCE:
        raise ValueError(f"Keras and torch disagree: {differences}")
    return f"Keras and torch differ by at most {differences} of the largest value"


def _difference(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.abs(found - expected).max() / max(1.0, np.abs(expected).max()))


def _set_weights(model: Any, arrays: dict[str, np.ndarray]) -> None:
    for layer in model.layers:
        if not layer.get_weights():
            continue
        parts = NORM_PARTS if layer.name.endswith("_bn") else ("kernel", "bias")
        names = [f"{layer.name}/{part}" for part in parts]
        layer.set_weights([arrays[name] for name in names if name in arrays])
