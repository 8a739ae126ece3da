"""Pointing, centre, overlap and what a map alone leaves, on maps that can be worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.core.bounding_box import Box
from livecam.core.map_quality.baselines import centre_box, random_map
from livecam.core.map_quality.map_scores import (
    centre_of,
    drop_of,
    explained_part,
    maximum_of,
    overlap_above,
    place_scores,
)
from livecam.core.map_quality.metrics import METRICS, score_map
from livecam.core.map_quality.truth import Truth, truth_in
from livecam.core.types import CropBox, RgbImage

SIDE = 224


def truth_of(*boxes: Box, side: int = SIDE) -> Truth:
    found = truth_in(boxes, CropBox(0, 0, side, side), (side, side))
    assert found is not None
    return found


def heat_in(box: Box, side: int = SIDE) -> np.ndarray:
    return truth_of(box, side=side).mask.astype(np.float32)


def spot(x: int, y: int, side: int = SIDE) -> np.ndarray:
    heat = np.zeros((side, side), np.float32)
    heat[y, x] = 1.0
    return heat


THING = Box(100, 60, 40, 20)


def test_a_perfect_map_has_every_score():
    scores = place_scores(heat_in(THING), truth_of(THING))
    assert scores.points_inside
    assert scores.points_near
    assert scores.centre_error_px == pytest.approx(0.0, abs=1e-6)
    assert scores.centre_inside_half
    assert scores.overlaps == (1.0, 1.0, 1.0)
    assert scores.energy_inside == 1.0


@pytest.mark.parametrize(
    ("x", "inside", "near"),
    [(100, True, True), (99, False, True), (86, False, True), (84, False, False)],
)
def test_pointing_tolerates_15_pixels_of_224(x, inside, near):
    """The box begins at 100: a maximum in column 84, its middle at 84.5, is 15.5 before it."""
    scores = place_scores(spot(x, 70), truth_of(THING))
    assert (scores.points_inside, scores.points_near) == (inside, near)


def test_the_tolerance_is_a_distance_also_at_a_corner():
    """12 left and 12 above: 17 pixels away."""
    assert not place_scores(spot(88, 48), truth_of(THING)).points_near


def test_pixels_are_those_of_224_at_any_size_of_the_input():
    box = Box(200, 120, 80, 40)
    at_448 = place_scores(spot(180, 140, 448), truth_of(box, side=448))
    at_224 = place_scores(spot(90, 70), truth_of(THING))
    assert at_448.points_near == at_224.points_near is True
    assert at_448.centre_error_px == pytest.approx(at_224.centre_error_px, abs=0.5)


def test_of_several_things_the_nearest_counts():
    scores = place_scores(spot(20, 20), truth_of(THING, Box(10, 10, 20, 20)))
    assert scores.points_inside
    assert scores.centre_error_px == pytest.approx(np.hypot(0.5, 0.5))


def test_the_centre_inside_half_a_radius():
    """Of a box 40 x 20 the radius is 15 on average, half of it 7.5."""
    assert place_scores(spot(126, 69), truth_of(THING)).centre_inside_half
    assert not place_scores(spot(128, 69), truth_of(THING)).centre_inside_half


def test_the_centre_is_that_of_the_part_above_half_the_maximum():
    heat = np.zeros((10, 10), np.float32)
    heat[2, 2], heat[2, 4], heat[8, 8] = 4.0, 4.0, 2.0  # the last one is not above half
    assert centre_of(heat) == pytest.approx((3.5, 2.5))
    heat[2, 4] = 2.5
    assert centre_of(heat) == pytest.approx(((4 * 2.5 + 2.5 * 4.5) / 6.5, 2.5))


def test_a_plateau_has_its_maximum_in_its_middle():
    assert maximum_of(heat_in(THING)) == (120.0, 70.0)


def test_overlap_by_hand():
    """Two squares of 20 x 20, half over each other: 200 of 600 pixels."""
    truth = truth_of(Box(0, 0, 20, 20))
    assert overlap_above(heat_in(Box(10, 0, 20, 20)), 0.5, truth) == pytest.approx(1 / 3)


def test_each_share_of_the_maximum_has_its_own_overlap():
    """1 in the thing, 0.6 in as much beside it, 0.4 in as much again."""
    truth, heat = truth_of(Box(0, 0, 20, 20)), np.zeros((SIDE, SIDE), np.float32)
    heat[:20, :20], heat[:20, 20:40], heat[:20, 40:60] = 1.0, 0.6, 0.4
    assert place_scores(heat, truth).overlaps == pytest.approx((1 / 3, 1 / 2, 1.0))
    assert place_scores(heat, truth).mean_overlap == pytest.approx(11 / 18)
    assert place_scores(heat, truth).energy_inside == pytest.approx(0.5)


def test_a_map_without_evidence_finds_nothing():
    scores = place_scores(np.full((SIDE, SIDE), -2.0, np.float32), truth_of(THING))
    assert scores.overlaps == (0.0, 0.0, 0.0)
    assert scores.energy_inside == 0.0


@given(st.integers(0, 180), st.integers(0, 180), st.integers(21, 43))
def test_a_shifted_map_is_worse_in_everything(left, top, shift):
    box = Box(left, top, 20, 20)
    truth, true = truth_of(box), heat_in(box)
    side = shift if left + shift <= 200 else -shift if left >= shift else None
    if side is None:
        return
    moved = place_scores(heat_in(Box(left + side, top, 20, 20)), truth)
    perfect = place_scores(true, truth)
    assert moved.centre_error_px == pytest.approx(perfect.centre_error_px + shift)
    assert moved.mean_overlap < perfect.mean_overlap
    assert moved.energy_inside < perfect.energy_inside
    assert not moved.points_inside


def test_truth_is_scaled_and_cut_off_as_the_picture_is():
    """A frame of 400 x 200 whose middle square becomes 100 x 100."""
    truth = truth_in([Box(90, 20, 40, 40)], CropBox(100, 0, 200, 200), (100, 100))
    assert truth is not None
    assert truth.boxes == (Box(0, 10, 15, 20),)
    assert truth.mask.sum() == 15 * 20


def test_a_thing_that_the_network_hardly_saw_is_none():
    assert truth_in([Box(60, 0, 50, 50)], CropBox(100, 0, 200, 200), (100, 100)) is None
    assert truth_in([], CropBox(100, 0, 200, 200), (100, 100)) is None


def test_a_mask_says_more_than_boxes():
    mask = np.zeros((200, 200), np.uint8)
    mask[20:40, 20:30] = 255
    truth = truth_in([Box(20, 20, 20, 20)], CropBox(0, 0, 200, 200), (100, 100), mask)
    assert truth is not None
    assert truth.mask.sum() == 10 * 5


def test_what_a_map_leaves_of_a_picture():
    rgb = RgbImage(np.full((2, 2, 3), 200, np.uint8))
    part = explained_part(rgb, np.array([[4.0, 2.0], [0.0, -3.0]], np.float32))
    assert part[..., 0].tolist() == [[200, 100], [0, 0]]


def test_a_drop_is_relative_and_never_below_0():
    assert drop_of(0.8, 0.2) == pytest.approx(0.75)
    assert drop_of(0.2, 0.8) == 0.0
    assert drop_of(0.0, 0.0) == 0.0


def test_every_metric_has_its_value_where_there_is_a_truth():
    rgb = RgbImage(np.full((56, 56, 3), 90, np.uint8))
    truth = truth_of(Box(10, 10, 20, 20), side=56)
    scores = score_map(
        rgb, heat_in(Box(10, 10, 20, 20), 56), truth, lambda p: float(p.mean()) / 255
    )
    assert set(scores.values) == {metric.name for metric in METRICS}
    without = score_map(rgb, np.ones((56, 56), np.float32), None, lambda _: 0.5)
    assert set(without.values) == {m.name for m in METRICS if not m.needs_truth}


def test_the_centre_box_is_half_of_each_side():
    box = centre_box(SIDE, SIDE)
    assert (box >= 0.3).sum() == 112 * 112
    assert box[56:168, 56:168].min() > 0.9
    assert box[0].max() < 0.2
    assert (centre_box(224, 416) >= 0.7).sum() == 112 * 208


def test_the_random_map_is_that_of_its_seed():
    one, again = (random_map(96, 64, np.random.default_rng(3)) for _ in range(2))
    assert one.shape == (96, 64)
    assert (one == again).all()
    assert 0 <= one.min() < one.max() <= 1
