"""The int8 network against the float32 one, on held-out photographs. Needs Keras and livecam."""

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from livecam.assembly.calibration import calibration_of
from livecam.core.types import RgbImage
from livecam.engines.litert import LiteRTEngine
from livecam.models.catalogue import flowers_spec
from livecam.models.litert_export import read_export, write_export
from training.data.centred_square import squares_of
from training.data.located_crops import FLOWERS
from training.data.picture_store import Picture, PictureStore
from training.network.keras_mobilenet import exported_network
from training.output_files import FINAL_WEIGHTS, PICTURES
from training.settings import DAISY, Settings, Split


def evaluate_int8(out: Path, settings: Settings, split: Split) -> dict[str, Any]:
    """Convert the exported weights to int8, compare, and write `int8_<split>.json`."""
    store, count = PictureStore(out / PICTURES), settings.evaluation.int8_pictures
    entries = list(store.pick(split, *FLOWERS, "photo"))
    pictures = squares_of(store, entries[:: max(1, len(entries) // count)][:count])
    exact = exported_network(out, settings).predict(pictures)
    with TemporaryDirectory() as name:
        spec = replace(flowers_spec(), alpha=settings.student.alpha)
        write_export(spec, out / FINAL_WEIGHTS, Path(name), calibration_of(None))
        maps, logits = _int8_outputs(Path(name), pictures)
    pairs = zip(exact.maps[:, DAISY], maps[:, DAISY], strict=True)
    alike = [np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in pairs]
    same = exact.logits.argmax(1) == logits.argmax(1)
    found = {"pictures": len(pictures), "maps_alike_median": float(np.median(alike)),
             "same_class": float(same.mean())}  # fmt: skip
    (out / f"int8_{split}.json").write_text(json.dumps(found, indent=1))
    return found


def _int8_outputs(folder: Path, pictures: list[Picture]) -> tuple[np.ndarray, np.ndarray]:
    export = read_export(folder)
    assert export is not None
    engine = LiteRTEngine(export.model_path, threads=2)
    maps = np.stack([engine.infer(RgbImage(picture)) for picture in pictures]) @ export.head.kernel
    return maps.transpose(0, 3, 1, 2), maps.mean((1, 2)) + export.head.bias
