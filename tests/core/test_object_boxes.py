"""Boxes on pictures."""

import numpy as np
import pytest
from support import picture

from livecam.core import text_panel
from livecam.core.bounding_box import Box
from livecam.core.located_object import LocatedObject
from livecam.core.object_boxes import LABEL_SCALE, Ground, draw_objects, labels_of
from livecam.core.text import Rect
from livecam.core.types import CropBox


def changed(drawn, before):
    """Rows and columns that are not as before."""
    rows, columns = np.nonzero((drawn != before).any(axis=2))
    return rows, columns


def drawn_on(value, box, **kwargs):
    bgr = picture(320, 240, value)
    draw_objects(bgr, [LocatedObject(box, 0.87, id=12)], Ground.whole(bgr, **kwargs), 10)
    return bgr


@pytest.mark.parametrize("value", [0, 128, 255])
def test_the_outline_is_seen_on_any_ground(value):
    bgr = drawn_on(value, Box(100, 100, 80, 60))
    edge = bgr[130, 98:104].astype(int)
    assert np.ptp(edge) > 120
    assert (bgr[140:150, 120:160] == value).all()


def test_mirrored_the_box_is_on_the_other_side_and_the_label_can_be_read():
    mirrored = drawn_on(90, Box(20, 100, 80, 60), mirrored=True)
    _, columns = changed(mirrored, picture(320, 240, 90))
    assert columns.min() == 320 - 100
    assert columns.max() <= 320
    plain = drawn_on(90, Box(220, 100, 80, 60))
    assert (mirrored == plain).all()


def test_the_label_stands_above_and_at_the_top_inside():
    rows, _ = changed(drawn_on(90, Box(100, 100, 80, 60)), picture(320, 240, 90))
    assert rows.min() < 95
    assert rows.max() == 159
    rows, _ = changed(drawn_on(90, Box(100, 2, 80, 60)), picture(320, 240, 90))
    assert rows.min() == 2


@pytest.mark.parametrize("box", [Box(-50, -50, 60, 60), Box(300, 230, 90, 90), Box(5, 5, 0, 0)])
def test_boxes_at_the_rim_and_empty_ones_do_no_harm(box):
    assert drawn_on(90, box).shape == (240, 320, 3)


def test_a_tiny_picture_has_outlines_without_letters():
    bgr = picture(40, 30, 90)
    draw_objects(bgr, [LocatedObject(Box(10, 10, 20, 15), 0.9, id=1)], Ground.whole(bgr), 10)
    rows, columns = changed(bgr, picture(40, 30, 90))
    assert (rows.min(), columns.min()) == (10, 10)


def test_in_a_window_the_box_is_where_the_picture_is():
    ground = Ground(Rect(100, 50, 640, 480), (320, 240))
    placed = ground.placed(Box(10, 20, 30, 40))
    assert (placed.left, placed.top, placed.width, placed.height) == (120, 90, 60, 80)
    mirrored = Ground(Rect(100, 50, 640, 480), (320, 240), mirrored=True)
    assert mirrored.placed(Box(10, 20, 30, 40)).left == 100 + 2 * (320 - 40)


SIZE = (320, 240)


def label_places(boxes, panels=()):
    things = [LocatedObject(Box(0, 0, 1, 1), 0.87, id=12) for _ in boxes]
    return [place for place, _ in labels_of(things, boxes, SIZE, 10, panels)]


@pytest.mark.parametrize(
    ("box", "panels"),
    [
        (CropBox(20, 60, 100, 80), [Rect(0, 0, 160, 70)]),  # above and its upper rim are taken
        (CropBox(20, 60, 100, 80), [Rect(0, 0, 160, 70), Rect(0, 130, 160, 110)]),
        (CropBox(0, 0, 320, 240), [Rect(6, 6, 110, 70), Rect(200, 6, 110, 90)]),
        (CropBox(290, 100, 30, 140), [Rect(280, 60, 40, 60)]),
    ],
)
def test_a_label_keeps_clear_of_panels(box, panels):
    """Before, it stood above its box whatever was there."""
    (place,) = label_places([box], panels)
    assert not any(place.overlaps(panel) for panel in panels)
    assert place.lies_in(Rect(0, 0, *SIZE))
    assert place.overlaps(Rect(box.left - 1, box.top - 1, box.width + 2, box.height + 2))


def test_no_label_lies_on_another():
    boxes = [CropBox(100 + 4 * n, 80 + 4 * n, 90, 70) for n in range(5)]
    places = label_places(boxes)
    assert len(places) == 5
    for number, one in enumerate(places):
        assert not any(one.overlaps(other) for other in places[number + 1 :])


def test_what_a_panel_hides_has_no_label():
    assert label_places([CropBox(50, 50, 30, 30)], [Rect(0, 0, 200, 150)]) == []


def test_no_line_shines_through_a_panel_or_a_label():
    """Both are half-transparent where they are drawn on a window."""
    bgr, panel = picture(320, 240, 90), Rect(80, 60, 60, 60)
    panel.part_of(bgr)[:] = 30
    things = [LocatedObject(Box(100, 40 + 10 * n, 90, 130), 0.9, id=1 + n) for n in range(3)]
    labels = draw_objects(bgr, things, Ground.whole(bgr), 10, below=[panel])
    assert (panel.part_of(bgr) == 30).all()
    bare = picture(320, 240, 90)
    for place, line in labels_of(
        things, [Ground.whole(bgr).placed(one.box) for one in things], SIZE, 10, [panel]
    ):
        text_panel.fill_panel(bare, [line], place, 10 * LABEL_SCALE)
    assert len(labels) == 3
    for place in labels:
        assert (place.part_of(bgr) == place.part_of(bare)).all()
