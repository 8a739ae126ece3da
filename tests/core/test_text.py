"""Drawings made once look like drawings made on the spot."""

from dataclasses import replace

import numpy as np
from support import textured

from livecam.core import hud

from livecam.core import text
from livecam.core.types import BgrImage
from livecam.core.view import View

VIEW = View(class_index=0, class_cycle=(0,))
LINES = [text.Line("daisy 98 %", text.WHITE, 1.35, text.BOLD), text.Line("max 31", text.YELLOW)]


def test_a_stamp_leaves_on_any_picture_what_the_drawing_leaves():
    def draw(picture: BgrImage) -> None:
        text.draw_panel(picture, LINES, 4, 4, 20)

    stamp = text.stamp_of(draw, 300, 100)
    for seed in range(3):
        drawn, stamped = textured(400, 200, seed), textured(400, 200, seed)
        draw(drawn[20:120, 30:330])
        stamp.put(stamped, 30, 20)
        assert np.abs(drawn.astype(int) - stamped).max() <= 3  # letters' edges round twice
        assert (stamped[:20] == drawn[:20]).all()
        assert (stamped[:, 330:] == drawn[:, 330:]).all()


def test_the_colour_bar_follows_view_and_reference():
    def bar(view: View, reference: float) -> np.ndarray:
        picture = BgrImage(np.full((720, 1280, 3), 90, np.uint8))
        hud.draw_colour_bar(picture, view, reference, 24)
        return picture

    plain = bar(VIEW, 36.0)
    assert (plain == bar(VIEW, 36.0)).all()
    assert (plain != bar(VIEW, 20.0)).any()
    assert (plain != bar(replace(VIEW, colormap="turbo"), 36.0)).any()
    assert (plain != bar(replace(VIEW, style="brightness"), 36.0)).any()
    assert (plain != bar(replace(VIEW, gain=0.2), 36.0)).any()
    assert (plain == bar(replace(VIEW, class_index=3, opacity=0.1), 36.0)).all()
