"""Where the cells of a map lie in the frame: the one truth for heat, centre and boxes.

Coordinates are continuous: the pixel in column 3 spans 3.0 to 4.0, its middle is 3.5; x points
right and y down, (0, 0) is the top left corner of the frame.
"""

import math
from dataclasses import dataclass
from typing import Any, Self

import cv2
import numpy as np
import numpy.typing as npt

from livecam.core.map_offset import NO_OFFSET, Offset
from livecam.core.types import CELL_PX, CropBox, FloatGrid


@dataclass(frozen=True, slots=True)
class MapPlacement:
    """A grid of cells on a part of the frame.

    Attributes:
        box: the part that the network saw.
        rows: of the grid.
        columns: of the grid.
        offset_px: x and y in pixels of the network's input. Positive: the evidence lies further
            right and down than the cells of an even grid, so they are moved there.
    """

    box: CropBox
    rows: int
    columns: int
    offset_px: Offset = NO_OFFSET

    @classmethod
    def of(cls, box: CropBox, grid: FloatGrid, offset_px: Offset = NO_OFFSET) -> Self:
        """Where the cells of this grid lie."""
        rows, columns = grid.shape
        return cls(box, rows, columns, offset_px)

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the box, in pixels of the frame."""
        return self.box.width, self.box.height

    @property
    def cell_px(self) -> tuple[float, float]:
        """Width and height of a cell, in pixels of the frame."""
        width, height = self.size_px
        return width / self.columns, height / self.rows

    @property
    def shift_px(self) -> tuple[float, float]:
        """How far the cells are moved right and down, in pixels of the frame."""
        (right, down), (width, height) = self.offset_px, self.cell_px
        return right * width / CELL_PX, down * height / CELL_PX

    def centre_of(self, row: float, column: float) -> tuple[float, float]:
        """The middle of a cell, x and y in the frame; fractions lie between cells.

        A moved cell at the border may have its middle outside the box.
        """
        (width, height), (right, down) = self.cell_px, self.shift_px
        x = self.box.left + (column + 0.5) * width + right
        return x, self.box.top + (row + 0.5) * height + down

    def spread(self, values: npt.NDArray[Any], interpolation: int) -> npt.NDArray[Any]:
        """A value for each pixel of the box: [height, width] of the values' own type.

        Values belong to the middles of their cells; beyond the outermost ones they stay the same.
        Moved cells lie on whole pixels of the frame, at most half a pixel beside their place.

        Args:
            values: uint8 or float32 [rows, columns].
            interpolation: cv2.INTER_LINEAR or cv2.INTER_NEAREST.
        """
        (width, height), (right, down) = self.size_px, self.shift_px
        if not (round(right) or round(down)):
            return np.asarray(cv2.resize(values, (width, height), interpolation=interpolation))
        cell_width, cell_height = self.cell_px
        left, after_right = _padding(right, cell_width)
        above, below = _padding(down, cell_height)
        padded = cv2.copyMakeBorder(values, above, below, left, after_right, cv2.BORDER_REPLICATE)
        # With factors instead of a size OpenCV keeps them as they are, so that the pitch of the
        # cells does not depend on the padding.
        wide = cv2.resize(padded, None, fx=cell_width, fy=cell_height, interpolation=interpolation)
        x, y = round(left * cell_width - right), round(above * cell_height - down)
        return np.asarray(wide[y : y + height, x : x + width])


def _padding(shift_px: float, cell_px: float) -> tuple[int, int]:
    """Cells to be added before and behind the grid so that it covers the box when it is moved."""
    cells = math.ceil(abs(shift_px) / cell_px)
    return (cells, 0) if shift_px > 0 else (0, cells)
