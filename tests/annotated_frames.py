"""Annotated frames, made without a network."""

from collections.abc import Sequence

from datetime import datetime, timedelta, timezone

import numpy as np

from livecam.core.class_map import ClassMap
from livecam.core.crop import centred_square
from livecam.core.map_centre import centre_of_map
from livecam.core.map_placement import MapPlacement
from livecam.core.types import Activation, BgrImage, CropBox, Frame, NetworkOutput
from livecam.core.annotated_frame import AnnotatedFrame, RunStatus, Stats
from livecam.core.view import View

AT = datetime(2026, 5, 1, 12, tzinfo=timezone(timedelta(hours=2)))
RECORDING = View(class_index=1, class_cycle=(0, 1, 2), recording=True)


def class_map_of(
    activation: Activation, class_index: int = 0, output: NetworkOutput | None = None
) -> ClassMap:
    """The map of a class of a frame of 224 x 224 pixels, all of which the network saw."""
    grid = activation.grid
    output = output or NetworkOutput(grid[..., np.newaxis], activation.logits)
    placement = MapPlacement.of(CropBox(0, 0, 224, 224), grid)
    return ClassMap(class_index, activation, placement, output)


def annotated_frame_of(
    bgr: np.ndarray, index: int, time_s: float, *, view: View = RECORDING, name: str = ""
) -> AnnotatedFrame:
    """One annotated frame; its picture is a copy of `bgr`, its figures depend on `index`."""
    height, width = bgr.shape[:2]
    placement = MapPlacement(centred_square(width, height), 7, 7)
    grid = np.arange(49, dtype=np.float32).reshape(7, 7) / 8 + index
    stats = Stats(
        class_index=1,
        class_name="daisy",
        maximum=float(grid.max()),
        mean=float(grid.mean()),
        peak=(6, 6),
        logit=float(grid.mean()) + 0.25,
        probability=0.5,
        seen="daisy",
        fps=None if index == 0 else 29.987654,
        latency_ms=4.2,
        ranked=lambda: ((1, "daisy", 0.5),),
        located=lambda: centre_of_map(grid, placement),
    )
    logits = np.zeros(3, np.float32)
    return AnnotatedFrame(
        frame=Frame(BgrImage(bgr), index, time_s, name),
        box=centred_square(width, height),
        activation=Activation(grid, logits),
        stats=stats,
        view=view,
        painted=BgrImage(bgr.copy()),
        status=RunStatus(at=AT + timedelta(seconds=1.5 * index)),
    )


def annotated_frames_of(
    pictures: Sequence[np.ndarray],
    times_s: Sequence[float] | None = None,
    *,
    view: View = RECORDING,
) -> list[AnnotatedFrame]:
    """One annotated frame for each picture, 30 a second unless times are given."""
    times_s = times_s or [i / 30 for i in range(len(pictures))]
    return [
        annotated_frame_of(bgr, index, time_s, view=view)
        for index, (bgr, time_s) in enumerate(zip(pictures, times_s, strict=True))
    ]
