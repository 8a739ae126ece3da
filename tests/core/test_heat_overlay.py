"""Heat on pictures."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from support import picture, textured

from livecam.core.crop import centred_square
from livecam.core.heat_overlay import COLORMAPS, colour_ramp, paint_heat, upscale
from livecam.core.view import View

VIEW = View(class_index=0, class_cycle=(0,))
BOX = centred_square(300, 200)
COLD = np.full((7, 7), -1e6, np.float32)


def hot_corner() -> np.ndarray:
    grid = COLD.copy()
    grid[0, 6] = 36.0
    return grid


def test_heat_lies_on_the_square_and_nowhere_else():
    frame = textured(300, 200)
    painted = paint_heat(frame, BOX, COLD, VIEW)
    outside = np.ones((200, 300), bool)
    outside[:, BOX.left : BOX.left + BOX.side] = False
    assert (painted[outside] == frame[outside]).all()
    assert (painted[~outside] != frame[~outside]).any()


def test_the_hot_cell_is_where_the_network_saw_it():
    painted = paint_heat(
        picture(300, 200, 0), BOX, hot_corner(), replace(VIEW, interpolation="nearest")
    )
    bright = np.argwhere(painted.sum(axis=2) > 150)
    cell = 200 / 7
    assert bright[:, 0].min() == 0
    assert bright[:, 0].max() == pytest.approx(cell, abs=1)
    assert bright[:, 1].min() == pytest.approx(BOX.left + 6 * cell, abs=1)
    assert bright[:, 1].max() == BOX.left + 199


def test_bilinear_light_peaks_in_the_middle_of_its_cell():
    levels = np.zeros((7, 7), np.uint8)
    levels[3, 5] = 255
    row, column = np.unravel_index(upscale(levels, 224, "bilinear").argmax(), (224, 224))
    assert abs(row - (3 * 32 + 15.5)) <= 1
    assert abs(column - (5 * 32 + 15.5)) <= 1


def test_nearest_gives_blocks_and_bilinear_a_slope():
    levels = np.array([[0, 255], [0, 255]], np.uint8)
    assert set(np.unique(upscale(levels, 100, "nearest"))) == {0, 255}
    assert len(np.unique(upscale(levels, 100, "bilinear"))) > 40


def test_brightness_view_multiplies_and_adds_no_colour():
    frame = textured(200, 200)
    view = replace(VIEW, style="brightness")
    grid = np.full((7, 7), 36.0 - 10 * np.log(2), np.float32)  # exactly half as bright
    painted = paint_heat(frame, centred_square(200, 200), grid, view)
    assert np.abs(painted.astype(int) - np.round(frame * (127 / 255))).max() <= 1


def test_full_brightness_leaves_the_picture_as_it_is_in_the_brightness_view():
    frame = textured(200, 200)
    hot = np.full((7, 7), 40.0, np.float32)
    painted = paint_heat(frame, centred_square(200, 200), hot, replace(VIEW, style="brightness"))
    assert (painted == frame).all()


@pytest.mark.parametrize("name", COLORMAPS)
def test_full_opacity_shows_the_colour_map_alone(name):
    hot = np.full((7, 7), 36.0, np.float32)
    view = replace(VIEW, opacity=1.0, colormap=name)
    painted = paint_heat(textured(60, 60), centred_square(60, 60), hot, view)
    assert (painted == colour_ramp(view)[255]).all()


def test_no_opacity_or_no_overlay_shows_the_picture_alone():
    frame = textured(60, 60)
    box = centred_square(60, 60)
    for view in (replace(VIEW, opacity=0.0), replace(VIEW, overlay=False)):
        assert (paint_heat(frame, box, hot_corner(), view) == frame).all()


def test_mirroring_flips_picture_and_heat_together():
    frame = textured(300, 200)
    plain = paint_heat(frame, BOX, hot_corner(), VIEW)
    mirrored = paint_heat(frame, BOX, hot_corner(), replace(VIEW, mirror=True))
    assert (mirrored == cv2.flip(plain, 1)).all()


def test_the_frame_itself_is_never_painted_on():
    frame = textured(300, 200)
    before = frame.copy()
    frame.flags.writeable = False
    for style in ("colour", "brightness"):
        paint_heat(frame, BOX, hot_corner(), replace(VIEW, style=style))
    assert (frame == before).all()
