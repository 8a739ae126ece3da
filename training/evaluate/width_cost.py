"""What a wider network would cost: size of the bundle and time of a look, with random weights.

Random weights round to float16 and compress as trained ones do, to a few percent. The times are
taken in turn, so that both widths see the same machine.
"""

import tempfile
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from livecam.assembly.calibration import calibration_of
from livecam.core.types import RgbImage
from livecam.engines.litert import LiteRTEngine
from livecam.models.catalogue import flowers_spec
from livecam.models.litert_export import (
    BUNDLED_INT8_FILE,
    MODEL_FILE,
    compress_int8_into_bundle,
    read_export,
    write_export,
)
from training.data.centred_square import SIDE_PX
from training.export.keras_export import compress
from training.network.keras_mobilenet import keras_model

WIDTHS = (0.5, 0.75)
LOOKS, THREADS = 120, 2
MOST_BYTES, LARGEST_RATIO = 8_000_000, 1.3


def compare_widths() -> dict[str, Any]:
    """Return bytes and milliseconds of both widths, and whether the wider one is allowed."""
    with tempfile.TemporaryDirectory() as name:
        folders = {alpha: _bundle(Path(name) / f"{alpha}", alpha) for alpha in WIDTHS}
        sizes = {alpha: _sizes(folder) for alpha, folder in folders.items()}
        looks = _paired_looks(folders)
    ratio = float(np.median(looks[WIDTHS[1]] / looks[WIDTHS[0]]))
    total = sum(sizes[WIDTHS[1]].values())
    return {
        "bytes": {f"{alpha:g}": found | {"all": sum(found.values())}
                  for alpha, found in sizes.items()},
        "look_ms": {f"{alpha:g}": float(np.median(v) * 1e3) for alpha, v in looks.items()},
        "ratio_of_looks": ratio,
        "wider_is_allowed": total <= MOST_BYTES and ratio <= LARGEST_RATIO,
    }  # fmt: skip


def _bundle(folder: Path, alpha: float) -> Path:
    folder.mkdir()
    model = keras_model(alpha)
    rng = np.random.default_rng(0)
    values = [
        v if v.ndim == 1 else rng.normal(0, v.std() + 1e-3, v.shape) for v in model.get_weights()
    ]
    model.set_weights([v.astype(np.float16).astype(np.float32) for v in values])
    plain, weights = folder / "plain.weights.h5", folder / "model.weights.h5"
    model.save_weights(plain)
    compress(plain, weights)
    plain.unlink()
    spec = replace(flowers_spec(), alpha=alpha)
    write_export(spec, weights, folder)
    with tempfile.TemporaryDirectory() as int8:
        write_export(spec, weights, Path(int8), calibration_of(None))
        compress_int8_into_bundle(Path(int8), folder)
    return folder


def _sizes(folder: Path) -> dict[str, int]:
    names = ("model.weights.h5", MODEL_FILE, BUNDLED_INT8_FILE)
    return {name: (folder / name).stat().st_size for name in names}


def _paired_looks(folders: dict[float, Path]) -> dict[float, np.ndarray]:
    engines = {}
    for alpha, folder in folders.items():
        export = read_export(folder)
        assert export is not None
        engines[alpha] = LiteRTEngine(export.model_path, threads=THREADS)
    square = RgbImage(np.random.default_rng(1).integers(0, 256, (SIDE_PX, SIDE_PX, 3), np.uint8))
    took: dict[float, list[float]] = {alpha: [] for alpha in engines}
    for _ in range(LOOKS):
        for alpha, engine in engines.items():
            began_s = perf_counter()
            engine.infer(square)
            took[alpha].append(perf_counter() - began_s)
    return {alpha: np.array(values) for alpha, values in took.items()}
