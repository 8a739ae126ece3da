"""Finds the things in an activation map: where a part of it stands out, and how wide that part is.

Neighbouring places that stand out are one part; it is cut where it has a waist, so that flowers
that touch are several, and each goes down to a lower share of its own maximum. A blob of the map
is wider than the thing, as every cell sees its surroundings, too: that is taken off again, more of
small blobs than of large ones, as blurs add up in squares, and less where the surroundings speak
against the class. Which other rules were tried is in docs/boxes.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from livecam.core.bounding_box import Box, box_of_crop
from livecam.core.map_placement import MapPlacement
from livecam.core.types import FloatGrid

FULL_EVIDENCE = 36.0
"""The activation in the middle of a thing that is well seen."""

LEAST_EVIDENCE = 12.0
"""Below this nothing is found, whatever else is in the frame: an empty wall has no objects."""

_FINER_BY = 4  # points of the scaled map from one cell to the next
_SHARE = 0.43  # of its largest value: the edge of a part
_PARTED_SHARE, _PARTED_PER_BLUR = 0.71, 0.1  # of it, where things that touch are told apart
_SMALL_SHARE = 0.15  # more than that for the smallest parts, which are all slope
_SMALL_CELLS, _SMALL_RANGE_CELLS = 4.0, 1.5  # beyond the blur: from here on down more and more
_LARGEST_HOLE_CELLS = 6.0
_LEAST_RADIUS_CELLS = 0.3
_LEAST_LEFT = 0.35  # of a side, however small the part is against the blur
_LOW_SHARE = 0.05  # of the cells: what the surroundings say at least
_ALL_AGAINST = 6.0  # below 0: surroundings that end a blob where the thing ends
_LEAST_BLUR_CELLS = 0.75
_MOST = 50

_AROUND = np.ones((5, 5), np.uint8)
_FILL_PIECE = 4 | cv2.FLOODFILL_MASK_ONLY | 1 << 8  # neighbours along the axes; with ones

Mask = npt.NDArray[np.bool_]

Point = tuple[int, int]
"""Row and column."""

Middle = tuple[int, int, float]
"""Row and column of the middle of a thing, and its depth in cells."""


@dataclass(frozen=True, slots=True, eq=False)
class FoundPart:
    """A part of the map that is one thing.

    Attributes:
        box: of the thing, in pixels of the frame.
        peak: the largest activation in it.
        cells: float32 [rows, columns], how much of each cell belongs to it, 0 to 1.
    """

    box: Box
    peak: float
    cells: FloatGrid

    @property
    def evidence(self) -> float:
        """How large its activation is, 0 to 1."""
        return min(1.0, max(0.0, self.peak / FULL_EVIDENCE))


def find_parts(grid: FloatGrid, placement: MapPlacement, blur_cells: float) -> list[FoundPart]:
    """The things in a map, the clearest first; none where no activation is large enough.

    Args:
        grid: float32 [rows, columns] activations.
        placement: where they lie in the frame.
        blur_cells: how many cells wider than a thing its blob in the map is, where the thing is a
            point and stands before something smooth.
    """
    fine = _finer(grid)
    mask = _standing_out(fine, _PARTED_SHARE - _PARTED_PER_BLUR * blur_cells)
    if mask is None:
        return []
    found, blur = [], _blur_among(grid, blur_cells)
    for part in _parts(fine, mask, waist=0.7 + 0.053 * blur_cells):
        peak, at = _largest(fine, part)
        if peak >= LEAST_EVIDENCE:
            edges = _edges(fine, part, peak, at, blur)
            found.append(FoundPart(_box(edges, placement, blur), peak, _cells(part, grid)))
    return sorted(found, key=lambda part: -part.peak)


def _blur_among(grid: FloatGrid, blur_cells: float) -> float:
    """The blur among the surroundings of this map, in cells.

    A thing spills over onto smooth surroundings, which say nothing. Where other things are, the
    network sees evidence against the class, and the blob ends with the thing.
    """
    number = int(_LOW_SHARE * grid.size)
    low = float(np.partition(grid, number, axis=None)[number])
    among = blur_cells * min(1.0, 1.0 + low / _ALL_AGAINST)
    return min(blur_cells, max(_LEAST_BLUR_CELLS, among))


def _finer(grid: FloatGrid) -> FloatGrid:
    size = (grid.shape[1] * _FINER_BY, grid.shape[0] * _FINER_BY)
    return np.asarray(cv2.resize(grid, size, interpolation=cv2.INTER_CUBIC), np.float32)


def _standing_out(fine: FloatGrid, share: float) -> npt.NDArray[np.uint8] | None:
    """Where each connected part is above a share of its own maximum: 0 or 1; None for nowhere.

    A share of the frame's maximum would lose a faint thing beside a clear one.
    """
    above = (fine >= LEAST_EVIDENCE * share).view(np.uint8)
    if float(fine.max()) < LEAST_EVIDENCE:
        return None
    count, labels = cv2.connectedComponents(above, connectivity=4)
    peaks = np.zeros(count, np.float32)
    np.maximum.at(peaks, np.asarray(labels, np.int32).ravel(), fine.ravel())
    levels = np.where(peaks >= LEAST_EVIDENCE, share * peaks, np.inf)
    levels[0] = np.inf
    return _without_holes((fine >= levels[labels]).view(np.uint8))


def _without_holes(mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The mask with what it encloses: the yellow middle of a large flower says less than petals."""
    if not _encloses_something(mask):
        return mask
    count, labels, stats, _ = cv2.connectedComponentsWithStats(1 - mask, connectivity=4)
    height, width = mask.shape
    left, top, wide, high, area = stats[:count].T
    is_hole = (left > 0) & (top > 0) & (left + wide < width) & (top + high < height)
    is_hole &= area < _LARGEST_HOLE_CELLS * _FINER_BY**2
    is_hole[0] = False
    return np.asarray(mask | is_hole[labels], np.uint8)


def _encloses_something(mask: npt.NDArray[np.uint8]) -> bool:
    """Whether there are points outside of the mask that the rim cannot be reached from."""
    outside = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    cv2.floodFill(outside, None, (0, 0), 1, flags=4)
    return not outside.all()


def _parts(fine: FloatGrid, mask: npt.NDArray[np.uint8], waist: float) -> list[Mask]:
    """The things of a mask: its parts, cut at waists, each down to a share of its own maximum."""
    middles = _middles(_depth(mask), waist)
    if not middles:
        return []
    standing, owner = mask.view(np.bool_), _owners(mask.shape, middles)
    return [
        _down_to_its_edge(fine, standing, owner == number, (y, x))
        for number, (y, x, _) in enumerate(middles)
    ]


def _owners(shape: tuple[int, ...], middles: Sequence[Middle]) -> npt.NDArray[np.uint8]:
    """Which of the things each point belongs to: uint8 [rows, columns]."""
    rows, columns = _coordinates(shape)
    owner, nearest = np.zeros(shape, np.uint8), np.full(shape, np.inf, np.float32)
    for number, (y, x, radius) in enumerate(middles):
        # The border between two discs that touch, whatever their sizes, is where they touch.
        reach = (rows - y) ** 2 + (columns - x) ** 2
        reach -= (_FINER_BY * radius) ** 2
        owner[reach < nearest] = number
        np.minimum(nearest, reach, out=nearest)
    return owner


def _down_to_its_edge(fine: FloatGrid, standing: Mask, ground: Mask, at: Point) -> Mask:
    """A part of the mask on its ground, and what else lies there above a share of its maximum."""
    part = _piece_at(ground & standing, at)
    peak, _ = _largest(fine, part)
    return _piece_at(part | (ground & (fine >= _SHARE * peak)), at)


def _depth(mask: npt.NDArray[np.uint8]) -> FloatGrid:
    """How deep below the surface each point lies, in cells.

    It has a maximum in the middle of each thing; between two it is half of the waist.
    """
    pad = _FINER_BY  # what touches the rim of the map goes on beyond it
    padded = cv2.copyMakeBorder(mask, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    padded[[0, -1]] = 0  # but not for ever
    padded[:, [0, -1]] = 0
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 5)[pad:-pad, pad:-pad] / _FINER_BY
    return np.asarray(depth, np.float32)


def _middles(depth: FloatGrid, waist: float) -> list[Middle]:
    """The maxima that a waist parts from all deeper ones."""
    highest = cv2.dilate(depth, _AROUND)
    rows, columns = np.nonzero((depth >= highest - 1e-6) & (depth > _LEAST_RADIUS_CELLS))
    order = np.argsort(-depth[rows, columns], kind="stable")
    middles: list[Middle] = []
    for y, x in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        radius = float(depth[y, x])
        if any((y - a) ** 2 + (x - b) ** 2 < (0.5 * _FINER_BY * r) ** 2 for a, b, r in middles):
            continue
        wide_enough = _piece_at(depth >= waist * radius, (y, x))
        if not any(wide_enough[a, b] for a, b, _ in middles):
            middles.append((y, x, radius))
        if len(middles) == _MOST:
            break
    return middles


def _piece_at(mask: Mask, at: Point) -> Mask:
    """The connected piece of the mask that holds this point of it."""
    row, column = at
    piece = np.zeros((mask.shape[0] + 2, mask.shape[1] + 2), np.uint8)  # a rim, as OpenCV has it
    cv2.floodFill(mask.view(np.uint8), piece, (column, row), 0, flags=_FILL_PIECE)
    return piece[1:-1, 1:-1].view(np.bool_)


def _largest(fine: FloatGrid, part: Mask) -> tuple[float, Point]:
    """The largest activation in a part, and where it is."""
    _, largest, _, (column, row) = cv2.minMaxLoc(fine, part.view(np.uint8))
    return largest, (row, column)


@cache
def _coordinates(shape: tuple[int, ...]) -> tuple[FloatGrid, FloatGrid]:
    """The numbers of rows and columns: float32 [rows, 1] and [1, columns]."""
    rows, columns = (np.arange(side, dtype=np.float32) for side in shape)
    return rows[:, np.newaxis], columns[np.newaxis]


def _edges(
    fine: FloatGrid, part: Mask, peak: float, at: Point, blur_cells: float
) -> tuple[float, ...]:
    """Left, top, right and bottom of a part in cells; of a small one nearer to its peak."""
    edges = _extent(part)
    side = ((edges[2] - edges[0]) * (edges[3] - edges[1])) ** 0.5
    smaller = (_SMALL_CELLS - (side - blur_cells)) / _SMALL_RANGE_CELLS
    share = _SHARE + _SMALL_SHARE * min(1.0, max(0.0, smaller))
    if share <= _SHARE:
        return edges
    return _extent(_piece_at(part & (fine >= share * peak), at))


def _extent(part: Mask) -> tuple[float, ...]:
    left, top, width, height = cv2.boundingRect(part.view(np.uint8))
    return tuple(corner / _FINER_BY for corner in (left, top, left + width, top + height))


def _box(edges: tuple[float, ...], placement: MapPlacement, blur_cells: float) -> Box:
    """The thing's box in the frame: without the blur, moved to its place, within what was seen."""
    left, top, right, bottom = edges
    width, height = (_unblurred(side, blur_cells) for side in (right - left, bottom - top))
    x, y = placement.centre_of((top + bottom) / 2 - 0.5, (left + right) / 2 - 0.5)
    cell_width, cell_height = placement.cell_px
    width_px, height_px = width * cell_width, height * cell_height
    free = Box(x - width_px / 2, y - height_px / 2, width_px, height_px)
    return free.within(box_of_crop(placement.box))


def _unblurred(side: float, blur: float) -> float:
    return max(float(np.sqrt(max(0.0, side * side - blur * blur))), _LEAST_LEFT * side)


def _cells(part: Mask, grid: FloatGrid) -> FloatGrid:
    size = (grid.shape[1], grid.shape[0])
    shares = cv2.resize(part.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(shares, np.float32)
