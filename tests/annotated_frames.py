"""Annotated frames, made without a network."""

from collections.abc import Sequence

import numpy as np

from livecam.core.crop import centred_square
from livecam.core.types import Activation, BgrImage, Frame
from livecam.core.annotated_frame import AnnotatedFrame, Stats
from livecam.core.view import View

RECORDING = View(class_index=1, class_cycle=(0, 1, 2), recording=True)


def annotated_frame_of(
    bgr: np.ndarray, index: int, time_s: float, *, view: View = RECORDING, name: str = ""
) -> AnnotatedFrame:
    """One annotated frame; its picture is a copy of `bgr`, its figures depend on `index`."""
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
    )
    height, width = bgr.shape[:2]
    logits = np.zeros(3, np.float32)
    return AnnotatedFrame(
        frame=Frame(BgrImage(bgr), index, time_s, name),
        box=centred_square(width, height),
        activation=Activation(grid, logits),
        stats=stats,
        view=view,
        picture=BgrImage(bgr.copy()),
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
