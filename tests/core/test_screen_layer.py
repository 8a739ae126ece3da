"""The screen's own text: drawn at the window's resolution, readable in every size."""

from dataclasses import replace

import numpy as np
import pytest
from core.drawn_frames import (
    EVERY_SCREEN_TEXT,
    annotated,
    difference,
    layer_of,
    on_screen,
    with_view,
)
from support import picture

from livecam.core import figures_panel, screen_layer, text
from livecam.core.annotated_frame import Rates, RecorderState
from livecam.core.bounding_box import Box
from livecam.core.formatting import clock_text
from livecam.core.located_object import LocatedObject
from livecam.core.screen_lines import limit_lines
from livecam.core.screen_layer import draw_frame_layer
from livecam.core.text import YELLOW, Line, Rect

EVERYTHING = with_view(top_five=True, paused=True)


@pytest.mark.parametrize("value", [0, 90, 255])
def test_letters_stand_out_on_any_ground(value):
    grey = on_screen(value=value)[10:110, 10:180].mean(axis=2)
    assert np.percentile(grey, 99.5) - np.percentile(grey, 30) > 120


@pytest.mark.parametrize(
    "canvas", [(1, 1), (7, 5), (96, 96), (200, 200), (250, 188), (320, 568), (3840, 2160)]
)
@pytest.mark.parametrize("view", [EVERYTHING, with_view(help=True)])
def test_every_size_of_window_can_be_drawn_on(canvas, view):
    rates = Rates(limit="the recording loses frames: try --quality small or a smaller --size")
    shown = on_screen(320, 240, view=view, canvas=canvas, rates=rates, **EVERY_SCREEN_TEXT)
    assert shown.shape == (canvas[1], canvas[0], 3)


@pytest.mark.parametrize(
    "view",
    [
        with_view(top_five=True), with_view(help=True), with_view(paused=True),
        with_view(figures=False), with_view(auto=True),
        with_view(interpolation="nearest"), with_view(overlay=False),
        with_view(style="brightness"), with_view(colormap="jet"),
    ],
)  # fmt: skip
def test_each_choice_can_be_seen(view):
    assert len(difference(on_screen(), on_screen(view=view))) > 20


def test_recording_time_engine_and_notification_can_be_seen():
    assert len(difference(on_screen(), on_screen(engine="LiteRT"))) > 50
    assert len(difference(on_screen(), on_screen(message="saved"))) > 100
    rows, columns = difference(on_screen(), on_screen(recording_s=5.0)).T
    assert len(rows) > 100
    assert rows.max() < 100
    assert columns.min() > 400


def sharpness(grey):
    """Mean of the steepest hundredth of all steps from one pixel to the next."""
    steps = np.abs(np.diff(grey.mean(axis=2), axis=1)).ravel()
    return np.sort(steps)[-steps.size // 100 :].mean()


@pytest.mark.parametrize("canvas", [(640, 480), (1920, 1080)])
def test_letters_of_a_small_source_are_as_sharp_as_those_of_a_large_one(canvas):
    small, large = on_screen(320, 240, canvas=canvas), on_screen(*canvas, canvas=canvas)
    assert sharpness(small) == pytest.approx(sharpness(large), rel=0.1)


def test_letters_are_readable_in_a_window_of_250_pixels():
    assert screen_layer.screen_letters_px(250, 188) >= 13
    assert text.base_size_px(1280, 720) == screen_layer.screen_letters_px(1280, 720) == 24
    shown = on_screen(320, 240, canvas=(250, 188))
    bare = on_screen(320, 240, canvas=(250, 188), view=with_view(figures=False))
    rows, columns = difference(shown, bare).T
    assert (rows < 100).sum() > 3000  # class, maximum, mean and rate
    assert ((rows > 90) & (columns > 180)).sum() > 500  # and the colour bar


def test_nothing_lies_on_anything_else():
    status = {"recorder": RecorderState(dropped=12, minutes_left=3.0), **EVERY_SCREEN_TEXT}
    for canvas in ((250, 188), (200, 500), (320, 240), (640, 480), (1280, 720), (1920, 1080)):
        frame = annotated(640, 480, view=EVERYTHING, **{**status, "message": ""})
        base = screen_layer.screen_letters_px(*canvas)
        layer = layer_of(frame, base, *canvas)
        layer.draw()
        for number, one in enumerate(layer.panels):
            for other in layer.panels[number + 1 :]:
                assert not one.overlaps(other), (canvas, one, other)


def test_where_there_is_room_above_the_picture_panels_lie_in_the_windows_corners():
    """In a narrow window they kept to the square's width, high above it."""
    canvas, place = picture(390, 844, 0), Rect(0, 276, 390, 292)
    draw_frame_layer(canvas, place, annotated(640, 480, view=with_view(top_five=True)))
    columns = np.flatnonzero(canvas[:270].any(axis=(0, 2)))
    assert columns.min() < 20
    assert columns.max() > 370


def test_a_class_of_no_probability_has_no_bar():
    panel = Rect(0, 0, 200, 20)
    for probability, width_px in ((0.001, 0), (0.5, 94), (1.0, 188)):
        canvas = picture(200, 20, 0)
        line = Line("", YELLOW)
        figures_panel._draw_class(canvas, line, probability, panel, baseline=12, base=12)
        assert (canvas[15:] == YELLOW).all(axis=2).sum() == 2 * width_px


def test_the_outline_lies_where_the_picture_is_and_not_over_panels():
    frame = annotated(640, 480)
    canvas = picture(1000, 480)
    draw_frame_layer(canvas, Rect(180, 0, 640, 480), frame)
    line = canvas[240, :, 0] == 255
    assert list(np.flatnonzero(line)) == [261, 738]
    mirrored = picture(1000, 480)
    off_centre = annotated(301, 200, view=with_view(mirror=True, figures=False))
    draw_frame_layer(mirrored, Rect(0, 0, 301, 200), off_centre)
    assert list(np.flatnonzero(mirrored[100, :, 0] == 255)) == [52, 249]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0:00"), (7.9, "0:07"), (754, "12:34"), (3723, "1:02:03")]
)
def test_recording_time_reads_like_a_clock(seconds, words):
    assert clock_text(seconds) == words


def test_what_limits_the_rate_is_wrapped_to_the_windows_width():
    limit = "the recording loses frames: try --quality small or a smaller --size"
    assert [line.text for line in limit_lines(limit, 60.0)] == [
        "the recording loses frames:", "try --quality small or a smaller --size",
    ]  # fmt: skip
    assert len(limit_lines(limit, 16.0)) > 2
    assert limit_lines("", 60.0) == []


def test_what_stands_still_says_nothing_of_rates_and_age():
    """Before, a paused window said "-- FPS", and how old its picture had been."""
    rates = Rates(limit="the model is the limit: try --alpha 0.5")
    said = []
    for stands_still in (False, True):
        frame = annotated(stands_still=stands_still, rates=rates, engine="LiteRT")
        frame = replace(frame, stats=replace(frame.stats, fps=None, age_ms=80.0))
        layer = layer_of(frame, 16)
        said.append(" ".join(line.text for line in layer.figure_lines(Rect(0, 0, 640, 480))))
    assert "-- FPS" in said[0]
    assert "80 ms old" in said[0]
    assert not any(words in said[1] for words in ("FPS", "old", "limit"))
    assert "LiteRT" in said[1]


@pytest.mark.parametrize("view", [EVERYTHING, with_view(help=True)])
def test_a_canvas_with_a_fourth_channel_shows_the_same(view):
    """The memory of a window's surface has one that does not count."""
    frame = annotated(640, 480, view=view, **EVERY_SCREEN_TEXT)
    three, four = picture(640, 480), np.full((480, 640, 4), 90, np.uint8)
    for canvas in (three, four):
        draw_frame_layer(canvas, Rect(0, 0, 640, 480), frame)
    assert (three == four[:, :, :3]).all()


def test_boxes_of_things_change_nothing_in_the_panels():
    """Before, their lines shone through."""
    view = with_view(top_five=True, boxes=True)
    box = Box(100, 20, 300, 400)
    plain = annotated(640, 480, view=view)
    boxed = replace(plain, objects=(LocatedObject(box, 0.9, 1),))
    base = screen_layer.screen_letters_px(640, 480)
    layer = layer_of(plain, base)
    layer.draw()
    without, drawn = picture(640, 480), picture(640, 480)
    for canvas, frame in ((without, plain), (drawn, boxed)):
        draw_frame_layer(canvas, Rect(0, 0, 640, 480), frame)
    assert len(difference(without, drawn)) > 1000
    for panel in layer.panels:
        assert (panel.part_of(without) == panel.part_of(drawn)).all()
