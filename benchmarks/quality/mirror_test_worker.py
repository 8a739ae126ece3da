"""The mirror test on the photographs of ../shared, less the offsets that the model carries.

`python -m benchmarks.quality.mirror_test_worker SHARED MODEL`; prints JSON.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from livecam.assembly.mirror_offsets import ClassOffset, measure_mirror_offsets
from livecam.assembly.open_model import open_model
from livecam.core.network_size import Look
from livecam.core.types import BgrImage
from livecam.models.catalogue import flowers_spec, imagenet_spec


def photographs(shared: Path, *, only_flowers: bool) -> Iterator[BgrImage]:
    """All of them, or those of flowers."""
    patterns = ("flowers/*/*.jpg",) if only_flowers else ("flowers/*/*.jpg", "other_things/*.jpg")
    for pattern in patterns:
        for file in sorted((shared / "photos").glob(pattern)):
            bgr = cv2.imread(str(file))
            if bgr is not None:
                yield BgrImage(np.asarray(bgr, np.uint8))


def left_of(found: ClassOffset) -> dict[str, Any]:
    """What the carried offset leaves, in pixels of the network's input."""
    upright, laid, carried = found.interval, found.down_laid, found.carried
    axes = {
        name: {
            "left": upright.median[axis] - carried[axis],
            "low": upright.low[axis] - carried[axis],
            "high": upright.high[axis] - carried[axis],
        }
        for axis, name in enumerate("xy")
    }
    down = None
    if laid is not None:
        left, low, high = (value - carried[1] for value in (laid.median, laid.low, laid.high))
        down = {"left": left, "low": low, "high": high, "pictures": laid.count}
    return {"name": found.class_name, "pictures": upright.count, **axes, "laid": down}


def main(shared: Path, name: str) -> None:
    """Measure and print."""
    os.environ.setdefault("KERAS_HOME", str(shared / "keras"))
    spec = flowers_spec() if name == "flowers" else imagenet_spec(0.75)
    model = open_model(spec, engine="litert")
    pictures = photographs(shared, only_flowers=name == "flowers")
    found = measure_mirror_offsets(model, pictures, Look())
    report = {"title": spec.title, "classes": [left_of(one) for one in found.classes]}
    print(json.dumps(report))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
