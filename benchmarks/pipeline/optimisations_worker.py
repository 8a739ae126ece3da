"""The plain way and livecam's way of the same step, taking turns.

`python -m benchmarks.pipeline.optimisations_worker FOLDER`; prints JSON, milliseconds as [before,
after]. One core, except where threads are the optimisation.
"""

import json
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np

from benchmarks.inputs.random_networks import CLASS_INDEX, open_random_model
from benchmarks.inputs.scratch_folder import ScratchFolder
from livecam.assembly.first_view import first_view
from livecam.assembly.open_pipeline import open_pipeline
from livecam.core.class_activation import best_of
from livecam.core.crop import centred_square, network_view
from livecam.core.heat_overlay import colour_table, paint_heat
from livecam.core.map_placement import MapPlacement
from livecam.core.softmax import softmax
from livecam.core.status_card import StatusCard
from livecam.core.types import BgrImage, FloatGrid, RgbImage
from livecam.core.view import View
from livecam.settings.schema import Settings
from livecam.sinks.display_check import display_problem
from livecam.sinks.recording.pixel_format import video_frame
from livecam.sources.clip import Clip

TURNS, CALLS = 5, 12
OVERLAP_FRAMES = 150
SIDE_PX = 224

Step = Callable[[int], object]


def main(folder: str) -> None:
    """Measure and print."""
    cv2.setNumThreads(1)
    scratch = ScratchFolder(Path(folder))
    with Clip(scratch.clip) as clip:
        pictures = [frame.bgr for frame in islice(clip, CALLS)]
    found = {name: in_turns(*pair) for name, pair in steps(scratch, pictures).items()}
    if display_problem() is None:
        found["picture to the screen: OpenCV's window, SDL's"] = on_screens(pictures)
    found["a frame of a clip, recorded: stages one after the other, in parallel"] = overlapped(
        scratch
    )
    print(json.dumps(found))


def in_turns(before: Step, after: Step) -> list[float]:
    """Milliseconds of each: the fastest turn's median call."""
    turns: tuple[list[float], list[float]] = [], []
    for _ in range(TURNS):
        for step, medians in zip((before, after), turns, strict=True):
            laps = []
            for number in range(CALLS):
                began_s = time.perf_counter()
                step(number)
                laps.append(1000 * (time.perf_counter() - began_s))
            medians.append(median(laps))
    return [min(turns[0]), min(turns[1])]


def steps(scratch: ScratchFolder, pictures: list[BgrImage]) -> dict[str, tuple[Step, Step]]:
    """The steps of a frame, each in both ways."""
    height, width = pictures[0].shape[:2]
    box, rng = centred_square(width, height), np.random.default_rng(0)
    grids = [rng.uniform(0, 36, (7, 7)).astype(np.float32) for _ in pictures]
    logits = rng.normal(size=1000).astype(np.float32)
    one, two = open_random_model(scratch, threads=1), open_random_model(scratch, threads=2)
    small = open_random_model(scratch, "int8", threads=1)
    rgb = RgbImage(rng.integers(0, 256, (SIDE_PX, SIDE_PX, 3), np.uint8))
    view = first_view(Settings(), [CLASS_INDEX], range(1000))
    return {
        "crop: averaged at once, in two steps": (
            lambda n: averaged_at_once(pictures[n]),
            lambda n: network_view(pictures[n], box),
        ),
        "heat: float NumPy, uint8 tables in strips": (
            lambda n: painted_in_floats(pictures[n], grids[n], view),
            lambda n: paint_heat(pictures[n], MapPlacement.of(box, grids[n]), grids[n], view),
        ),
        "heat: uint8 tables at once, in strips": (
            lambda n: painted_at_once(pictures[n], grids[n], view),
            lambda n: paint_heat(pictures[n], MapPlacement.of(box, grids[n]), grids[n], view),
        ),
        "top five: all sorted, only the first five": (
            lambda _: np.argsort(-softmax(logits), kind="stable")[:5].tolist(),
            lambda _: best_of(softmax(logits), range(1000), 5),
        ),
        "to the encoder's colours: PyAV, OpenCV": (
            lambda n: converted_by_pyav(pictures[n]),
            lambda n: video_frame(pictures[n], "yuv420p"),
        ),
        "network: one thread, two threads": (
            lambda _: one.infer(rgb), lambda _: two.infer(rgb),
        ),
        "network, one thread: float32, int8": (
            lambda _: one.infer(rgb), lambda _: small.infer(rgb),
        ),
    }  # fmt: skip


def square_of(bgr: BgrImage) -> Any:
    """The centred square as a view."""
    box = centred_square(bgr.shape[1], bgr.shape[0])
    return box.part_of(bgr)


def averaged_at_once(bgr: BgrImage) -> Any:
    size = (SIDE_PX, SIDE_PX)
    small = cv2.resize(square_of(bgr), size, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_BGR2RGB)


def brightness_of(grid: FloatGrid, side_px: int, view: View) -> Any:
    """Brightness as floats from 0 to 1."""
    levels = np.exp(np.minimum(view.gain * (grid - view.act_max), 0.0))
    return cv2.resize(levels, (side_px, side_px))


def painted_in_floats(bgr: BgrImage, grid: FloatGrid, view: View) -> Any:
    picture, square = bgr.copy(), square_of(bgr)
    brightness = brightness_of(grid, len(square), view)
    colours = colour_table(view.colormap)[(255 * brightness).astype(np.uint8), 0].astype(np.float32)
    blended = (1 - view.opacity) * square.astype(np.float32) + view.opacity * colours
    square_of(BgrImage(picture))[:] = blended.astype(np.uint8)
    return picture


def painted_at_once(bgr: BgrImage, grid: FloatGrid, view: View) -> Any:
    picture = bgr.copy()
    square = square_of(BgrImage(picture))
    brightness = (255 * brightness_of(grid, len(square), view)).astype(np.uint8)
    colours = cv2.applyColorMap(brightness, colour_table(view.colormap))
    cv2.addWeighted(square, 1 - view.opacity, colours, view.opacity, 0.0, dst=square)
    return picture


def converted_by_pyav(bgr: BgrImage) -> Any:
    import av

    return av.VideoFrame.from_ndarray(bgr, format="bgr24").reformat(format="yuv420p")


def on_screens(pictures: list[BgrImage]) -> list[float]:
    """A picture in OpenCV's window and in livecam's."""
    from livecam.sinks.window import Window

    height, width = pictures[0].shape[:2]
    cv2.namedWindow("plain", cv2.WINDOW_NORMAL | cv2.WINDOW_GUI_NORMAL)
    cv2.resizeWindow("plain", width, height)

    def plain(number: int) -> None:
        cv2.imshow("plain", pictures[number])
        cv2.waitKeyEx(1)  # it paints while it waits

    view = first_view(Settings(), [CLASS_INDEX], range(1000))
    before = in_turns(plain, plain)[0]
    cv2.destroyAllWindows()
    cards = [StatusCard(picture) for picture in pictures]
    with Window() as window:

        def own(number: int) -> None:
            window.show_status(cards[number], view)
            window.events(0.0)

        return [before, in_turns(own, own)[0]]


def overlapped(scratch: ScratchFolder) -> list[float]:
    """Wall milliseconds of a recorded frame, without and with stages in parallel."""
    from livecam.pipeline.loop import run

    times_ms = []
    for in_parallel in (False, True):
        settings = Settings()
        settings = replace(
            settings,
            model=replace(settings.model, weights=scratch.weights),
            window=replace(settings.window, window=False),
            pace=replace(settings.pace, frames=OVERLAP_FRAMES),
            output=replace(settings.output, record=scratch.folder / "optimisation.mp4", force=True),
        )
        with ExitStack() as stack:
            pipeline, view = open_pipeline(str(scratch.clip), settings, stack)
            began_s = time.perf_counter()
            summary = run(replace(pipeline, overlapped=in_parallel), view)
            stack.close()  # the encoder's tail belongs to it
            times_ms.append(1000 * (time.perf_counter() - began_s) / summary.frames)
    return times_ms


if __name__ == "__main__":
    main(sys.argv[1])
