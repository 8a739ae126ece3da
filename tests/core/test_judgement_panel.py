"""The panel of a judged frame: on every size of screen, beside nothing else."""

from itertools import combinations

import numpy as np
import pytest
from core.drawn_frames import annotated, layer_of, difference, on_screen, recorded, with_view
from support import picture, textured

from livecam.core.frame_judgement import FrameJudgement
from livecam.core.judgement_panel import (
    DELETION,
    INSERTION,
    draw_judgement,
    judgement_lines,
)
from livecam.core.map_quality.deletion_insertion import STEPS, JudgedCurves
from livecam.core.screen_layer import screen_letters_px

FALLING = tuple(1.0 - step / STEPS for step in range(STEPS + 1))
WHOLE = JudgedCurves(FALLING, (*[0.0] * 14, *[1.0] * 15))


def judged(curves: JudgedCurves = WHOLE) -> FrameJudgement:
    return FrameJudgement(1, "daisy", curves, textured(240, 240))


def pixels_of(canvas: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    """Rows and columns of the pixels that have this colour, nearly."""
    return np.argwhere(np.abs(canvas[..., :3].astype(int) - colour).max(axis=2) < 20)


def test_the_panel_names_the_class_its_probability_and_both_areas():
    words = [line.text for line in judgement_lines(judged())]
    assert words == [
        "judged: daisy  100.0 %",
        "deletion 0.50, less is better",
        "insertion 0.52, more is better",
    ]


def test_while_it_is_computed_it_says_how_far_it_is():
    words = [line.text for line in judgement_lines(judged(JudgedCurves(FALLING)))]
    assert words[1] == "judging 50 %"
    assert judgement_lines(judged(JudgedCurves()))[0].text == "judged: daisy"


def test_the_curves_are_where_their_values_are():
    """Deletion falls from the upper left to the lower right of the plot; insertion jumps up."""
    canvas = picture(1280, 720, 0)
    panel = draw_judgement(canvas, judged(), 24)
    plot = panel.part_of(canvas)[panel.height - 148 :, 150:]  # without letters and picture
    rows, columns = pixels_of(plot, DELETION).T
    assert np.corrcoef(rows, columns)[0, 1] > 0.99
    rows, columns = pixels_of(plot, INSERTION).T
    assert rows[columns > columns.max() - 40].max() < 20
    assert rows[columns < columns.min() + 40].min() > 100


@pytest.mark.parametrize("canvas", [(250, 200), (320, 240), (480, 270), (640, 480), (1280, 720)])
def test_the_panel_lies_on_the_canvas_and_over_no_other_panel(canvas):
    frame = annotated(*canvas, view=with_view(judged=True, top_five=True), judgement=judged())
    layer = layer_of(frame, screen_letters_px(*canvas), *canvas)
    layer.draw()
    panel, *others = layer.panels
    assert panel.left >= 0
    assert panel.top >= 0
    assert panel.left + panel.width <= canvas[0]
    assert panel.top + panel.height <= canvas[1]
    assert not any(panel.overlaps(other) for other in others)


def test_messages_stand_above_it():
    shown = on_screen(judgement=judged(), message="colour map: turbo")
    rows = difference(shown, on_screen(judgement=judged()))[:, 0]
    panel = draw_judgement(picture(640, 480), judged(), screen_letters_px(640, 480))
    assert rows.max() < panel.top


@pytest.mark.parametrize("canvas", [(320, 240), (640, 480), (1280, 720)])
def test_the_files_name_stays_at_the_bottom_and_the_panel_lies_above_it(canvas):
    """The name moved up over the picture."""
    frame = annotated(*canvas, view=with_view(judged=True), judgement=judged(), place="photo.jpg")
    layer = layer_of(frame, screen_letters_px(*canvas), *canvas)
    layer.draw()
    left = [panel for panel in layer.panels if panel.left < canvas[0] // 3]
    lowest = max(left, key=lambda panel: panel.top)
    assert lowest.height < 3 * layer.base
    assert lowest.top + lowest.height + layer.margin == canvas[1]
    assert not any(a.overlaps(b) for a, b in combinations(left, 2))


def test_on_a_stamp_there_is_one_line():
    changed = difference(on_screen(120, 120, judgement=judged()), on_screen(120, 120))
    assert len(changed) > 20
    assert changed[:, 0].max() < 40


def test_a_window_with_four_channels_is_drawn_on_as_well():
    canvas = np.zeros((480, 640, 4), np.uint8)
    draw_judgement(canvas, judged(), 16)
    plain = picture(640, 480, 0)
    draw_judgement(plain, judged(), 16)
    assert (canvas[..., :3] == plain).all()


def test_recordings_do_not_hold_it():
    assert (recorded(judgement=judged()) == recorded()).all()
