"""The map of an archived look on its picture: where its cells lie is read off its centre."""

from dataclasses import replace

import cv2
import numpy as np

from livecam.core.archive.found_moment import ArchivedLook
from livecam.core.heat_overlay import paint_heat
from livecam.core.map_centre import centre_of_map
from livecam.core.map_choices import Area
from livecam.core.map_offset import NO_OFFSET, Offset
from livecam.core.map_placement import MapPlacement
from livecam.core.map_scale import MapScale
from livecam.core.network_size import Look
from livecam.core.types import CELL_PX, BgrImage, CropBox, FloatGrid
from livecam.core.view import View

_VIEW = View(class_index=0, class_cycle=(0,))


def small_picture(bgr: BgrImage, width_px: int) -> BgrImage:
    """The whole picture scaled to this width, uint8 BGR; narrower ones stay as they are."""
    height, width = bgr.shape[:2]
    if width <= width_px:
        return bgr
    size = (width_px, max(1, round(height * width_px / width)))
    return BgrImage(np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), np.uint8))


def with_map(bgr: BgrImage, look: ArchivedLook, area: Area, scale: MapScale) -> BgrImage:
    """A copy of a picture of the look, of any size, with its map; as it is where it has none.

    Args:
        bgr: uint8 [height, width, 3]; not changed.
        look: with its `grid`.
        area: what the network saw of the picture.
        scale: of the network's maps; where it was not measured, the map's own maximum is bright.
    """
    if look.grid is None:
        return bgr
    height, width = bgr.shape[:2]
    grid = look.grid
    measured = Look(area).box_in(*look.size_px)
    offset_px = offset_of(grid, look.centre, measured)
    box = Look(area).box_in(width, height)
    return paint_heat(bgr, MapPlacement.of(box, grid, offset_px), grid, _view_of(scale))


def _view_of(scale: MapScale) -> View:
    act_max, is_relative = scale.act_max, scale.gain_is_relative
    if act_max is None:
        return replace(_VIEW, auto=True, gain_is_relative=is_relative)
    return replace(_VIEW, act_max=act_max, gain_is_relative=is_relative)


def offset_of(grid: FloatGrid, centre: tuple[float, float] | None, box: CropBox) -> Offset:
    """How far the cells of a map were moved: its centre lies so far from that of an even grid.

    Args:
        grid: float32 [rows, columns].
        centre: of the map as it was placed, in pixels of the picture.
        box: what the network saw of it.
    """
    placement = MapPlacement.of(box, grid)
    even = centre_of_map(grid, placement)
    if even is None or centre is None:
        return NO_OFFSET
    (x, y), (even_x, even_y), (width, height) = centre, even.centre, placement.cell_px
    return (x - even_x) * CELL_PX / width, (y - even_y) * CELL_PX / height
