"""Boxes: overlap, parts inside a picture, and which found one is which true one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.core.bounding_box import Box, box_of_mask, intersection_over_union, matched, overlaps

sides = st.floats(0, 500)
boxes = st.builds(Box, st.floats(-500, 500), st.floats(-500, 500), sides, sides)


@pytest.mark.parametrize(
    ("other", "share"),
    [
        (Box(0, 0, 10, 10), 1.0),
        (Box(5, 0, 10, 10), 50 / 150),
        (Box(5, 5, 10, 10), 25 / 175),
        (Box(2, 2, 5, 5), 25 / 100),
        (Box(10, 0, 10, 10), 0.0),
        (Box(30, 30, 10, 10), 0.0),
        (Box(5, 5, 0, 0), 0.0),
    ],
)
def test_intersection_over_union(other, share):
    assert intersection_over_union(Box(0, 0, 10, 10), other) == pytest.approx(share)


@given(boxes, boxes)
def test_overlap_is_the_same_both_ways_and_at_most_whole(one, other):
    share = intersection_over_union(one, other)
    assert 0.0 <= share <= 1.0 + 1e-9
    assert share == pytest.approx(intersection_over_union(other, one))


def test_two_empty_boxes_do_not_overlap():
    assert intersection_over_union(Box(3, 3, 0, 0), Box(3, 3, 0, 0)) == 0.0


def test_overlaps_of_none_have_a_shape():
    assert overlaps([], [Box(0, 0, 1, 1)]).shape == (0, 1)
    assert overlaps([Box(0, 0, 1, 1)], []).shape == (1, 0)


def test_a_box_is_clipped_to_the_picture():
    assert Box(-10, 5, 30, 100).clipped(50, 40) == Box(0, 5, 20, 35)
    assert Box(60, 5, 30, 10).clipped(50, 40).area == 0.0
    assert Box(-60, -5, 30, 3).clipped(50, 40) == Box(0, 0, 0, 0)


def test_a_point_just_outside_counts_within_the_tolerance():
    box = Box(10, 20, 30, 40)
    assert box.holds(10, 60)
    assert not box.holds(9, 60)
    assert box.holds(0, 75, tolerance_px=15)
    assert not box.holds(10, 76, tolerance_px=15)


def test_the_box_of_a_mask_is_tight():
    mask = np.zeros((20, 30), bool)
    mask[4:7, 11] = mask[5, 11:16] = True
    assert box_of_mask(mask) == Box(11, 4, 5, 3)
    assert box_of_mask(np.zeros((20, 30), bool)) is None


def test_each_true_box_is_found_once():
    truth = [Box(0, 0, 10, 10), Box(100, 0, 10, 10)]
    found = [Box(99, 0, 10, 10), Box(1, 0, 10, 10), Box(0, 0, 10, 10), Box(50, 0, 10, 10)]
    assert matched(found, truth, 0.5) == [(0, 1), (1, 0)]


def test_no_overlap_is_never_a_match():
    assert matched([Box(0, 0, 10, 10)], [Box(50, 0, 10, 10)], 0.0) == []
    assert matched([Box(0, 0, 10, 10)], [], 0.5) == []
    assert matched([], [Box(0, 0, 10, 10)], 0.5) == []


def test_the_part_of_a_box_within_another():
    seen = Box(100, 50, 80, 60)
    assert Box(90, 60, 30, 20).within(seen) == Box(100, 60, 20, 20)
    assert Box(170, 100, 50, 50).within(seen) == Box(170, 100, 10, 10)
    assert Box(0, 0, 50, 20).within(seen).area == 0
