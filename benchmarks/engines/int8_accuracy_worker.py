"""The maps of int8 against those of float32, on photographs and on rendered daisies.

`python -m benchmarks.engines.int8_accuracy_worker FOLDER`; prints JSON. Real weights: the bundled
flowers model, and ImageNet's alpha 0.75 where ../shared has them.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.inputs.photographs import photographs
from benchmarks.inputs.random_networks import CLASS_INDEX
from benchmarks.inputs.scratch_folder import SHARED, ScratchFolder
from livecam.assembly.calibration import calibration_of
from livecam.assembly.open_model import OpenedModel, open_model
from livecam.core.types import NETWORK_SIDE_PX, RgbImage
from livecam.models.catalogue import flowers_spec, imagenet_spec
from livecam.sources.synthetic.mesh import ObjectLabel
from livecam.sources.synthetic.renderer import render, render_labels
from livecam.sources.synthetic.scene import SceneContents, build_scene
from training.data.rendered_scenes import reachable_pose
from training.evaluate.metrics import pointing_game_hits

FLOWERS, FINER_FLOWERS, VIEWS = 240, 100, 200


def rendered_daisies() -> list[tuple[np.ndarray, np.ndarray]]:
    """Daisies from every side, other scenes than those of the calibration, and where they are."""
    rng = np.random.default_rng(5000)
    found = []
    for number in range(VIEWS):
        if number % 20 == 0:
            scene = build_scene(5000 + number, SceneContents(1 + number % 3, number % 40 == 0))
        pose = reachable_pose(rng)
        rgb = cv2.cvtColor(render(scene, pose, 224, 224), cv2.COLOR_BGR2RGB)
        is_daisy = render_labels(scene, pose, 224, 224) == ObjectLabel.DAISY
        found.append((rgb, is_daisy))
    return found


def correlations_of(
    exact: OpenedModel, small: OpenedModel, squares: list[RgbImage], class_index: int
) -> list[float]:
    """The correlation of the two maps of each picture."""
    found = []
    for rgb in squares:
        grids = [model.measure(rgb, class_index).grid.ravel() for model in (exact, small)]
        found.append(float(np.corrcoef(*grids)[0, 1]))
    return found


def compare(spec: Any, class_index: int) -> dict[str, Any]:
    """Correlations of the maps, and how often each precision wins the pointing game, in percent."""
    exact = open_model(spec, engine="litert")
    small = open_model(spec, engine="litert", precision="int8", calibration=calibration_of(None))
    squares, views = photographs(SHARED, FLOWERS), rendered_daisies()
    correlations = correlations_of(exact, small, squares or [rgb for rgb, _ in views], class_index)
    finer = photographs(SHARED, FINER_FLOWERS, 2 * NETWORK_SIDE_PX)
    at_detail_2 = correlations_of(exact, small, finer, class_index)
    masks = np.stack([mask for _, mask in views])
    points = []
    for model in (exact, small):
        maps = np.stack([model.measure(rgb, class_index).grid for rgb, _ in views])
        points.append(100.0 * float(pointing_game_hits(maps, masks).mean()))
    return {
        "on": f"{len(squares)} photographs" if squares else f"{len(views)} rendered views",
        "median": float(np.median(correlations)),
        "p5": float(np.percentile(correlations, 5)),
        "detail_2": {
            "photographs": len(finer),
            "median": float(np.median(at_detail_2)),
            "p5": float(np.percentile(at_detail_2, 5)),
        }
        if finer
        else None,
        "points_float32": points[0],
        "points_int8": points[1],
    }


def main(folder: str) -> None:
    """Measure and print."""
    os.environ["LIVECAM_CACHE"] = str(ScratchFolder(Path(folder)).cache)
    found = {"flowers": compare(flowers_spec(), 0)}
    if (SHARED / "keras").is_dir():
        os.environ["KERAS_HOME"] = str(SHARED / "keras")
        found["imagenet 0.75"] = compare(imagenet_spec(0.75), CLASS_INDEX)
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
