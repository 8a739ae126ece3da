"""What the network looks at: which part of a frame, and at how many pixels."""

from dataclasses import dataclass
from typing import Self

from livecam.core.crop import centred_square
from livecam.core.map_choices import Area, Detail, Place
from livecam.core.types import NETWORK_SIDE_PX, CropBox
from livecam.core.window_logits import WINDOW_CELLS

LONGEST_SIDE = 8
"""How many times the shorter side the longer one has at most; beyond that it is squeezed."""


@dataclass(frozen=True, slots=True)
class InputSize:
    """What sizes of pictures a network takes; the defaults are MobileNet v1's.

    Attributes:
        side_px: the shorter side at detail 1: the size it was trained at.
        cells: side of its map at that size; a window has as many.
        is_fixed: whether it takes that size alone, a square.
    """

    side_px: int = NETWORK_SIDE_PX
    cells: int = WINDOW_CELLS
    is_fixed: bool = False

    @property
    def cell_px(self) -> float:
        """Side of one cell of the map, in pixels of the input; sides are multiples of it."""
        return self.side_px / self.cells

    def size_of(self, columns: int, rows: int) -> tuple[int, int]:
        """Width and height of the input whose map has so many cells, in pixels."""
        return round(columns * self.cell_px), round(rows * self.cell_px)


MOBILENET_INPUT = InputSize()


@dataclass(frozen=True, slots=True)
class Look:
    """How the network looks at frames.

    Attributes:
        area: which part of the frame.
        detail: how finely.
        is_exact: whether it also looks at the picture turned by 180 degrees (core/turned_mean.py).
    """

    area: Area = "square"
    detail: Detail = 1
    is_exact: bool = False

    @property
    def has_one_window(self) -> bool:
        """Whether all figures are of one window, so that all probabilities add up to 1."""
        return self.area == "square" and self.detail == 1

    @classmethod
    def of(cls, area: Area, detail: Detail, place: Place) -> Self:
        """How the network looks where a map is to be drawn at this place."""
        return cls(area, detail, is_exact=place == "exact")

    def box_in(self, width_px: int, height_px: int) -> CropBox:
        """The part of a frame of this size that the network sees."""
        if self.area == "square":
            return centred_square(width_px, height_px)
        return CropBox(0, 0, width_px, height_px)

    def network_size_px(
        self, width_px: int, height_px: int, takes: InputSize = MOBILENET_INPUT
    ) -> tuple[int, int]:
        """Width and height of the network's input for a frame of this size.

        The shorter side has 224 * detail pixels, or what the network was trained at instead of
        224. The longer one keeps the frame's shape as nearly as a multiple of 32, of a cell, can:
        it is stretched or squeezed by 7 % at most, nothing is cut off and nothing is added. Where
        the network takes one size alone, that is it, whatever detail and shape.
        """
        if takes.is_fixed:
            return takes.side_px, takes.side_px
        box, short = self.box_in(width_px, height_px), takes.cells * self.detail
        ratio = min(LONGEST_SIDE, max(box.width, box.height) / min(box.width, box.height))
        long = round(short * ratio)
        return takes.size_of(*((long, short) if box.width > box.height else (short, long)))
