"""Puts the trained weights into the program: Keras weights, LiteRT in float32 and in int8."""

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from livecam.assembly.calibration import calibration_of
from livecam.models.catalogue import flowers_spec
from livecam.models.litert_export import (
    ABOUT_FILE,
    HEAD_FILE,
    MODEL_FILE,
    compress_int8_into_bundle,
    write_export,
)
from livecam.models.weights import BUNDLED_WEIGHTS
from training.output_files import FINAL_WEIGHTS, HEAD


def write_bundled_model(out: Path) -> Path:
    """Replace the files of the bundled model; return their folder."""
    spec = flowers_spec()
    _check_temperature(out, spec.temperature)
    folder = spec.bundle
    assert folder is not None
    for name in (MODEL_FILE, HEAD_FILE, ABOUT_FILE):
        (folder / name).unlink(missing_ok=True)
    weights = folder / BUNDLED_WEIGHTS
    shutil.copyfile(out / FINAL_WEIGHTS, weights)
    write_export(spec, weights, folder)
    with TemporaryDirectory() as folder_int8:
        write_export(spec, weights, Path(folder_int8), calibration_of(None))
        compress_int8_into_bundle(Path(folder_int8), folder)
    return folder


def _check_temperature(out: Path, of_program: float) -> None:
    fitted = json.loads((out / HEAD).read_text())["temperature"]
    if fitted != of_program:
        raise ValueError(
            f"the program divides by {of_program}, the head was fitted with {fitted}: "
            f"write FLOWERS_TEMPERATURE = {fitted} into livecam/models/catalogue.py first."
        )
