"""Features of things that are none of one's own classes: what "other" is filled from.

They are of photographs of rooms, clothes, food, streets, hands and tools, as one network sees
them, and come with the program for the networks named here; training/export/other_things.py makes
them.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from livecam.models.model_spec import ModelSpec

OTHER_THINGS_FOLDER = Path(__file__).resolve().parent.parent / "assets" / "other_things"


_LARGEST = 6.0
"""Features come from ReLU6."""


def as_roots(features: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Features as bytes: the square root of each, of 6; small ones keep more of their value."""
    return np.asarray(np.round(255.0 * np.sqrt(features / _LARGEST)), np.uint8)


def from_roots(roots: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """The features that these bytes stand for."""
    shares = np.square(roots.astype(np.float32) / np.float32(255.0))
    return np.asarray(shares * np.float32(_LARGEST), np.float32)


def other_things_file(spec: ModelSpec) -> str:
    """The name of the file of a network's features, whether there is one or not."""
    return f"{spec.name}_{spec.alpha}.npz"


def other_things(spec: ModelSpec, weights_digest: str, channels: int) -> npt.NDArray[np.float32]:
    """The pooled features of other things.

    Args:
        spec: the network.
        weights_digest: SHA-256 of its weights; features of other weights mean something else.
        channels: of its features.

    Returns:
        float32 [pictures, channels]; [0, channels] where the program has none for these weights.
    """
    file = OTHER_THINGS_FOLDER / other_things_file(spec)
    nothing = np.zeros((0, channels), np.float32)
    # The model of a path has a path for its name.
    if spec.name != Path(spec.name).name or not file.is_file():
        return nothing
    with np.load(file, allow_pickle=False) as arrays:
        if str(arrays["weights"]) != weights_digest:
            return nothing
        features = from_roots(arrays["roots"])
    return features if features.shape[1] == channels else nothing
