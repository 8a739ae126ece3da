"""Where the cells of a map lie in the frame."""

import cv2
import numpy as np
import pytest

from livecam.core.crop import centred_square
from livecam.core.map_placement import MapPlacement

BOX = centred_square(400, 224)  # left 88, top 0; one pixel of the frame is one of the network's
EVEN = MapPlacement(BOX, 7, 7)
MOVED = MapPlacement(BOX, 7, 7, (4.0, 10.0))
LINEAR, NEAREST = cv2.INTER_LINEAR, cv2.INTER_NEAREST


def test_a_cell_of_an_even_grid_has_its_middle_in_its_32_pixels():
    assert EVEN.centre_of(0, 0) == (88 + 16, 16)
    assert EVEN.centre_of(3, 6) == (88 + 6 * 32 + 16, 3 * 32 + 16)


def test_an_offset_moves_every_cell_right_and_down():
    assert MOVED.centre_of(3, 6) == (88 + 6 * 32 + 20, 3 * 32 + 26)


def test_an_offset_is_in_pixels_of_the_network_however_large_and_fine_the_map():
    large = MapPlacement(centred_square(448, 448), 7, 7, (4.0, 10.0))
    assert large.shift_px == (8.0, 20.0)
    fine = MapPlacement(centred_square(448, 448), 14, 14, (4.0, 10.0))
    assert fine.shift_px == (4.0, 10.0)


def test_without_an_offset_the_map_is_spread_as_opencv_does_it():
    levels = np.random.default_rng(0).integers(0, 256, (7, 7), np.uint8)
    for way in (LINEAR, NEAREST):
        assert (EVEN.spread(levels, way) == cv2.resize(levels, (224, 224), interpolation=way)).all()


@pytest.mark.parametrize("offset", [(4.0, 10.0), (-4.0, 10.0), (15.5, 15.5), (-40.0, 70.0)])
@pytest.mark.parametrize("side", [100, 224, 360, 719])
def test_a_moved_map_has_its_values_at_the_middles_of_its_cells(offset, side):
    placement = MapPlacement(centred_square(side, side), 7, 7, offset)
    grid = np.random.default_rng(side).normal(size=(7, 7)).astype(np.float32)
    light = placement.spread(grid, LINEAR)
    assert light.shape == (side, side)
    rows, columns = np.mgrid[0:side, 0:side] + 0.5
    (x, y), (width, height) = placement.centre_of(0, 0), placement.cell_px
    cells = np.array([(rows - y) / height, (columns - x) / width])
    there = cells.clip(0, 6).astype(np.float32)
    expected = cv2.remap(grid, there[1], there[0], cv2.INTER_LINEAR)
    step = np.abs(np.diff(grid)).max() * 7 / side  # of a pixel; places are whole pixels
    assert np.abs(light - expected).max() <= 1.5 * step + 0.1


def test_nearest_keeps_the_cells_whole():
    grid = np.zeros((7, 7), np.uint8)
    grid[3, 2] = 255
    rows, columns = MOVED.spread(grid, NEAREST).nonzero()
    assert (rows.min(), rows.max() + 1) == (3 * 32 + 10, 4 * 32 + 10)
    assert (columns.min(), columns.max() + 1) == (2 * 32 + 4, 3 * 32 + 4)


def test_nearest_gives_blocks_and_bilinear_a_slope():
    levels = np.array([[0, 255], [0, 255]], np.uint8)
    placement = MapPlacement(centred_square(100, 100), 2, 2)
    assert set(np.unique(placement.spread(levels, NEAREST))) == {0, 255}
    assert len(np.unique(placement.spread(levels, LINEAR))) > 40
