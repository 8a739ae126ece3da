"""Deletion and insertion on pictures that can be worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.core.map_quality.deletion_insertion import (
    ALL_POINTS,
    DELETED_RGB,
    STEPS,
    JudgedCurves,
    area_under,
    blurred,
    deletion_and_insertion,
    pictures_between,
    ranked_pixels,
)
from livecam.core.types import RgbImage

SIDE = 28  # each of the 28 parts is a row's worth of pixels


def noise(seed: int = 0, side: int = SIDE) -> RgbImage:
    return RgbImage(np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8))


def square_of(side: int, left: int, top: int, width: int) -> np.ndarray:
    mask = np.zeros((side, side), bool)
    mask[top : top + width, left : left + width] = True
    return mask


def share_left(rgb: RgbImage, mask: np.ndarray):
    """A network whose probability is the share of the thing's pixels that are as they were."""

    def probability_of(picture: RgbImage) -> float:
        return float((picture == rgb).all(axis=2)[mask].mean())

    return probability_of


def curves_of(rgb: RgbImage, heat: np.ndarray, mask: np.ndarray) -> JudgedCurves:
    *_, curves = deletion_and_insertion(rgb, heat.astype(np.float32), share_left(rgb, mask))
    return curves


def test_the_area_is_that_of_trapezoids():
    assert area_under((1.0, 0.5, 0.0)) == pytest.approx(0.5)
    assert area_under((1.0, 0.0, 0.0)) == pytest.approx(0.25)
    assert area_under((0.7,)) == 0.7
    assert area_under(()) == 0.0


def test_the_hottest_pixels_come_first_and_equal_ones_in_the_order_of_reading():
    heat = np.array([[1, 3], [3, 0]], np.float32)
    assert ranked_pixels(heat).tolist() == [1, 2, 0, 3]


def test_a_part_is_a_28th_of_the_pixels():
    before, after = noise(1), noise(2)
    pictures = [picture.copy() for picture in pictures_between(before, after, np.arange(SIDE**2))]
    assert len(pictures) == STEPS + 1
    assert (pictures[0] == before).all()
    assert (pictures[-1] == after).all()
    assert (pictures[3][:3] == after[:3]).all()
    assert (pictures[3][3:] == before[3:]).all()


def test_224_pixels_go_in_parts_of_1792():
    before = RgbImage(np.zeros((224, 224, 3), np.uint8))
    after = RgbImage(np.ones((224, 224, 3), np.uint8))
    changed = [int(p[..., 0].sum()) for p in pictures_between(before, after, np.arange(224**2))]
    assert set(np.diff(changed)) == {1792}


def test_a_map_of_rows_deletes_them_one_by_one():
    """Of a thing in the first 4 of 28 rows a 4th goes with each part: 1, 3/4, 1/2, 1/4, 0 ..."""
    rgb, mask = noise(), np.zeros((SIDE, SIDE), bool)
    mask[:4] = True
    heat = np.repeat(np.arange(SIDE, 0, -1)[:, np.newaxis], SIDE, axis=1)
    curves = curves_of(rgb, heat, mask)
    assert curves.deletion[:5] == pytest.approx((1.0, 0.75, 0.5, 0.25, 0.0))
    assert set(curves.deletion[5:]) == {0.0}
    assert curves.deletion_area == pytest.approx(2.0 / 28)
    assert curves.insertion[-1] == 1.0
    assert curves.insertion[4] == pytest.approx(1.0)


def test_deletion_ends_in_the_mean_colour_and_insertion_begins_blurred():
    rgb, seen = noise(side=56), []
    for curves in deletion_and_insertion(
        rgb, np.ones((56, 56), np.float32), lambda p: seen.append(p.copy()) or 0.5
    ):
        assert curves.points <= ALL_POINTS
    assert (seen[0] == rgb).all()
    assert (seen[STEPS] == DELETED_RGB).all()
    assert (seen[STEPS + 1] == blurred(rgb)).all()
    assert len(seen) == ALL_POINTS - 1  # the whole picture is looked at once
    assert curves.is_complete


def test_whoever_waits_sees_the_curves_grow():
    grown = [curves.points for curves in deletion_and_insertion(
        noise(), np.ones((SIDE, SIDE), np.float32), lambda _: 0.5
    )]  # fmt: skip
    assert grown == list(range(1, ALL_POINTS + 1))


def test_the_blur_grows_with_the_input():
    """The same picture at twice the size is blurred to twice the same."""
    small = np.zeros((224, 224, 3), np.uint8)
    small[80:144, 80:144] = 255
    large = np.kron(small, np.ones((2, 2, 1), np.uint8))
    shrunk = blurred(RgbImage(large))[::2, ::2].astype(int)
    assert np.abs(shrunk - blurred(RgbImage(small)).astype(int)).max() < 25


@given(
    left=st.integers(0, SIDE - 8),
    top=st.integers(0, SIDE - 8),
    shift=st.integers(8, 14),
    seed=st.integers(0, 5),
)
def test_a_perfect_map_is_best_and_a_shifted_one_worse(left, top, shift, seed):
    rgb, mask = noise(seed), square_of(SIDE, left, top, 8)
    rank = np.random.default_rng(seed).random((SIDE, SIDE))
    perfect = curves_of(rgb, mask + 0.5 * rank, mask)
    shifted = curves_of(rgb, np.roll(mask, shift, axis=1) + 0.5 * rank, mask)
    chance = curves_of(rgb, rank, mask)
    assert perfect.deletion_area < chance.deletion_area
    assert perfect.insertion_area > chance.insertion_area
    assert perfect.deletion_area < shifted.deletion_area
    assert perfect.insertion_area > shifted.insertion_area
