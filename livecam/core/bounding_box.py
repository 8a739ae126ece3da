"""A rectangle around a thing, in pixels of the frame, and how well two of them agree."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from livecam.core.types import CropBox

BoxArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle between pixels: `left` 0 is the left rim of the first pixel of a row.

    Unlike a CropBox it need not lie on whole pixels, and it says where something is, not where the
    network looked.

    Attributes:
        left, top: of its upper left corner, in pixels of the frame.
        width, height: in pixels; 0 for an empty box.
    """

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Of its lower right corner."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Of its lower right corner."""
        return self.top + self.height

    @property
    def area(self) -> float:
        """In square pixels."""
        return self.width * self.height

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle, [x, y]."""
        return self.left + self.width / 2, self.top + self.height / 2

    def xywh(self) -> list[float]:
        """[x, y, width, height], as COCO writes boxes."""
        return [self.left, self.top, self.width, self.height]

    def holds(self, x: float, y: float, tolerance_px: float = 0.0) -> bool:
        """Whether a point lies inside, or no farther outside than the tolerance on either axis."""
        return (
            self.left - tolerance_px <= x <= self.right + tolerance_px
            and self.top - tolerance_px <= y <= self.bottom + tolerance_px
        )

    def clipped(self, width_px: float, height_px: float) -> "Box":
        """The part of it that lies in a picture of this size; an empty box where none does."""
        left, top = (min(max(self.left, 0.0), width_px), min(max(self.top, 0.0), height_px))
        right, bottom = (
            min(max(self.right, left), width_px),
            min(max(self.bottom, top), height_px),
        )
        return Box(left, top, right - left, bottom - top)

    def within(self, other: "Box") -> "Box":
        """The part of it that lies in the other box; an empty box where none does."""
        moved = Box(self.left - other.left, self.top - other.top, self.width, self.height)
        part = moved.clipped(other.width, other.height)
        return Box(part.left + other.left, part.top + other.top, part.width, part.height)


def box_of_crop(crop: CropBox) -> Box:
    """The same rectangle."""
    return Box(crop.left, crop.top, crop.width, crop.height)


def box_of_mask(mask: npt.NDArray[np.bool_]) -> Box | None:
    """The smallest box around the true pixels of bool [height, width]; None without any."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    left, top = int(columns[0]), int(rows[0])
    return Box(left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top)


def intersection_over_union(one: Box, other: Box) -> float:
    """Shared area over the area of both together: 0 to 1; 0 where either box is empty."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    together = one.area + other.area - shared
    return shared / together if together > 0 else 0.0  # sides so small that no area is left


def overlaps(some: Sequence[Box], others: Sequence[Box]) -> BoxArray:
    """Intersection over union of each box with each of the others: float64 [some, others]."""
    a, b = _corners(some)[:, None], _corners(others)[None]
    low, high = np.maximum(a[..., :2], b[..., :2]), np.minimum(a[..., 2:], b[..., 2:])
    shared = np.prod(np.maximum(high - low, 0.0), axis=-1)
    union = _areas(a) + _areas(b) - shared
    shares: BoxArray = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return shares


def _corners(boxes: Sequence[Box]) -> BoxArray:
    corners = [(box.left, box.top, box.right, box.bottom) for box in boxes]
    return np.asarray(corners, np.float64).reshape(-1, 4)


def _areas(corners: BoxArray) -> BoxArray:
    return np.asarray(np.prod(corners[..., 2:] - corners[..., :2], axis=-1))


def matched(
    found: Sequence[Box], truth: Sequence[Box], least_overlap: float
) -> list[tuple[int, int]]:
    """Which found box is which true one: each is given away once, in the order of `found`.

    The rule of Pascal VOC and COCO: found boxes, the surest first, take the true box that they
    overlap most, where it is free and the overlap is large enough.

    Args:
        found: the surest first.
        truth: in any order.
        least_overlap: intersection over union from which on a box counts as found.

    Returns:
        (index of the found box, index of the true box), in the order of `found`.
    """
    shares, pairs = overlaps(found, truth), []
    for index in range(len(found)):
        if not shares.shape[1]:
            break
        best = int(shares[index].argmax())
        if shares[index, best] >= max(least_overlap, np.finfo(np.float64).tiny):
            pairs.append((index, best))
            shares[:, best] = 0.0
    return pairs
