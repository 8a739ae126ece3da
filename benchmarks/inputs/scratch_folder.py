"""The folder of everything that is made for the measurements, and where the shared files lie."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
"""Real weights, photographs and clips; what is measured on them is left out where it is missing."""


@dataclass(frozen=True, slots=True)
class ScratchFolder:
    """Paths of the files that are made once, on first use, and stay for the next run."""

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
    def own_network(self) -> Path:
        """MobileNetV2 0.35 with random weights and a head as Teachable Machine puts on it."""
        return self.folder / "own_network.keras"

    @property
    def onnx(self) -> Path:
        """The same network as `weights` in ONNX, batch normalisation folded."""
        return self.folder / "random.onnx"

    @property
    def cache(self) -> Path:
        """livecam's cache."""
        return self.folder / "cache"

    @property
    def clip(self) -> Path:
        """1280 x 720, H.264: the one of ../shared where that is, else the synthetic scene."""
        given = SHARED / "video" / "flower_walk_720p30.mp4"
        return given if given.exists() else self.folder / "scene.mp4"

    @property
    def annotated_clip(self) -> Path:
        """What livecam made of the clip: the input of bare transcoding."""
        return self.folder / "annotated.mp4"
