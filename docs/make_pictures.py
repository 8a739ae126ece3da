"""Makes the pictures of the documentation anew: `python docs/make_pictures.py [NAME ...]`.

They show the built-in daisy scene with the built-in flowers model, so that anybody can make them.
`page` needs Chromium and the packages of `.[dev]`.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from page_pictures import opened_page, picture_of, serving

import livecam
from livecam.core.annotated_frame import AnnotatedFrame, RunStatus
from livecam.core.box_outline import outline_box
from livecam.core.class_activation import brightness
from livecam.core.heat_overlay import paint_heat
from livecam.core.key_bindings import bindings_for
from livecam.core.map_choices import AREAS, Area, Detail
from livecam.core.map_placement import MapPlacement
from livecam.core.screen_help import draw_help
from livecam.core.screen_layer import draw_frame_layer
from livecam.core.text import Rect
from livecam.core.types import BgrImage, Frame
from livecam.pipeline.annotate import annotate_frame
from livecam.pipeline.frame_judge import FrameJudge
from livecam.pipeline.inference import Inference

FOLDER = Path(__file__).with_name("pictures")
FRAME = 40  # the flower looks at us
GAP_PX = 12
PAPER = 255
Picture = npt.NDArray[np.uint8]


@cache
def clip(flowers: int = 1) -> Path:
    """The wide scene with other things, untouched and without loss."""
    folder = Path(tempfile.mkdtemp())
    command = [sys.executable, "-m", "livecam", "daisy", "--model", "flowers", "--no-window"]
    command += ["--scene-others", "--scene-size", "1280x720", "--frames", str(FRAME + 1)]
    command += ["--scene-flowers", str(flowers)]
    command += ["--record", str(folder / "daisy.mkv"), "--record-clean", "--codec", "ffv1"]
    subprocess.run(command, check=True)
    return folder / "daisy_clean.mkv"


@cache
def scene(class_name: str = "daisy") -> AnnotatedFrame:
    """A frame of the clip, annotated for a class."""
    model = livecam.open_model("flowers")
    with livecam.open_source(clip()) as source:
        return next(islice(livecam.annotate(source, model, class_name=class_name), FRAME, None))


def square(annotated: AnnotatedFrame, picture: Picture, side_px: int = 400) -> Picture:
    """The square that the network saw, cut out of a picture of the frame's size."""
    box = annotated.box
    cut = box.part_of(picture)
    return np.asarray(cv2.resize(cut, (side_px, side_px), interpolation=cv2.INTER_AREA), np.uint8)


def painted(annotated: AnnotatedFrame, **changes: object) -> Picture:
    """The square with the heat drawn as a changed view says."""
    view = replace(annotated.view, **changes)  # type: ignore[arg-type]
    grid = annotated.activation.grid
    heat = paint_heat(annotated.frame.bgr, MapPlacement.of(annotated.box, grid), grid, view)
    return square(annotated, heat)


def numbers(annotated: AnnotatedFrame, side_px: int = 400) -> Picture:
    """The map as 7 x 7 cells in the colours of the heat, with their activations."""
    grid = annotated.activation.grid
    levels = brightness(grid, gain=annotated.view.gain, reference=annotated.view.act_max)
    cells = cv2.applyColorMap(levels, cv2.COLORMAP_INFERNO)
    picture = cv2.resize(cells, (side_px, side_px), interpolation=cv2.INTER_NEAREST)
    cell = side_px / grid.shape[0]
    for (row, column), value in np.ndenumerate(grid):
        text = f"{value:.0f}"
        (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.55, 1)
        at = (round((column + 0.5) * cell - width / 2), round((row + 0.5) * cell + height / 2))
        ink = (20, 20, 20) if levels[row, column] > 120 else (235, 235, 235)
        cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.55, ink, 1, cv2.LINE_AA)
    return np.asarray(picture, np.uint8)


def beside(pictures: Sequence[Picture]) -> Picture:
    """Pictures of one height in a row."""
    gap = np.full((pictures[0].shape[0], GAP_PX, 3), PAPER, np.uint8)
    row = [part for picture in pictures for part in (gap, picture)][1:]
    return np.concatenate(row, axis=1)


def daisy() -> Picture:
    """What the window shows, and a recording."""
    return scene().picture


def steps() -> Picture:
    """The square, its map in numbers, and the map blended in."""
    seen = scene()
    return beside([square(seen, seen.frame.bgr), numbers(seen), painted(seen)])


def classes() -> Picture:
    """One picture, the maps of three classes."""
    return beside([painted(scene(name)) for name in ("daisy", "dandelion", "sunflower")])


def reference() -> Picture:
    """The map of a class that is not there: on the fixed scale, and on its own."""
    seen = scene("tulip")
    return beside([painted(seen), painted(seen, auto=True)])


def views() -> Picture:
    """Nearest, brightness, another colour map."""
    seen = scene()
    return beside(
        [
            painted(seen, interpolation="nearest"),
            painted(seen, style="brightness"),
            painted(seen, colormap="viridis", opacity=0.7),
        ]
    )


def area_and_detail() -> Picture:
    """Five daisies: the square above, the whole frame below, at detail 1 and 2."""
    model = livecam.open_model("flowers")
    with livecam.open_source(clip(5)) as source:
        frame = next(islice((f for f in source if isinstance(f, Frame)), FRAME, None))

    def looked_at(area: Area, detail: Detail) -> Picture:
        (seen,) = livecam.annotate(frame, model, area=area, detail=detail)
        return np.asarray(cv2.resize(seen.picture, (640, 360), interpolation=cv2.INTER_AREA))

    rows = [beside([looked_at(area, detail) for detail in (1, 2)]) for area in AREAS]
    gap = np.full((GAP_PX, rows[0].shape[1], 3), PAPER, np.uint8)
    return np.concatenate([rows[0], gap, rows[1]])


def keys() -> Picture:
    """The help on the screen."""
    seen = scene()
    grid = seen.activation.grid
    picture = paint_heat(seen.frame.bgr, MapPlacement.of(seen.box, grid), grid, seen.view)
    outline_box(picture, seen.box)
    draw_help(picture, bindings_for(is_seekable=True))
    return picture


def judged() -> Picture:
    """The window with the frame judged."""
    model, frame = livecam.open_model("flowers"), scene().frame
    inference, view = Inference(model), replace(scene().view, judged=True)
    judge, result = FrameJudge(inference), inference.result_for(frame)
    judgement = None
    while judgement is None or not judgement.curves.is_complete:
        time.sleep(0.05)
        judgement = judge.judgement(view, frame, result)
    status = RunStatus(fps=30.0, engine=model.engine, judgement=judgement)
    annotated = annotate_frame(frame, inference, view, status, draws_later=True)
    canvas = BgrImage(annotated.painted.copy())
    draw_frame_layer(canvas, Rect(0, 0, canvas.shape[1], canvas.shape[0]), annotated)
    return canvas


def page() -> Picture:
    """The web page in a browser."""
    command = [sys.executable, "-m", "livecam", "serve", "daisy", "--model", "flowers"]
    command += ["--port", "0", "--no-window", "--scene-size", "960x720"]
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(command, folder) as address,
        opened_page(address, 1280, 860) as tab,
    ):
        time.sleep(12)  # until the chart has something to show
        return picture_of(tab)


PICTURES: dict[str, Callable[[], Picture]] = {
    "daisy": daisy,
    "steps": steps,
    "classes": classes,
    "reference": reference,
    "views": views,
    "area_and_detail": area_and_detail,
    "keys": keys,
    "judged": judged,
    "page": page,
}


def main(names: Sequence[str]) -> None:
    """Make the named pictures, or all."""
    for name in names or PICTURES:
        cv2.imwrite(str(FOLDER / f"{name}.jpg"), PICTURES[name](), [cv2.IMWRITE_JPEG_QUALITY, 88])


if __name__ == "__main__":
    main(sys.argv[1:])
