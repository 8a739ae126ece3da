"""What is measured on: alpha 1.0 with random weights (time is the same), its ONNX twin, a clip."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

CLASS_INDEX = 985


@dataclass(frozen=True, slots=True)
class Scratch:
    """A folder with everything that is made for the measurements; kept, so that it is made once."""

    folder: Path

    @property
    def weights(self) -> Path:
        """Random weights of MobileNet 1.0 in Keras's layout."""
        return self.folder / "random.weights.h5"

    @property
    def small_weights(self) -> Path:
        """The same of MobileNet 0.25."""
        return self.folder / "random025.weights.h5"

    @property
    def onnx(self) -> Path:
        """The same network in ONNX, batch normalisation folded."""
        return self.folder / "random.onnx"

    @property
    def cache(self) -> Path:
        """livecam's cache."""
        return self.folder / "cache"

    @property
    def annotated(self) -> Path:
        """What livecam made of the clip: the input of the bare transcode."""
        return self.folder / "annotated.mp4"

    @property
    def clip(self) -> Path:
        """1280 x 720, H.264: the one of ../shared where that is, else the built-in scene."""
        given = Path(__file__).resolve().parents[2] / "shared/video/flower_walk_720p30.mp4"
        return given if given.exists() else self.folder / "scene.mp4"


def make_networks(place: Scratch) -> None:
    """Write the weights, the ONNX file and both exports, those that are missing."""
    place.folder.mkdir(parents=True, exist_ok=True)
    for path, alpha in ((place.weights, 1.0), (place.small_weights, 0.25)):
        if not path.exists():
            write_random_weights(path, alpha)
    if not place.onnx.exists():
        from benchmarks.onnx_graph import write_onnx

        write_onnx(place)
    os.environ["LIVECAM_CACHE"] = str(place.cache)
    for precision in ("float32", "int8"):
        opened(place, precision)


def write_random_weights(path: Path, alpha: float) -> None:
    """Random weights whose signals neither die out nor explode."""
    from livecam.native.tensorflow import import_keras

    keras = import_keras()
    keras.utils.set_random_seed(7)
    model = keras.applications.MobileNet(alpha=alpha, weights=None)
    for layer in model.layers:
        if layer.name.endswith("_bn"):
            layer.momentum = 0.0
    rng = np.random.default_rng(7)
    squares = rng.uniform(-1, 1, (8, 7, 7, 3)).repeat(32, axis=1).repeat(32, axis=2)
    model(squares.astype(np.float32), training=True)
    model.save_weights(str(path))


def opened(place: Scratch, precision: str = "float32", threads: int | None = None):  # noqa: ANN201
    """livecam's own model of these weights."""
    from livecam.assembly.calibration import calibration_of
    from livecam.assembly.open_model import open_model
    from livecam.models.catalogue import imagenet_spec

    return open_model(
        imagenet_spec(1.0, place.weights),
        engine="litert",
        precision=precision,
        threads=threads,
        calibration=calibration_of(None) if precision == "int8" else None,
    )


if __name__ == "__main__":
    make_networks(Scratch(Path(sys.argv[1])))
