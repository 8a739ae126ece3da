"""A look as the loop does it, and the bare `invoke`, taking turns at each size.

`python -m benchmarks.engines.area_and_detail_worker FOLDER`; prints JSON. A look is the engine's
call, the class's map and all figures of the frame, what is seen among them; cropping is not in it.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.inputs.random_networks import CLASS_INDEX, open_random_model
from benchmarks.inputs.scratch_folder import ScratchFolder
from livecam.assembly.open_model import OpenedModel, open_model
from livecam.core.class_activation import FrameTiming, stats_of
from livecam.core.network_size import Look
from livecam.core.types import CropBox, RgbImage
from livecam.models.catalogue import flowers_spec, spec_of
from livecam.pipeline.class_maps import SeenArea, class_map_of

FRAME_PX = 1280, 720
LOOKS = {
    "detail 1": Look(),
    "detail 2": Look(detail=2),
    "whole frame": Look("frame"),
    "whole frame, detail 2": Look("frame", 2),
}
THREADS = 1
TURNS = 40  # short ones: the fastest of many


def look(model: OpenedModel, rgb: RgbImage, class_index: int) -> None:
    """Everything between the crop and the drawing."""
    output = model.infer(rgb)
    height, width = rgb.shape[:2]
    class_map = class_map_of(model, output, class_index, SeenArea(CropBox(0, 0, width, height)))
    stats_of(class_map, model.labels, model.class_choices, FrameTiming())


def seconds(call: Callable[[], Any]) -> float:
    """Processor time of a call: what else goes on in the machine is not in it."""
    began_s = time.process_time()
    call()
    return time.process_time() - began_s


def compare(model: OpenedModel, class_index: int) -> dict[str, Any]:
    """The fastest turns of each size: what else goes on lengthens calls, never shortens them."""
    interpreter = model.runtime._interpreter  # type: ignore[attr-defined]
    pixels = {name: int(np.prod(one.network_size_px(*FRAME_PX))) for name, one in LOOKS.items()}
    rng, turns = np.random.default_rng(0), dict[str, list[tuple[float, float]]]()
    for _ in range(TURNS):  # of all sizes in turn: what slows the machine slows all of them
        for name, one in LOOKS.items():
            width, height = one.network_size_px(*FRAME_PX)
            rgb = RgbImage(rng.integers(0, 256, (height, width, 3), np.uint8))
            look(model, rgb, class_index)  # takes the new size
            took_s = seconds(lambda: look(model, rgb, class_index))  # noqa: B023
            turns.setdefault(name, []).append((took_s, seconds(interpreter.invoke)))
    found: dict[str, Any] = {
        name: {
            "over_invoke": min(looked for looked, _ in each) / min(bare for _, bare in each),
            "look_ms": 1000 * min(looked for looked, _ in each),
        }
        for name, each in turns.items()
    }
    first = found["detail 1"]["look_ms"] / pixels["detail 1"]
    for name, figures in found.items():
        each = figures["look_ms"] / pixels[name] / first
        figures["over_detail_1"] = None if name == "detail 1" else each
    return found


def main(folder: str) -> None:
    """Measure and print."""
    scratch = ScratchFolder(Path(folder))
    os.environ["LIVECAM_CACHE"] = str(scratch.cache)
    flowers = open_model(flowers_spec(), engine="litert", threads=THREADS)
    found = {"flowers": compare(flowers, 0)}
    if scratch.weights.exists():
        imagenet = open_random_model(scratch, threads=THREADS)
        found["imagenet 1.0"] = compare(imagenet, CLASS_INDEX)
    if scratch.own_network.exists():
        own = open_model(spec_of(scratch.own_network), engine="litert", threads=THREADS)
        found["own network"] = compare(own, 0)
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
