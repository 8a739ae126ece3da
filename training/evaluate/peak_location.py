"""Where the peak of the daisy map lies: on rendered flowers, and on photographs laid onto others.

Runs where Keras and livecam are: `python -m training localise`.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from livecam.core.crop import centred_square, network_view
from livecam.core.types import BgrImage
from livecam.sources.synthetic.scene import SceneContents, Thing, build_scene, render, render_labels
from training.data import centred_square as square
from training.evaluate.held_out import IMAGENET, Network
from training.export.keras_export import FINAL, keras_model
from training.evaluate.metrics import cells_touched, offsets, peaks_inside
from training.data.located_crops import laid_onto
from training.data.build_stores import PICTURES
from training.data.rendered_scenes import test_pose
from training.settings import DAISY, IMAGENET_DAISY, Settings, Split
from training.data.picture_store import Picture, Store

WIDTH_PX, HEIGHT_PX = 640, 480  # as `livecam daisy` shows it
CONTENTS = {
    "one flower": SceneContents(),
    "as in the demo": SceneContents(others=True),
    "three flowers": SceneContents(flowers=3),
    "three flowers among other things": SceneContents(flowers=3, others=True),
}
FIRST_SEED: dict[Split, int] = {"train": 0, "validation": 4000, "test": 6000}
SCENES, VIEWS_PER_SCENE = 10, 20
INSETS_PER_PHOTOGRAPH = 4
Seen = tuple[Picture, np.ndarray]  # RGB 224 x 224, and where the flower is in the square, [S, S]


def localise(shared: Path, out: Path, settings: Settings, split: Split) -> dict[str, Any]:
    """Measure the exported file and the ImageNet model; write `localise_<split>.json`."""
    flowers, imagenet = keras_model(settings.student.alpha), keras_model(0.75, 1000)
    flowers.load_weights(out / FINAL)
    imagenet.load_weights(shared / IMAGENET)
    asked = {"flowers": (Network(flowers), DAISY), "imagenet": (Network(imagenet), IMAGENET_DAISY)}
    found: dict[str, Any] = {name: {} for name in asked}
    for kind, seen in _every_kind(out, split):
        for name, (network, daisy) in asked.items():
            found[name][kind] = peak_figures(network, daisy, seen)
    (out / f"localise_{split}.json").write_text(json.dumps(found, indent=1))
    return found


def peak_figures(network: Network, daisy: int, seen: list[Seen]) -> dict[str, Any]:
    """How often the peak is on the flower, and how far it lies from the flower's middle."""
    reply = network.reply(network.features([picture for picture, _ in seen]))
    maps, masks = reply.maps[:, daisy], np.stack([mask for _, mask in seen])
    off = offsets(maps, masks)
    return {
        "views": len(seen),
        "top1_daisy": float((reply.logits.argmax(1) == daisy).mean()),
        "middle_of_peak_on_flower": float(peaks_inside(maps, masks).mean()),
        "peak_cell_touches_flower": float(cells_touched(maps, masks).mean()),
        "offset_down_right_cells": [round(float(v), 2) for v in off.mean(0)],
        "distance_cells": float(np.hypot(*off.T).mean()),
        "peak_median": float(np.median(maps.max((1, 2)))),
    }


def program_views(contents: SceneContents, first_seed: int) -> Iterator[Seen]:
    """Render 200 views of ten scenes, and cut out what the program shows to the network."""
    rng, box = np.random.default_rng(first_seed), centred_square(WIDTH_PX, HEIGHT_PX)
    rows, columns = slice(box.top, box.top + box.side), slice(box.left, box.left + box.side)
    for seed in range(first_seed, first_seed + SCENES):
        scene = build_scene(seed, contents)
        for _ in range(VIEWS_PER_SCENE):
            pose = test_pose(rng)
            bgr = BgrImage(render(scene, pose, WIDTH_PX, HEIGHT_PX))
            things = render_labels(scene, pose, WIDTH_PX, HEIGHT_PX)[rows, columns]
            yield network_view(bgr, box), things == Thing.DAISY


def insets(out: Path, split: Split) -> Iterator[Seen]:
    """Lay photographs of daisies, small, onto pictures of other things; the box is known."""
    rng, store = np.random.default_rng(8), Store(out / PICTURES)
    backdrops = list(store.pick("train" if split == "validation" else split, "synthetic"))
    for entry in store.pick(split, "daisy"):
        photo = square.centred_square(store.picture(entry))
        for _ in range(INSETS_PER_PHOTOGRAPH):
            whole = square.centred_square(store.picture(backdrops[rng.integers(len(backdrops))]))
            laid, covered = laid_onto(rng, photo, whole)
            yield laid, covered > 0


def _every_kind(out: Path, split: Split) -> Iterator[tuple[str, list[Seen]]]:
    for number, (kind, contents) in enumerate(CONTENTS.items()):
        yield kind, list(program_views(contents, FIRST_SEED[split] + 100 * number))
    yield "photographs laid onto others", list(insets(out, split))
