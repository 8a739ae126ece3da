"""The cross where the evidence lies."""

from dataclasses import replace

import numpy as np
import pytest
from annotated_frames import annotated_frame_of
from core.drawn_frames import VIEW, difference, on_screen, recorded
from support import picture

from livecam.core.centre_cross import cross_place, draw_cross
from livecam.core.text import Rect

FRAME = annotated_frame_of(picture(400, 224), 40, 0.0, view=replace(VIEW, act_max=36.0))


@pytest.mark.parametrize("value", [0, 120, 255])
def test_the_cross_is_seen_on_any_ground_and_lies_where_it_is_told(value):
    drawn = picture(200, 100, value)
    draw_cross(drawn, (120.5, 40.5), 20)
    changed = np.argwhere((drawn != value).any(axis=2))
    assert changed.mean(axis=0) + 0.5 == pytest.approx((40.5, 120.5), abs=0.3)
    assert np.abs(drawn.astype(int) - value).max() > 100
    assert changed[:, 1].max() - changed[:, 1].min() == pytest.approx(20, abs=6)


def test_panels_hide_the_cross():
    drawn = picture(200, 100)
    draw_cross(drawn, (100, 50), 20, below=[Rect(80, 30, 40, 40)])
    assert (drawn == 90).all()


def test_the_cross_is_at_the_centre_mirrored_with_the_picture():
    x, y = FRAME.stats.centre
    assert cross_place(FRAME) == (x, y)
    mirrored = replace(FRAME, view=replace(FRAME.view, mirror=True))
    assert cross_place(mirrored) == (400 - x, y)


def test_where_no_heat_is_to_be_seen_there_is_no_cross():
    cold = replace(FRAME, stats=replace(FRAME.stats, maximum=12.0))
    assert cross_place(cold) is None
    assert cross_place(replace(cold, view=replace(cold.view, act_max=20.0))) is not None
    nowhere = replace(FRAME, stats=replace(FRAME.stats, located=lambda: None))
    assert cross_place(nowhere) is None


def test_screens_and_recordings_have_it_with_their_figures_only():
    for drawn, without in (
        (on_screen, {"figures": False}),
        (recorded, {"record_figures": False}),
    ):
        hot, cold = replace(VIEW, act_max=10.0), replace(VIEW, act_max=80.0)
        # The fake's map is even over the square, so its centre is that of the picture.
        middle = np.s_[225:255, 305:335]
        assert len(difference(drawn(view=hot)[middle], drawn(view=cold)[middle]))
        off = replace(hot, **without)
        assert not len(
            difference(drawn(view=off)[middle], drawn(view=replace(cold, **without))[middle])
        )
