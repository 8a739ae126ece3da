"""One look at a watched camera, as the records of a day take it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from livecam.core.class_figures import ClassFigures
from livecam.core.short_repr import ShortRepr
from livecam.core.types import BgrImage


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DayLook(ShortRepr):
    """A picture that was looked at.

    Attributes:
        camera: its name in the settings; "" where it has none.
        at: when the picture was taken, in local time, with its zone.
        bgr: the picture, uint8 [height, width, 3], read-only.
        figures: of every class of the conditions.
        annotated: draws the picture with its map; called now and then, in the caller's thread.
    """

    camera: str
    at: datetime
    bgr: BgrImage
    figures: Sequence[ClassFigures]
    annotated: Callable[[], BgrImage]
