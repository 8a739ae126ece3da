"""Things found in activation maps: how many, where, how large; and none on an empty wall."""

import cv2
import numpy as np
import pytest

from livecam.core.bounding_box import Box, intersection_over_union, matched
from livecam.core.map_placement import MapPlacement
from livecam.core.object_finder import find_parts
from livecam.core.types import CropBox

SIDE_PX = 448
WHOLE = CropBox(0, 0, SIDE_PX, SIDE_PX)


def map_of(discs, *, rows=14, columns=14, peak=36.0, ground=-8.0):
    """A map of evidence on discs (x, y, diameter in pixels, peak or not), seen by square cells."""
    fine = np.full((rows * 32, columns * 32), ground, np.float32)
    for x, y, diameter, *own in discs:
        cv2.circle(fine, (x, y), diameter // 2, own[0] if own else peak, -1)
    return cv2.resize(fine, (columns, rows), interpolation=cv2.INTER_AREA)


def found_in(grid, *, box=WHOLE, offset_px=(0.0, 0.0), blur_cells=0.0):
    """The boxes that are found, the clearest first."""
    return [p.box for p in find_parts(grid, MapPlacement.of(box, grid, offset_px), blur_cells)]


def disc_box(x, y, diameter, *_):
    """The box around a disc."""
    return Box(x - diameter / 2, y - diameter / 2, diameter, diameter)


@pytest.mark.parametrize("diameter", [120, 200, 320])
@pytest.mark.parametrize(("x", "y"), [(224, 224), (170, 250)])
def test_a_disc_is_found_where_it_is(x, y, diameter):
    (box,) = found_in(map_of([(x, y, diameter)]))
    assert intersection_over_union(box, disc_box(x, y, diameter)) > 0.7


def test_discs_apart_are_several():
    discs = [(80, 90, 110), (330, 90, 130), (90, 340, 120), (340, 340, 90)]
    boxes = found_in(map_of(discs))
    assert len(matched(boxes, [disc_box(*disc) for disc in discs], 0.5)) == len(boxes) == 4


def test_discs_that_touch_are_cut_at_their_waist():
    discs = [(130, 224, 180), (318, 224, 180)]
    boxes = found_in(map_of(discs))
    assert len(matched(boxes, [disc_box(*disc) for disc in discs], 0.6)) == len(boxes) == 2


def test_discs_whose_blurs_run_together_are_two():
    discs = [(174, 224, 90), (274, 224, 90)]
    sharp = np.full((SIDE_PX, SIDE_PX), -8.0, np.float32)
    for x, y, diameter in discs:
        cv2.circle(sharp, (x, y), diameter // 2, 36.0, -1)
    grid = cv2.resize(cv2.GaussianBlur(sharp, (0, 0), 24), (14, 14), interpolation=cv2.INTER_AREA)
    boxes = found_in(grid, blur_cells=1.5)
    assert len(matched(boxes, [disc_box(*disc) for disc in discs], 0.5)) == len(boxes) == 2


def test_a_large_thing_with_a_faint_middle_is_one():
    grid = map_of([(224, 224, 340), (224, 224, 110, 6.0)])
    assert len(found_in(grid)) == 1


def test_a_faint_thing_beside_a_clear_one_is_found_whole():
    discs = [(120, 224, 130, 60.0), (320, 224, 130, 20.0)]
    boxes = found_in(map_of(discs))
    assert [box.centre[0] > 224 for box in boxes] == [False, True]
    assert len(matched(boxes, [disc_box(*disc) for disc in discs], 0.5)) == 2


@pytest.mark.parametrize("level", [-30.0, 0.0, 11.0])
def test_an_empty_wall_has_none_however_flat_or_noisy(level):
    noise = np.random.default_rng(0).normal(level, 0.2, (14, 14)).astype(np.float32)
    assert found_in(noise) == []


def test_a_map_that_is_all_evidence_is_one_thing():
    (box,) = found_in(np.full((7, 7), 30.0, np.float32))
    assert box == Box(0, 0, SIDE_PX, SIDE_PX)


def test_what_touches_the_rim_ends_there():
    (box,) = found_in(map_of([(0, 224, 200)]))
    assert box.left == 0
    assert 60 < box.right < 150


def test_boxes_lie_where_the_map_lies():
    grid = map_of([(224, 224, 140)])
    (plain,) = found_in(grid)
    (moved,) = found_in(grid, offset_px=(8.0, -16.0))
    assert moved.centre == pytest.approx((plain.centre[0] + 8, plain.centre[1] - 16), abs=0.01)
    (elsewhere,) = found_in(grid, box=CropBox(100, 20, SIDE_PX // 2, SIDE_PX // 2))
    assert elsewhere.centre == pytest.approx((plain.centre[0] / 2 + 100, plain.centre[1] / 2 + 20))
    assert elsewhere.width == pytest.approx(plain.width / 2)


def test_a_frame_that_is_not_square_has_square_cells():
    grid = map_of([(600, 200, 150)], columns=25)
    (box,) = found_in(grid, box=CropBox(0, 0, 800, 448))
    assert intersection_over_union(box, disc_box(600, 200, 150)) > 0.6


def test_blur_is_taken_off_small_things_more_than_off_large_ones():
    def shrunk_by(diameter):
        grid = map_of([(224, 224, diameter)], ground=0.0)
        (plain,), (unblurred,) = found_in(grid), found_in(grid, blur_cells=2.0)
        return plain.width - unblurred.width

    assert shrunk_by(130) > 1.5 * shrunk_by(300) > 0


def test_less_blur_is_taken_off_where_the_surroundings_speak_against_the_class():
    def width(ground, blur_cells):
        (box,) = found_in(map_of([(224, 224, 150)], ground=ground), blur_cells=blur_cells)
        return box.width

    assert width(-6.0, 2.5) - width(0.0, 2.5) > 12
    assert width(-6.0, 2.5) < width(-6.0, 0.0)
    assert width(-20.0, 0.5) < width(-20.0, 0.0)


def test_the_clearest_comes_first_with_its_cells():
    grid = map_of([(100, 100, 120, 20.0), (340, 340, 120, 40.0)])
    first, second = find_parts(grid, MapPlacement.of(WHOLE, grid), 0.0)
    assert first.peak > second.peak
    assert first.evidence == 1.0
    assert 0.5 < second.evidence < 0.8
    assert first.cells.shape == grid.shape
    assert (grid * first.cells).sum() / first.cells.sum() > 15
    assert first.cells[:7, :7].sum() == 0
