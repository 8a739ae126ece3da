"""Writes the student as Keras weights and proves that Keras says what torch says.

Runs where Keras is: `python -m training export`; torch is not needed for it.
"""

import os
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from training.settings import CLASSES, Settings

ARRAYS, PARITY = "final_arrays.npz", "parity.npz"
FINAL = "final/flowers_050_224.weights.h5"
TOLERANCE = 1e-4  # of the largest value
SMALLEST_PACKED = 500  # numbers; below that the packing's own tables are larger than the gain
PARTS = ("gamma", "beta", "moving_mean", "moving_variance")  # Keras' order


def export(out: Path, settings: Settings, final: str = FINAL) -> Path:
    """Write the weights file, read it back, compare; return its path."""
    path = out / final
    path.parent.mkdir(parents=True, exist_ok=True)
    model = keras_model(settings.student.alpha)
    _fill(model, dict(np.load(out / ARRAYS)))
    plain = path.with_name("plain.weights.h5")
    model.save_weights(plain)
    pack(plain, path)
    plain.unlink()
    again = keras_model(settings.student.alpha)
    again.load_weights(path)
    for mine, theirs in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    print(f"{path}: {path.stat().st_size} bytes; {check_parity(again, out / PARITY)}")
    return path


def keras_model(alpha: float, classes: int = len(CLASSES)) -> Any:
    """Return Keras' MobileNet, 224 x 224, with logits still behind its softmax."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    return keras.applications.MobileNet(
        alpha=alpha, input_shape=(224, 224, 3), weights=None, classes=classes
    )


def surgery(model: Any) -> Any:
    """Return the model that gives features `[N, 7, 7, C]` and probabilities `[N, classes]`."""
    import keras

    return keras.Model(model.input, [model.get_layer("conv_pw_13_relu").output, model.output])


def pack(plain: Path, packed: Path) -> None:
    """Copy an HDF5 file with every array shuffled and deflated."""
    with h5py.File(plain) as source, h5py.File(packed, "w", libver=("v108", "v110")) as target:

        def copy(name: str, item: h5py.Group | h5py.Dataset) -> None:
            if isinstance(item, h5py.Dataset):
                ways: dict[str, Any] = {}
                if item.size > SMALLEST_PACKED:  # in one chunk: many small ones cost more
                    ways = {"compression": "gzip", "compression_opts": 9, "shuffle": True,
                            "chunks": item.shape}  # fmt: skip
                made = target.create_dataset(name, data=item[()], **ways)
            else:
                made = target.require_group(name)
            made.attrs.update(item.attrs)

        target.attrs.update(source.attrs)
        source.visititems(copy)


def check_parity(model: Any, path: Path) -> str:
    """Compare features, maps and logits with torch's on real photographs; raise if they differ."""
    known = dict(np.load(path))
    pictures = known["pictures"].astype(np.float32) * (2.0 / 255.0) - 1.0
    features, probabilities = surgery(model).predict(pictures, verbose=0)
    kernel, bias = (np.asarray(w) for w in model.get_layer("conv_preds").get_weights())
    maps = features @ kernel[0, 0]
    logits = maps.mean((1, 2)) + bias
    worst = {
        "features": _apart(features, known["features"].transpose(0, 2, 3, 1)),
        "maps": _apart(maps, known["maps"].transpose(0, 2, 3, 1)),
        "logits": _apart(logits, known["logits"]),
        "probabilities": _apart(probabilities, known["probabilities"]),
    }
    if max(worst.values()) > TOLERANCE:
        raise ValueError(f"Keras and torch disagree: {worst}")
    return f"Keras and torch differ by at most {worst} of the largest value"


def _apart(mine: np.ndarray, theirs: np.ndarray) -> float:
    return float(np.abs(mine - theirs).max() / max(1.0, np.abs(theirs).max()))


def _fill(model: Any, arrays: dict[str, np.ndarray]) -> None:
    for layer in model.layers:
        if not layer.get_weights():
            continue
        parts = PARTS if layer.name.endswith("_bn") else ("kernel", "bias")
        names = [f"{layer.name}/{part}" for part in parts]
        layer.set_weights([arrays[name] for name in names if name in arrays])
