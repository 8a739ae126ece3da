"""Judges photographs and small pasted daisies at both places of the map.

`python -m benchmarks.quality.deletion_and_insertion_worker SHARED SET`; prints JSON. SET is
"imagenet" (photographs of daisies; alpha 0.75, real weights), "flowers" (of five flowers, each at
the class that its folder names) or "pasted" (small daisies on streets, imagenet). Those count in
which the class has a probability of at least one half: where the network sees nothing of it, there
is nothing to be deleted.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.inputs.pasted_flowers import pasted_daisies
from livecam.assembly.open_model import OpenedModel, open_model
from livecam.core.crop import centred_square, network_view
from livecam.core.map_centre import centre_of_map
from livecam.core.map_placement import MapPlacement
from livecam.core.map_quality.bootstrap import MeanInterval, mean_interval
from livecam.core.map_quality.deletion_insertion import deletion_and_insertion
from livecam.core.map_quality.metrics import METRICS
from livecam.core.map_quality.summary import verdict
from livecam.core.types import BgrImage, CropBox, RgbImage
from livecam.models.catalogue import flowers_spec, imagenet_spec
from livecam.pipeline.judging import LookedAt, placed_map, probability_in

COUNT = 210
SIDE_PX = 224
LEAST_PROBABILITY = 0.5
FOLDERS = ("daisy", "dandelion", "roses", "sunflowers", "tulips")  # as the classes of flowers
TITLES = {
    "imagenet": "photographs of daisies, imagenet 0.75",
    "flowers": "photographs of five flowers, flowers",
    "pasted": "small pasted daisies",
}
THIRDS = ("smallest third", "middle third", "largest third")

Labelled = tuple[BgrImage, int]


def photographs(shared: Path, folder: str, class_index: int) -> Iterator[Labelled]:
    """Of one flower, in an order without meaning."""
    files = sorted((shared / "photos" / "flowers" / folder).glob("*.jpg"))
    for number in np.random.default_rng(17).permutation(len(files)):
        bgr = cv2.imread(str(files[number]))
        if bgr is not None:
            yield BgrImage(np.asarray(bgr, np.uint8)), class_index


def pictures_of(name: str, shared: Path, daisy: int) -> Iterator[Labelled]:
    """The pictures of a set with their class."""
    if name == "flowers":
        each = [photographs(shared, folder, i) for i, folder in enumerate(FOLDERS)]
        return chain.from_iterable(zip(*each, strict=False))
    if name == "pasted":
        return ((one.bgr, daisy) for one in pasted_daisies(shared, COUNT))
    return photographs(shared, "daisy", daisy)


def judged(model: OpenedModel, pictures: Iterator[Labelled]) -> Iterator[dict[str, float]]:
    """Of each picture that counts: measured less page, and the extent of what its map shows."""
    for bgr, class_index in pictures:
        box = centred_square(bgr.shape[1], bgr.shape[0])
        rgb = network_view(bgr, box, (SIDE_PX, SIDE_PX))
        looked = LookedAt(rgb, model.infer(rgb))
        if probability_in(model, looked.output, class_index) >= LEAST_PROBABILITY:
            yield _differences(model, looked, class_index)


def _differences(model: OpenedModel, looked: LookedAt, class_index: int) -> dict[str, float]:
    activation, rgb = model.activation(looked.output, class_index), looked.rgb

    def probability_of(picture: RgbImage) -> float:
        return probability_in(model, model.infer(picture), class_index)

    at_both = []
    for offset_px in (activation.offset_px, (0.0, 0.0)):
        heat = placed_map(activation.grid, rgb, offset_px).heat
        *_, curves = deletion_and_insertion(rgb, heat, probability_of)
        at_both.append(curves)
    measured, page = at_both
    placement = MapPlacement.of(CropBox(0, 0, SIDE_PX, SIDE_PX), activation.grid)
    located = centre_of_map(activation.grid, placement)
    return {
        "deletion": measured.deletion_area - page.deletion_area,
        "insertion": measured.insertion_area - page.insertion_area,
        "extent_px": 0.0 if located is None else float(np.sqrt(np.prod(located.extent))),
    }


def summary(found: list[dict[str, float]]) -> dict[str, dict[str, Any]]:
    """Of deletion and insertion: the mean difference of all and of thirds by extent."""
    by_extent = sorted(found, key=lambda one: one["extent_px"])
    thirds = [list(part) for part in np.array_split(np.array(by_extent, object), len(THIRDS))]
    groups = {"all": found} | dict(zip(THIRDS, thirds, strict=True))
    rng = np.random.default_rng(0)
    return {
        metric.name: {
            name: _as_json(metric.name, interval)
            for name, group in groups.items()
            if (interval := mean_interval([one[metric.name] for one in group], rng)) is not None
        }
        for metric in METRICS
        if metric.name in ("deletion", "insertion")
    }


def _as_json(name: str, found: MeanInterval) -> dict[str, Any]:
    metric = next(metric for metric in METRICS if metric.name == name)
    return {
        "mean": found.mean, "low": found.low, "high": found.high, "pictures": found.count,
        "verdict": verdict(metric, found),
    }  # fmt: skip


def main(shared: Path, name: str) -> None:
    """Measure and print."""
    os.environ.setdefault("KERAS_HOME", str(shared / "keras"))
    spec = flowers_spec() if name == "flowers" else imagenet_spec(0.75)
    model = open_model(spec, engine="litert", threads=1)
    pictures = pictures_of(name, shared, spec.labels.index_of("daisy"))
    began_s = time.perf_counter()
    found = list(islice(judged(model, pictures), COUNT))
    each_s = (time.perf_counter() - began_s) / max(1, len(found))
    report = {"title": TITLES[name], "differences": summary(found), "each_s": each_s}
    print(json.dumps(report))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
