"""Small pasted flowers through both networks at two details, drawn at each place.

`python -m benchmarks.quality.small_flowers_worker FOLDER`; prints JSON. Real weights; the pictures
are the same every time (benchmarks/inputs/pasted_flowers.py).
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.inputs.pasted_flowers import (
    KINDS,
    Ground,
    PastedFlower,
    pasted_daisies,
    pasted_held_out_flowers,
)
from benchmarks.inputs.random_networks import CLASS_INDEX
from benchmarks.inputs.scratch_folder import SHARED, ScratchFolder
from livecam.assembly.open_model import OpenedModel, open_model
from livecam.core.class_activation import named_in
from livecam.core.crop import centred_square, network_view
from livecam.core.map_centre import centre_of_map
from livecam.core.map_choices import PLACES, Place
from livecam.core.map_offset import offset_in
from livecam.core.map_placement import MapPlacement
from livecam.models.catalogue import flowers_spec, imagenet_spec
from livecam.pipeline.turned_inference import TurnedInference

PICTURES = {1: 300, 2: 200}
NETWORK_SIDE_PX = 224
SHARP = Ground("openimages", blurred=False)

Pictures = Callable[[Path, int], Iterator[PastedFlower]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A class, the pictures that show it, and where they are looked at.

    Attributes:
        class_index: of the network.
        pictures: given the shared folder and how many.
        places: at which the map is drawn.
    """

    class_index: int
    pictures: Pictures
    places: tuple[Place, ...] = ("measured",)


def main(folder: str) -> None:
    """Measure and print."""
    os.environ["LIVECAM_CACHE"] = str(ScratchFolder(Path(folder)).cache)
    os.environ["KERAS_HOME"] = str(SHARED / "keras")
    found: dict[str, Any] = {}
    if not any(pasted_daisies(SHARED, 1)):
        print(json.dumps(found))
        return
    flowers = open_model(flowers_spec(), engine="litert")
    imagenet = open_model(imagenet_spec(0.75), engine="litert")
    found["flowers"] = {name: both_details(flowers, one) for name, one in shown_to_flowers()}
    of_imagenet = Shown(CLASS_INDEX, pasted_daisies, PLACES)
    found["imagenet 0.75"] = {"daisies": both_details(imagenet, of_imagenet)}
    print(json.dumps(found))


def shown_to_flowers() -> Iterator[tuple[str, Shown]]:
    """The 25 daisies, and all kinds of photographs that it was not trained on, on two grounds."""
    yield "daisies", Shown(0, pasted_daisies, PLACES)
    for index, kind in enumerate(KINDS):
        pictures = partial(pasted_held_out_flowers, kind)
        yield f"held-out {kind}", Shown(index, pictures)
        yield f"held-out {kind}, sharp ground", Shown(index, partial(pictures, ground=SHARP))


def both_details(model: OpenedModel, shown: Shown) -> dict[int, Any]:
    """Shares and milliseconds at both details."""
    return {detail: measured(model, shown, detail) for detail in PICTURES}


def measured(model: OpenedModel, shown: Shown, detail: int) -> dict[str, Any]:
    """Shares and milliseconds of each place."""
    figures: dict[str, Any] = {"pictures": PICTURES[detail]}
    looks: dict[Place, list[tuple[bool, bool, bool, float]]] = {}
    for picture in shown.pictures(SHARED, PICTURES[detail]):
        for place, seen in looked_at(model, shown, detail, picture):
            looks.setdefault(place, []).append(seen)
    for place, each in looks.items():
        near, inside, named, ms = zip(*each, strict=True)
        figures[place] = {
            "centre": float(np.mean(near)), "largest_cell": float(np.mean(inside)),
            "named": float(np.mean(named)), "ms": median(ms),
        }  # fmt: skip
    return figures


def looked_at(
    model: OpenedModel, shown: Shown, detail: int, picture: PastedFlower
) -> Iterator[tuple[Place, tuple[bool, bool, bool, float]]]:
    """For each place: centre near enough, largest cell on the flower, named, milliseconds."""
    side_px = detail * NETWORK_SIDE_PX
    box = centred_square(picture.bgr.shape[1], picture.bgr.shape[0])
    rgb = network_view(picture.bgr, box, (side_px, side_px))
    for place in shown.places:
        infer = TurnedInference(model.infer).infer if place == "exact" else model.infer
        began_s = time.perf_counter()
        output = infer(rgb)
        activation = model.activation(output, shown.class_index)
        placement = MapPlacement.of(box, activation.grid, offset_in(place, activation.offset_px))
        located = centre_of_map(activation.grid, placement)
        ms = 1000 * (time.perf_counter() - began_s)
        peak = np.unravel_index(int(activation.grid.argmax()), activation.grid.shape)
        x, y = placement.centre_of(int(peak[0]), int(peak[1]))
        row, column = min(int(y), box.height - 1), min(int(x), box.width - 1)
        is_near = located is not None and bool(
            np.hypot(*np.subtract(located.centre, picture.centre)) < picture.radius_px / 2
        )
        is_named = named_in(output, model.class_choices)[0] == shown.class_index
        yield place, (is_near, bool(picture.mask[row, column]), is_named, ms)


if __name__ == "__main__":
    main(sys.argv[1])
