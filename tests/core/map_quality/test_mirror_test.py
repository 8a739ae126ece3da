"""The mirror test: the offset of maps from maps of mirrored pictures."""

import numpy as np
import pytest

from livecam.core.map_quality.mirror_test import (
    displacement_cells,
    down_laid_by_mirror,
    median_interval,
    offset_by_mirror,
    offset_interval,
)


def blob(row: float, column: float, rows: int = 7, columns: int = 7) -> np.ndarray:
    """The map of something round at this place, in cells."""
    y, x = np.mgrid[0:rows, 0:columns]
    return (30 * np.exp(-((y - row) ** 2 + (x - column) ** 2) / 3) - 2).astype(np.float32)


def seen(row: float, column: float, offset: tuple[float, float], side: int = 7) -> list[np.ndarray]:
    """What a network gives that draws its evidence too far left and up by this, in cells."""
    right, down = offset
    end = side - 1
    plain = blob(row - down, column - right, side, side)
    mirrored = blob(row - down, end - column - right, side, side)[:, ::-1]
    flipped = blob(end - row - down, column - right, side, side)[::-1]
    return [plain, mirrored, flipped]


@pytest.mark.parametrize("offset_px", [(0.0, 0.0), (4.0, 9.5), (-3.0, 2.0), (15.5, 15.5)])
@pytest.mark.parametrize("place", [(3.0, 3.0), (2.3, 4.1)])
def test_the_offset_is_found_wherever_the_thing_lies(offset_px, place):
    maps = seen(*place, (offset_px[0] / 32, offset_px[1] / 32))
    assert offset_by_mirror(*maps) == pytest.approx(offset_px, abs=0.7)


@pytest.mark.parametrize("down_px", [0.0, 9.5, -3.0])
def test_the_offset_down_is_found_in_a_picture_laid_on_its_side(down_px):
    laid, _, flipped = seen(2.6, 3.3, (0.1, down_px / 32))
    assert down_laid_by_mirror(laid, flipped) == pytest.approx(down_px, abs=0.7)


def test_a_finer_map_has_its_offset_in_pixels_of_the_network_too():
    assert offset_by_mirror(*seen(6.5, 7.2, (0.25, 0.5), side=14)) == pytest.approx((8, 16), abs=1)


def test_height_and_scale_of_the_maps_do_not_matter():
    grid, other = blob(3, 3), blob(3, 3.5)
    assert displacement_cells(grid, 0.2 * other - 7) == pytest.approx(0.5, abs=0.03)


def test_a_map_that_is_the_same_everywhere_says_nothing():
    flat = np.full((7, 7), 3.0, np.float32)
    assert displacement_cells(flat, flat) is None
    assert offset_by_mirror(flat, blob(3, 3), blob(3, 3)) is None
    assert down_laid_by_mirror(flat, blob(3, 3)) is None


def test_the_interval_holds_the_median_and_narrows_with_more_pictures():
    rng = np.random.default_rng(1)
    many = [(4 + rng.normal(), 9 + rng.normal()) for _ in range(400)]
    found = offset_interval(many, np.random.default_rng(0))
    few = offset_interval(many[:20], np.random.default_rng(0))
    assert found.median == pytest.approx((4, 9), abs=0.2)
    for axis in (0, 1):
        assert found.low[axis] <= found.median[axis] <= found.high[axis]
        assert found.high[axis] - found.low[axis] < few.high[axis] - few.low[axis]
    assert found.count == 400
    assert found == offset_interval(many, np.random.default_rng(0))


def test_what_is_left_after_a_correction_is_compared_with_limits():
    found = offset_interval([(4.0, 9.0)], np.random.default_rng(0))
    assert found.within((1, 2), carried=(4.6, 8.0))
    assert not found.within((1, 2), carried=(4.6, 6.9))


def test_no_picture_has_no_interval():
    assert offset_interval([], np.random.default_rng(0)) is None
    assert median_interval([], np.random.default_rng(0)) is None


def test_values_alone_have_the_interval_of_offsets():
    values = np.random.default_rng(1).normal(8, 3, 40).tolist()
    found = median_interval(values, np.random.default_rng(0))
    both = offset_interval([(value, value) for value in values], np.random.default_rng(0))
    assert (found.median, found.low, found.high) == (both.median[1], both.low[1], both.high[1])
    assert found.count == 40
