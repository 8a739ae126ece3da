"""Heat on pictures."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from support import picture, textured

from livecam.core.class_figures import ClassFigures, class_figures_of
from livecam.core.class_map import ClassMap
from livecam.core import heat_overlay
from livecam.core.crop import centred_square
from livecam.core.heat_overlay import COLORMAPS, STYLES, colour_ramps, paint_heat
from livecam.core.map_placement import MapPlacement
from livecam.core.types import Activation, NetworkOutput
from livecam.core.view import View

VIEW = View(class_index=0, class_cycle=(0,))
BOX = centred_square(300, 200)
PLACED = MapPlacement(BOX, 7, 7)
COLD = np.full((7, 7), -1e6, np.float32)


def square(side: int) -> MapPlacement:
    return MapPlacement(centred_square(side, side), 7, 7)


def figures_of(grid: np.ndarray, placement: MapPlacement) -> ClassFigures:
    """Of the other class of a pair."""
    activation = Activation(grid, np.zeros(2, np.float32))
    output = NetworkOutput(grid[..., np.newaxis], activation.logits)
    return class_figures_of(ClassMap(0, activation, placement, output), "rose")


def hot_corner() -> np.ndarray:
    grid = COLD.copy()
    grid[0, 6] = 36.0
    return grid


def test_heat_lies_on_the_square_and_nowhere_else():
    frame = textured(300, 200)
    painted = paint_heat(frame, PLACED, COLD, VIEW)
    outside = np.ones((200, 300), bool)
    outside[:, BOX.left : BOX.left + BOX.width] = False
    assert (painted[outside] == frame[outside]).all()
    assert (painted[~outside] != frame[~outside]).any()


def test_the_hot_cell_is_where_the_network_saw_it():
    painted = paint_heat(
        picture(300, 200, 0), PLACED, hot_corner(), replace(VIEW, interpolation="nearest")
    )
    bright = np.argwhere(painted.sum(axis=2) > 150)
    cell = 200 / 7
    assert bright[:, 0].min() == 0
    assert bright[:, 0].max() == pytest.approx(cell, abs=1)
    assert bright[:, 1].min() == pytest.approx(BOX.left + 6 * cell, abs=1)
    assert bright[:, 1].max() == BOX.left + 199


def test_brightness_view_multiplies_and_adds_no_colour():
    frame = textured(200, 200)
    view = replace(VIEW, style="brightness")
    grid = np.full((7, 7), 36.0 - 10 * np.log(2), np.float32)  # exactly half as bright
    painted = paint_heat(frame, square(200), grid, view)
    assert np.abs(painted.astype(int) - np.round(frame * (127 / 255))).max() <= 1


def test_full_brightness_leaves_the_picture_as_it_is_in_the_brightness_view():
    frame = textured(200, 200)
    hot = np.full((7, 7), 40.0, np.float32)
    painted = paint_heat(frame, square(200), hot, replace(VIEW, style="brightness"))
    assert (painted == frame).all()


@pytest.mark.parametrize("name", COLORMAPS)
def test_full_opacity_shows_the_colour_map_alone(name):
    hot = np.full((7, 7), 36.0, np.float32)
    view = replace(VIEW, opacity=1.0, colormap=name)
    painted = paint_heat(textured(60, 60), square(60), hot, view)
    assert (painted == colour_ramps(view)[255, :, 0]).all()


def test_a_pair_is_magenta_and_green_and_white_where_both_are():
    grids = [COLD.copy(), COLD.copy()]
    grids[0][0, 0], grids[1][0, 6] = 36.0, 36.0
    for grid in grids:
        grid[6, 3] = 36.0
    view = replace(VIEW, style="pair", opacity=1.0, interpolation="nearest")
    placed, second = square(70), figures_of(grids[1], square(70))
    painted = paint_heat(textured(70, 70), placed, grids[0], view, second=second)
    assert [painted[5, 5].tolist(), painted[5, 65].tolist(), painted[65, 35].tolist()] == [
        [255, 0, 255], [0, 255, 0], [255, 255, 255],
    ]  # fmt: skip
    assert (painted[30:40] == 0).all()
    alone = paint_heat(textured(70, 70), placed, grids[0], view)
    assert alone[5, 65].tolist() == [0, 0, 0]
    assert [tuple(ramp[255]) for ramp in np.moveaxis(colour_ramps(view), 2, 0)] == [
        (255, 0, 255), (0, 255, 0),
    ]  # fmt: skip


def test_the_second_of_a_pair_lies_where_its_own_evidence_is():
    view = replace(VIEW, style="pair", opacity=1.0, interpolation="nearest")
    moved = figures_of(hot_corner(), replace(PLACED, offset_px=(16.0, 0.0)))  # half a cell right
    painted = paint_heat(textured(300, 200), PLACED, COLD, view, second=moved)
    green = np.argwhere(painted[:, BOX.left : BOX.left + 200, 1] > 150)
    assert green[:, 1].min() == pytest.approx(6.5 * 200 / 7, abs=1.5)


def test_no_opacity_or_no_overlay_shows_the_picture_alone():
    frame = textured(60, 60)
    placed = square(60)
    for view in (replace(VIEW, opacity=0.0), replace(VIEW, overlay=False)):
        assert (paint_heat(frame, placed, hot_corner(), view) == frame).all()


def test_mirroring_flips_picture_and_heat_together():
    frame = textured(300, 200)
    plain = paint_heat(frame, PLACED, hot_corner(), VIEW)
    mirrored = paint_heat(frame, PLACED, hot_corner(), replace(VIEW, mirror=True))
    assert (mirrored == cv2.flip(plain, 1)).all()


def test_the_frame_itself_is_never_painted_on():
    frame = textured(300, 200)
    before = frame.copy()
    frame.flags.writeable = False
    for style in STYLES:
        paint_heat(frame, PLACED, hot_corner(), replace(VIEW, style=style))
    assert (frame == before).all()


def test_a_moved_map_is_drawn_where_its_evidence_lies_and_in_its_box_alone():
    moved = replace(PLACED, offset_px=(8.0, 16.0))  # a quarter of a cell right, half a cell down
    grid = COLD.copy()
    grid[3, 2] = 36.0
    view = replace(VIEW, interpolation="nearest")
    painted = paint_heat(picture(300, 200, 0), moved, grid, view)
    bright, cell = np.argwhere(painted.sum(axis=2) > 150), 200 / 7
    expected = [3.5 * cell, 4.5 * cell - 1, BOX.left + 2.25 * cell, BOX.left + 3.25 * cell - 1]
    found = [*bright[:, 0][[0, -1]], bright[:, 1].min(), bright[:, 1].max()]
    assert found == pytest.approx(expected, abs=1.5)  # whole pixels
    frame = textured(300, 200)
    cold = paint_heat(frame, moved, COLD, VIEW)
    assert (cold != frame).any(axis=(0, 2)).nonzero()[0][[0, -1]].tolist() == [50, 249]


@pytest.mark.parametrize("colormap", sorted(COLORMAPS))
def test_each_level_has_the_colour_of_the_colormap(colormap):
    """Looked up as whole pixels, in strips of a part of the light; OpenCV looks up each byte."""
    light = np.arange(256, dtype=np.uint8).reshape(16, 16)[:, 1:]
    table = heat_overlay.colour_table(colormap)
    assert (heat_overlay._coloured(light, colormap) == cv2.applyColorMap(light, table)).all()
