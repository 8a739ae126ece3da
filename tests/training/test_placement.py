"""Crops with known places, and how the place of a map is measured."""

import numpy as np
import pytest

from training.data.augmentation import paste
from training.data.located_crops import CELL_PX, GRID, centre_of, location_weights, mirrored
from training.data.centred_square import SIDE_PX
from training.evaluate.mirror_offset import mirror_offsets
from training.evaluate.placement import place_of
from training.network.keras_mobilenet import Predictions

ROWS, COLUMNS = np.mgrid[:GRID, :GRID].astype(float)


def map_at(row, column):
    return 30.0 - 4.0 * ((ROWS - row) ** 2 + (COLUMNS - column) ** 2)


class Shifted:
    """A network whose map lies at the bright spot, and some cells off it."""

    def __init__(self, down, right):
        self._off = np.array([down, right])

    def predict(self, pictures):
        grids = [map_at(*(np.array(centre_of(p[..., 0])) + self._off)) for p in pictures]
        return Predictions(np.stack(grids)[:, None], np.zeros((len(pictures), 1)))


def spots():
    pictures = []
    for top, left in [(90, 100), (120, 80), (100, 130)]:
        picture = np.zeros((SIDE_PX, SIDE_PX, 3), np.uint8)
        picture[top : top + 30, left : left + 30] = 255
        pictures.append(picture)
    return pictures


@pytest.mark.parametrize(("down", "right"), [(0.0, 0.0), (0.1, -0.2)])
def test_the_mirror_test_finds_a_shift_wherever_the_flower_is(down, right):
    found = np.median(mirror_offsets(Shifted(down, right), spots(), 0), axis=0)
    np.testing.assert_allclose(found, [-right * CELL_PX, -down * CELL_PX], atol=1.0)


@pytest.mark.parametrize("place", [(3.0, 3.0), (2.3, 4.4), (0.0, 6.0)])
def test_a_place_lies_between_cells(place):
    assert place_of(map_at(*place)) == pytest.approx(place)


@pytest.mark.parametrize("round_share", [0.0, 1.0])
def test_the_centre_of_a_pasted_picture_is_known(round_share):
    rng = np.random.default_rng(3)
    white, black = np.full((SIDE_PX, SIDE_PX, 3), 255, np.uint8), np.zeros((224, 224, 3), np.uint8)
    picture, mask = paste(rng, white, black, (0.3, 0.3), round_share=round_share)
    np.testing.assert_allclose(picture[..., 0], mask, atol=1)
    weights = location_weights(mask)
    best = np.unravel_index(weights.argmax(), weights.shape)
    np.testing.assert_allclose(best, centre_of(mask), atol=0.55)


def test_an_ellipse_has_no_corners():
    rng = np.random.default_rng(3)
    white, black = np.full((SIDE_PX, SIDE_PX, 3), 255, np.uint8), np.zeros((224, 224, 3), np.uint8)
    mask = paste(rng, white, black, (0.5, 0.5), round_share=1.0)[1]
    rows, columns = np.flatnonzero(mask.max(1) > 127), np.flatnonzero(mask.max(0) > 127)
    assert mask[rows[0], columns[0]] == 0
    assert mask[rows.mean().astype(int), columns.mean().astype(int)] == 255


def test_a_picture_is_mirrored_along_the_axes_named():
    picture = np.arange(12).reshape(2, 2, 3)
    np.testing.assert_array_equal(mirrored(picture, (1, 0)), picture[::-1])
    np.testing.assert_array_equal(mirrored(picture, (0, 1)), picture[:, ::-1])
    np.testing.assert_array_equal(mirrored(picture, (1, 1)), picture[::-1, ::-1])
