"""One row of the archive's table: what a look at a frame gave."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from livecam.core.class_figures import ClassFigures
from livecam.core.located_object import LocatedObject
from livecam.core.short_repr import ShortRepr


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MeasuredLook(ShortRepr):
    """What was measured in one frame.

    Attributes:
        source: number of its clip or picture among those of the part.
        frame: number of the frame in the clip.
        time_s: its time in the clip.
        at: when it was taken, with a zone; None where nobody knows.
        width: of the frame, in pixels.
        height: of the frame, in pixels.
        seen: the most probable class of all; None for something else.
        classes: map and figures of every class of the pass, in order.
        features: float32 [channels], the mean over the places; None unless asked for.
        objects: the things in the maps of all classes; None unless asked for.
    """

    source: int
    frame: int
    time_s: float
    at: datetime | None
    width: int
    height: int
    seen: str | None
    classes: tuple[ClassFigures, ...]
    features: npt.NDArray[np.float32] | None = None
    objects: tuple[LocatedObject, ...] | None = None
