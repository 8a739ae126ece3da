"""Where the daisy map peaks: on rendered flowers, and on photographs pasted onto other pictures.

Runs where Keras and livecam are: `python -m training evaluate-peaks`.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from livecam.core.crop import centred_square, network_view
from livecam.core.types import BgrImage
from livecam.sources.synthetic.mesh import ObjectLabel
from livecam.sources.synthetic.renderer import render, render_labels
from livecam.sources.synthetic.scene import SceneContents, build_scene
from training.data import centred_square as square
from training.data.augmentation import paste
from training.data.located_crops import PASTE_SCALE
from training.data.picture_store import Picture, PictureStore
from training.data.rendered_scenes import reachable_pose
from training.evaluate.metrics import offsets, peaks_inside, pointing_game_hits
from training.network.keras_mobilenet import (
    KerasMobileNet,
    exported_network,
    imagenet_network,
)
from training.output_files import PICTURES
from training.settings import DAISY, IMAGENET_DAISY, EvaluationSettings, Settings, Split

WIDTH_PX, HEIGHT_PX = 640, 480  # as `livecam daisy` shows it
CONTENTS = {
    "one flower": SceneContents(),
    "as in the demo": SceneContents(others=True),
    "three flowers": SceneContents(flowers=3),
    "three flowers among other things": SceneContents(flowers=3, others=True),
}
FIRST_SEED: dict[Split, int] = {"train": 0, "validation": 4000, "test": 6000}
MaskedView = tuple[Picture, np.ndarray]  # RGB 224 x 224, mask of the flower in the square [S, S]


def evaluate_peaks(shared: Path, out: Path, settings: Settings, split: Split) -> dict[str, Any]:
    """Measure the exported file and the ImageNet model; write `peaks_<split>.json`."""
    networks = {
        "flowers": (exported_network(out, settings), DAISY),
        "imagenet": (imagenet_network(shared), IMAGENET_DAISY),
    }
    found: dict[str, Any] = {name: {} for name in networks}
    for kind, views in _views_of_every_kind(out, settings.evaluation, split):
        for name, (network, daisy) in networks.items():
            found[name][kind] = peak_figures(network, daisy, views)
    (out / f"peaks_{split}.json").write_text(json.dumps(found, indent=1))
    return found


def peak_figures(network: KerasMobileNet, daisy: int, views: list[MaskedView]) -> dict[str, Any]:
    """How often the peak is on the flower, and how far it lies from the flower's middle."""
    predictions = network.predict([picture for picture, _ in views])
    maps, masks = predictions.maps[:, daisy], np.stack([mask for _, mask in views])
    off = offsets(maps, masks)
    return {
        "views": len(views),
        "top1_daisy": float((predictions.logits.argmax(1) == daisy).mean()),
        "middle_of_peak_on_flower": float(peaks_inside(maps, masks).mean()),
        "peak_cell_touches_flower": float(pointing_game_hits(maps, masks).mean()),
        "offset_down_right_cells": [round(float(v), 2) for v in off.mean(0)],
        "distance_cells": float(np.hypot(*off.T).mean()),
        "peak_median": float(np.median(maps.max((1, 2)))),
    }


def program_views(
    contents: SceneContents, first_seed: int, plan: EvaluationSettings
) -> Iterator[MaskedView]:
    """Render views of some scenes, and cut out what the program shows to the network."""
    rng, box = np.random.default_rng(first_seed), centred_square(WIDTH_PX, HEIGHT_PX)
    rows, columns = slice(box.top, box.top + box.height), slice(box.left, box.left + box.width)
    for seed in range(first_seed, first_seed + plan.peak_scenes):
        scene = build_scene(seed, contents)
        for _ in range(plan.views_per_peak_scene):
            pose = reachable_pose(rng)
            bgr = BgrImage(render(scene, pose, WIDTH_PX, HEIGHT_PX))
            things = render_labels(scene, pose, WIDTH_PX, HEIGHT_PX)[rows, columns]
            yield network_view(bgr, box), things == ObjectLabel.DAISY


def pasted_photographs(out: Path, split: Split, per_photograph: int) -> Iterator[MaskedView]:
    """Paste photographs of daisies, small, onto drawn pictures; the mask is where they lie."""
    rng, store = np.random.default_rng(8), PictureStore(out / PICTURES)
    backdrops = list(store.pick("train" if split == "validation" else split, "drawn"))
    for entry in store.pick(split, "daisy"):
        photo = square.centred_square(store.picture(entry))
        for _ in range(per_photograph):
            chosen = backdrops[rng.integers(len(backdrops))]
            backdrop = square.centred_square(store.picture(chosen))
            picture, mask = paste(rng, photo, backdrop, PASTE_SCALE)
            yield picture, mask > 0


def _views_of_every_kind(
    out: Path, plan: EvaluationSettings, split: Split
) -> Iterator[tuple[str, list[MaskedView]]]:
    for number, (kind, contents) in enumerate(CONTENTS.items()):
        yield kind, list(program_views(contents, FIRST_SEED[split] + 100 * number, plan))
    pasted = pasted_photographs(out, split, plan.pastes_per_photograph)
    yield "photographs pasted onto others", list(pasted)
