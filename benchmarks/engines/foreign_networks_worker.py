"""Looks with real exports and the bare `invoke`, taking turns in one process, on one thread.

`python -m benchmarks.engines.foreign_networks_worker SHARED`; prints JSON. A look is that of
area_and_detail_worker.py; its stages are measured in turns of their own. All times are medians of
the thread's processor time: what else goes on in the machine is not in it, but for the caches that
it takes.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.engines.area_and_detail_worker import look
from livecam.assembly.open_model import OpenedModel, open_model
from livecam.core.class_activation import FrameTiming, stats_of
from livecam.core.types import NETWORK_SIDE_PX, CropBox, RgbImage
from livecam.models.catalogue import spec_of
from livecam.pipeline.class_maps import SeenArea, class_map_of

EXPORTS = {"Keras export": "tm_keras/keras_model.h5", "TensorFlow.js export": "tm_tfjs"}
TURNS = 400
WARM_UP = 20
PICTURES = 8
SHOWN = 0
"""The class whose map is looked at."""


def seconds(call: Callable[[], Any]) -> float:
    """Processor time of a call in this thread, which is the only one."""
    began_s = time.thread_time()
    call()
    return time.thread_time() - began_s


def stages_s(model: OpenedModel, rgb: RgbImage) -> dict[str, float]:
    """One look, step by step."""
    engine: Any = model.runtime
    interpreter, side_px = engine._interpreter, rgb.shape[0]
    times_s = [time.thread_time()]

    def step(value: Any) -> Any:
        times_s.append(time.thread_time())
        return value

    step(interpreter.set_tensor(engine._input, rgb[np.newaxis]))
    step(interpreter.invoke())
    step(interpreter.get_tensor(engine._features))
    began_s = time.thread_time()
    output = model.infer(rgb)
    of_infer_s = time.thread_time() - began_s
    times_s.append(time.thread_time())
    seen = SeenArea(CropBox(0, 0, side_px, side_px))
    class_map = step(class_map_of(model, output, SHOWN, seen))
    stats = step(stats_of(class_map, model.labels, model.class_choices, FrameTiming()))
    step(stats.top)
    step(stats.centre)
    put, invoke, get, _, of_map, figures, top, centre = np.diff(times_s).tolist()
    return {
        "picture in": put,
        "features out": get,
        "head": max(of_infer_s - put - invoke - get, 0.0),
        "map": of_map,
        "figures with softmax": figures,
        "top five (only when shown)": top,
        "centre (only when shown)": centre,
    }


def compare(model: OpenedModel) -> dict[str, Any]:
    """Medians of a look and of `invoke`, in turns, and of the stages, in microseconds."""
    interpreter: Any = model.runtime._interpreter  # type: ignore[attr-defined]
    rng = np.random.default_rng(0)
    shape = (PICTURES, NETWORK_SIDE_PX, NETWORK_SIDE_PX, 3)
    pictures = [RgbImage(rgb) for rgb in rng.integers(0, 256, shape, np.uint8)]
    looks_s, invokes_s = [], []
    for turn in range(WARM_UP + TURNS):
        rgb = pictures[turn % PICTURES]
        looks_s.append(seconds(lambda: look(model, rgb, SHOWN)))  # noqa: B023
        invokes_s.append(seconds(interpreter.invoke))
    looks_s, invokes_s = looks_s[WARM_UP:], invokes_s[WARM_UP:]
    stages = [stages_s(model, pictures[turn % PICTURES]) for turn in range(TURNS // 4)]
    return {
        "look_us": 1e6 * median(looks_s),
        "invoke_us": 1e6 * median(invokes_s),
        "fastest": min(looks_s) / min(invokes_s),
        "stages_us": {name: 1e6 * median(one[name] for one in stages) for name in stages[0]},
    }


def main(shared: Path) -> None:
    """Measure and print."""
    found = {}
    for name, path in EXPORTS.items():
        model = open_model(spec_of(shared / "models" / path), engine="litert", threads=1)
        found[name] = compare(model)
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
