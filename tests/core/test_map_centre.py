"""Centre and extent of the strong part of a map."""

import numpy as np
import pytest

from livecam.core.crop import centred_square
from livecam.core.map_centre import centre_of_map
from livecam.core.map_placement import MapPlacement

BOX = centred_square(400, 224)  # left 88, top 0; one pixel of the frame is one of the network's
EVEN = MapPlacement(BOX, 7, 7)


def grid_of(**cells: float) -> np.ndarray:
    grid = np.full((7, 7), -3.0, np.float32)
    for name, value in cells.items():
        grid[int(name[1]), int(name[2])] = value
    return grid


def test_one_strong_cell_is_its_own_centre():
    found = centre_of_map(grid_of(c32=30.0), EVEN)
    assert found.centre == pytest.approx(EVEN.centre_of(3, 2))


def test_the_centre_is_no_cell_but_the_middle_of_the_plateau():
    found = centre_of_map(grid_of(c32=30.0, c33=29.0, c42=29.0, c43=30.0), EVEN)
    assert found.centre == pytest.approx(EVEN.centre_of(3.5, 2.5), abs=0.5)


def test_what_is_below_half_of_the_maximum_moves_nothing():
    assert centre_of_map(grid_of(c32=30.0), EVEN) == centre_of_map(grid_of(c32=30.0, c66=14), EVEN)


def test_the_centre_of_two_things_is_that_of_the_clearer_one_and_not_between_them():
    two = grid_of(c10=30.0, c11=30.0, c55=28.0, c56=20.0)
    assert centre_of_map(two, EVEN) == centre_of_map(grid_of(c10=30.0, c11=30.0), EVEN)


def test_a_point_that_reaches_half_of_the_maximum_makes_the_centre_jump_by_nothing():
    without, with_it = (
        centre_of_map(grid_of(c32=30.0, c33=value), EVEN).centre for value in (14.99, 15.01)
    )
    assert with_it == pytest.approx(without, abs=0.05)


def test_the_centre_moves_with_the_placement():
    grid = grid_of(c32=30.0)
    moved = centre_of_map(grid, MapPlacement(BOX, 7, 7, (4.0, 10.0)))
    x, y = centre_of_map(grid, EVEN).centre
    assert moved.centre == pytest.approx((x + 4, y + 10))


def test_the_centre_stays_in_what_the_network_saw():
    grid = grid_of(c66=30.0)
    moved = centre_of_map(grid, MapPlacement(BOX, 7, 7, (30.0, 30.0)))
    assert moved.centre == (88 + 224, 224)


def test_the_extent_is_that_of_an_even_rectangle_spread_as_widely():
    grid = np.zeros((9, 7), np.float32)
    grid[:] = 10.0
    found = centre_of_map(grid, MapPlacement(BOX, 9, 7))
    assert found.centre == pytest.approx((200, 112))
    assert found.extent == pytest.approx((224, 224), rel=0.01)


def test_a_map_without_anything_above_zero_has_no_centre():
    assert centre_of_map(np.zeros((7, 7), np.float32), EVEN) is None
    assert centre_of_map(np.full((7, 7), -2, np.float32), EVEN) is None
    assert centre_of_map(np.full((7, 7), np.nan, np.float32), EVEN) is None


def test_a_low_peak_between_much_lower_cells_is_its_own_centre():
    found = centre_of_map(grid_of(c32=0.1), EVEN)
    assert found.centre == pytest.approx(EVEN.centre_of(3, 2))
    assert found.extent == (0, 0)
