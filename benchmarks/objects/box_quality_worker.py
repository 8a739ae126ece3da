"""Boxes of the program against true ones, and what finding them costs.

`python -m benchmarks.objects.box_quality_worker FOLDER`; prints JSON. Real weights: the bundled
flowers model, and ImageNet's alpha 0.75 where ../shared has them. The pictures are others than
those that the rule was chosen on, but for the photographs.
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.inputs.pasted_flowers import Ground, pasted_daisies
from benchmarks.inputs.random_networks import CLASS_INDEX
from benchmarks.inputs.scratch_folder import ROOT, SHARED, ScratchFolder
from livecam.assembly.open_model import OpenedModel, open_model
from livecam.core.bounding_box import Box, matched, overlaps
from livecam.core.coco_json import pictures_of_coco
from livecam.core.map_choices import Area, Detail
from livecam.core.types import BgrImage, Frame
from livecam.core.view import View
from livecam.models.catalogue import flowers_spec, imagenet_spec
from livecam.pipeline.annotate import annotate_frame
from livecam.pipeline.inference import Inference
from livecam.pipeline.object_following import ObjectFollower
from livecam.sources.synthetic.scene import SceneContents, build_scene
from livecam.sources.synthetic.truth import pictures_with_truth

PASTED, SHARP, SCENES, VIEWS_OF_A_SCENE, OTHERS = 150, 80, 40, 5, 150
SEED = 1  # of pasted daisies; the rule was chosen on those of seed 0
SCENES_FROM = 8000  # the same for scenes
TIMED, LEAST_OVERLAP = 60, 0.5

Picture = tuple[BgrImage, Sequence[Box]]


def small_daisies() -> Iterator[Picture]:
    """Daisies of photographs, 50 to 90 of 224 pixels wide, in front of blurred streets."""
    for one in pasted_daisies(SHARED, PASTED, SEED):
        yield one.bgr, [Box(*map(float, one.bounds))]


def sharp_grounds() -> Iterator[Picture]:
    """Such daisies in front of photographs of all kinds that are in focus."""
    for one in pasted_daisies(SHARED, SHARP, SEED, Ground("openimages", blurred=False)):
        yield one.bgr, [Box(*map(float, one.bounds))]


def scenes() -> Iterator[Picture]:
    """The built-in scene with one to five flowers, each second one with other things."""
    for number in range(SCENES):
        contents = SceneContents(flowers=number % 5 + 1, others=number % 2 == 0)
        scene = build_scene(SCENES_FROM + number, contents)
        for picture in pictures_with_truth(scene, number, count=VIEWS_OF_A_SCENE):
            yield picture.bgr, picture.boxes


def boxed_photographs() -> Iterator[Picture]:
    """Photographs whose daisies were boxed by eye."""
    text = (ROOT / "benchmarks" / "inputs" / "daisy_boxes.json").read_text("utf-8")
    for picture in pictures_of_coco(json.loads(text)):
        bgr = cv2.imread(str(SHARED / "photos" / "flowers" / "daisy" / picture.file_name))
        if bgr is not None:
            yield BgrImage(np.asarray(bgr, np.uint8)), [one.box for one in picture.objects]


def other_things() -> Iterator[Picture]:
    """Photographs without daisies."""
    files = sorted((SHARED / "photos" / "other_things").glob("*.jpg"))
    for number in np.random.default_rng(SEED).permutation(len(files))[:OTHERS]:
        bgr = cv2.imread(str(files[number]))
        if bgr is not None:
            yield BgrImage(np.asarray(bgr, np.uint8)), []


def found_in(
    model: OpenedModel, bgr: BgrImage, class_index: int, detail: Detail, area: Area = "square"
) -> list[Box]:
    """The boxes of a picture, the surest first."""
    view = View(class_index, (class_index,), boxes=True, detail=detail, area=area)
    objects = annotate_frame(Frame(bgr, 0, 0.0), Inference(model), view).objects
    return [one.box for one in sorted(objects, key=lambda one: -one.score)]


def agreement(
    model: OpenedModel, pictures: Sequence[Picture], class_index: int, detail: Detail
) -> dict[str, float]:
    """F1, the mean overlap, and in how many pictures the largest true box is found."""
    hits, found_count, true_count, shares, is_found = 0, 0, 0, [], []
    for bgr, truth in pictures:
        found = found_in(model, bgr, class_index, detail)
        hits += len(matched(found, truth, LEAST_OVERLAP))
        found_count, true_count = found_count + len(found), true_count + len(truth)
        if truth:
            largest = max(truth, key=lambda box: box.area)
            best = float(overlaps(found, [largest]).max()) if found else 0.0
            shares.append(best)
            is_found.append(best >= LEAST_OVERLAP)
    return {
        "pictures": len(pictures),
        "f1": 2 * hits / max(1, found_count + true_count),
        "overlap": float(np.mean(shares)) if shares else 0.0,
        "found": float(np.mean(is_found)) if is_found else 0.0,
        "with_boxes": found_count,
    }


def cost_ms(model: OpenedModel, bgr: BgrImage, class_index: int) -> dict[str, float]:
    """Medians of a frame of 1280 x 720, all of it at detail 2: all but the network."""
    views = {
        name: View(class_index, (class_index,), boxes=boxes, detail=2, area="frame")
        for name, boxes in (("without", False), ("with", True))
    }
    inference, follower = Inference(model), ObjectFollower()
    times: dict[str, list[float]] = {"without": [], "with": [], "network": []}
    for number in range(TIMED):
        frame = Frame(bgr, number, number / 30)
        inference.look = views["with"].look
        times["network"].append(inference.result_for(frame).network_s)
        for name, view in views.items():
            began_s = time.perf_counter()
            annotate_frame(frame, inference, view, follower=follower, draws_later=True)
            times[name].append(time.perf_counter() - began_s)
    return {name: 1000.0 * float(np.median(taken)) for name, taken in times.items()}


def main(folder: str) -> None:
    """Measure and print."""
    os.environ["LIVECAM_CACHE"] = str(ScratchFolder(Path(folder)).cache)
    models = {"flowers": (flowers_spec(), 0)}
    if (SHARED / "keras").is_dir():
        os.environ["KERAS_HOME"] = str(SHARED / "keras")
        models["imagenet 0.75"] = (imagenet_spec(0.75), CLASS_INDEX)
    sets = {
        "small": list(small_daisies()),
        "sharp": list(sharp_grounds()),
        "scenes": list(scenes()),
        "photographs": list(boxed_photographs()),
        "others": list(other_things()),
    }
    wide = next(
        pictures_with_truth(
            build_scene(SCENES_FROM, SceneContents(5)), 1, count=1, size_px=(1280, 720)
        )
    )
    found: dict[str, Any] = {}
    for name, (spec, class_index) in models.items():
        model = open_model(spec, engine="litert")
        found[name] = {
            "cost": cost_ms(model, wide.bgr, class_index),
            **{
                f"{what} {detail}": agreement(model, pictures, class_index, detail)
                for what, pictures in sets.items()
                for detail in (1, 2)
            },
        }
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
