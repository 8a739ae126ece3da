"""Small pasted daisies through both networks at two details, drawn at each place.

`python -m benchmarks.quality.small_daisies_worker FOLDER`; prints JSON. Real weights; the pictures
are the same every time (benchmarks/inputs/pasted_daisies.py).
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.inputs.pasted_daisies import PastedDaisy, pasted_daisies
from benchmarks.inputs.random_networks import CLASS_INDEX
from benchmarks.inputs.scratch_folder import SHARED, ScratchFolder
from livecam.assembly.open_model import OpenedModel, open_model
from livecam.core.crop import centred_square, network_view
from livecam.core.map_centre import centre_of_map
from livecam.core.map_choices import PLACES, Place
from livecam.core.map_offset import offset_in
from livecam.core.map_placement import MapPlacement
from livecam.models.catalogue import flowers_spec, imagenet_spec
from livecam.pipeline.turned_inference import TurnedInference

PICTURES = {1: 300, 2: 200}
NETWORK_SIDE_PX = 224


def main(folder: str) -> None:
    """Measure and print."""
    os.environ["LIVECAM_CACHE"] = str(ScratchFolder(Path(folder)).cache)
    os.environ["KERAS_HOME"] = str(SHARED / "keras")
    specs = {"flowers": (flowers_spec(), 0), "imagenet 0.75": (imagenet_spec(0.75), CLASS_INDEX)}
    found: dict[str, Any] = {}
    if not any(pasted_daisies(SHARED, 1)):
        print(json.dumps(found))
        return
    for name, (spec, daisy) in specs.items():
        model = open_model(spec, engine="litert")
        found[name] = {detail: measured(model, daisy, detail) for detail in PICTURES}
    print(json.dumps(found))


def measured(model: OpenedModel, daisy: int, detail: int) -> dict[str, Any]:
    """Shares and milliseconds of each place."""
    figures: dict[str, Any] = {"pictures": PICTURES[detail]}
    looks: dict[Place, list[tuple[bool, bool, float]]] = {place: [] for place in PLACES}
    for picture in pasted_daisies(SHARED, PICTURES[detail]):
        for place, seen in looked_at(model, daisy, detail, picture):
            looks[place].append(seen)
    for place, seen in looks.items():
        near, inside, ms = zip(*seen, strict=True)
        figures[place] = {
            "centre": float(np.mean(near)), "largest_cell": float(np.mean(inside)),
            "ms": median(ms),
        }  # fmt: skip
    return figures


def looked_at(
    model: OpenedModel, daisy: int, detail: int, picture: PastedDaisy
) -> Iterator[tuple[Place, tuple[bool, bool, float]]]:
    """For each place: centre near enough, largest cell on the flower, milliseconds."""
    side_px = detail * NETWORK_SIDE_PX
    box = centred_square(picture.bgr.shape[1], picture.bgr.shape[0])
    rgb = network_view(picture.bgr, box, (side_px, side_px))
    for place in PLACES:
        infer = TurnedInference(model.infer).infer if place == "exact" else model.infer
        began_s = time.perf_counter()
        activation = model.activation(infer(rgb), daisy)
        placement = MapPlacement.of(box, activation.grid, offset_in(place, activation.offset_px))
        located = centre_of_map(activation.grid, placement)
        ms = 1000 * (time.perf_counter() - began_s)
        peak = np.unravel_index(int(activation.grid.argmax()), activation.grid.shape)
        x, y = placement.centre_of(int(peak[0]), int(peak[1]))
        row, column = min(int(y), box.height - 1), min(int(x), box.width - 1)
        is_near = located is not None and bool(
            np.hypot(*np.subtract(located.centre, picture.centre)) < picture.radius_px / 2
        )
        yield place, (is_near, bool(picture.mask[row, column]), ms)


if __name__ == "__main__":
    main(sys.argv[1])
