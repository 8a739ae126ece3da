"""A frame of which only the part that the network sees need have been made."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from livecam.core.types import BgrImage, CropBox, Frame

_NO_PIXELS = BgrImage(np.zeros((0, 0, 3), np.uint8))

ChoosePart = Callable[[int, int], CropBox]
"""Which part of a frame is wanted, by its width and height in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class FramePart:
    """The wanted part of a frame.

    Attributes:
        frame: its pixels are those of the part alone.
        box: where the part lies in the whole frame.
        width: of the whole frame, in pixels.
        height: of the whole frame, in pixels.
    """

    frame: Frame
    box: CropBox
    width: int
    height: int

    @classmethod
    def of(cls, frame: Frame, choose: ChoosePart) -> Self:
        """The part of a frame that has been made whole."""
        height, width = frame.bgr.shape[:2]
        box = choose(width, height)
        return cls(replace(frame, bgr=BgrImage(box.part_of(frame.bgr))), box, width, height)

    def without_pixels(self) -> Self:
        """The same for somebody who keeps many of them in memory."""
        return replace(self, frame=replace(self.frame, bgr=_NO_PIXELS))
