"""What is recorded: heat, square and figures as asked, and nothing of the user interface."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from annotated_frames import class_map_of
from core.drawn_frames import EVERY_SCREEN_TEXT, VIEW, annotated, difference, recorded, with_view

from livecam.core import text
from livecam.core.annotated_frame import Rates, RecorderState
from livecam.core.annotated_picture import annotations_of
from livecam.core.bounding_box import Box
from livecam.core.class_figures import class_figures_of
from livecam.core.figures_panel import (
    PALE_GREEN,
    PALE_MAGENTA,
    clock_lines,
    figure_lines,
    heat_line,
)
from livecam.core.box_outline import outline_box
from livecam.core.located_object import LocatedObject


@pytest.mark.parametrize("value", [0, 90, 255])
def test_letters_stand_out_on_any_ground(value):
    grey = recorded(value=value)[10:110, 10:180].mean(axis=2)
    assert np.percentile(grey, 99.5) - np.percentile(grey, 30) > 120


@pytest.mark.parametrize("size", [(640, 480), (160, 120), (320, 568)])
@pytest.mark.parametrize(
    "changes",
    [{"help": True}, {"paused": True}, {"fullscreen": True}, {"top_five": True},
     {"figures": False}, {"recording": True}],
)  # fmt: skip
def test_what_belongs_to_the_screen_changes_no_pixel(size, changes):
    plain = recorded(*size)
    more = {**EVERY_SCREEN_TEXT, "rates": Rates(limit="the model is the limit: try --alpha 0.5"),
            "recorder": RecorderState(dropped=7, minutes_left=0.5)}  # fmt: skip
    assert (recorded(*size, view=with_view(**changes), **more) == plain).all()


def test_without_figures_there_are_heat_and_square_alone():
    bare = recorded(view=with_view(record_figures=False))
    untouched = annotated().painted
    rows, columns = difference(bare, untouched).T
    assert set(columns) == {80, 81, 558, 559} | set(columns[(rows < 2) | (rows > 477)])
    assert len(difference(recorded(), bare)) > 2000


def test_the_most_probable_classes_are_recorded_where_asked():
    plain, top = recorded(), recorded(view=with_view(record_top=True))
    rows, columns = difference(plain, top).T
    assert columns.min() > 320
    assert rows.max() < 240
    alone = recorded(view=with_view(record_figures=False, record_top=True))
    above = np.s_[:220, 320:]  # of the cross in the middle, which comes with the figures
    assert (alone[above] == top[above]).all()


def test_without_heat_there_is_no_colour_bar():
    rows, columns = difference(recorded(), recorded(view=with_view(overlay=False))).T
    assert rows.min() > 320
    assert columns.min() > 560


def test_the_figures_say_what_the_data_say_and_the_engine_on_screens_only():
    frame = annotated()
    stats, lines = frame.stats, [line.text for line in figure_lines(frame)]
    assert lines == [
        f"daisy  {100 * stats.probability:.1f} %",
        f"max {stats.maximum:.1f}   mean {stats.mean:.1f}",
        "sees something else",
        "30.0 FPS",
    ]
    assert figure_lines(frame, engine="LiteRT")[3].text == "30.0 FPS   LiteRT"
    assert heat_line(VIEW, 36.0).text == "bilinear   fixed 36.0"


def test_date_and_time_are_in_the_picture_where_they_are_wanted_and_known():
    at = datetime(2026, 11, 29, 7, 5, 9, tzinfo=UTC)
    clocked = with_view(record_clock=True)
    (line,) = clock_lines(annotated(view=clocked, at=at))
    assert line.text == "2026-11-29 07:05:09"
    assert (recorded(view=clocked) == recorded()).all()  # unknown
    assert (recorded(at=at) == recorded()).all()  # unwanted
    assert (recorded(view=clocked, at=at) != recorded()).any()
    alone = recorded(view=with_view(record_clock=True, record_figures=False), at=at)
    bare = recorded(view=with_view(record_figures=False), at=at)
    rows, columns = difference(alone, bare).T
    assert rows.max() < 60
    assert columns.max() < 360


def test_the_figures_of_a_pair_name_both_in_the_colours_of_their_maps():
    frame = annotated()
    box, grid = frame.box, np.full((7, 7), 3.0, np.float32)
    second = class_figures_of(class_map_of(replace(frame.activation, grid=grid)), "rose")
    lines = figure_lines(replace(frame, second=second))
    names = [(line.text.partition("  ")[0], line.colour) for line in lines[::2]]
    assert names[:2] == [("daisy", PALE_MAGENTA), ("rose", PALE_GREEN)]
    assert lines[3].text == "max 3.0   mean 3.0"
    assert second.placed_in(box) == frame.placement


def test_an_approximate_map_is_called_so_and_an_exact_one_is_not():
    frame = annotated()
    words = [line.text for line in figure_lines(frame)]
    assert not any("approximate" in line for line in words)
    marked = replace(frame, stats=replace(frame.stats, is_approximate=True))
    marked_words = [line.text for line in figure_lines(marked)]
    assert marked_words == [*words[:2], "approximate map (gradient)", *words[2:]]


def test_what_keys_have_set_is_in_no_recorded_word():
    """The interpolation is seen in the heat, the reference in the colour bar."""
    bare = recorded(view=with_view(overlay=False))
    for changes in ({"interpolation": "nearest"}, {"auto": True}, {"act_max": 20.0}):
        assert (recorded(view=with_view(overlay=False, **changes)) == bare).all(), changes


@pytest.mark.parametrize("size", [(320, 240), (640, 480), (1280, 720), (480, 640), (720, 1280)])
@pytest.mark.parametrize("name", ["daisy", "yellow lady's slipper"])
def test_no_panel_lies_on_the_squares_line(size, name):
    """Before, that of the figures lay across its left side, and the colour bar across the right."""
    frame = annotated(*size, view=with_view(record_top=True))
    frame = replace(frame, stats=replace(frame.stats, class_name=name))
    annotations = annotations_of(frame)
    assert annotations.outlined == frame.box
    line = np.full(frame.painted.shape, 128, np.uint8)
    outline_box(line, frame.box, thickness_px=1)
    for place, _ in annotations.panels:
        assert (place.part_of(line) == 128).all(), place
    assert len(annotations.panels) >= 2


def test_panels_stay_where_they_are_whatever_they_say():
    def corner(name, probability):
        frame = annotated(1280, 720)
        stats = replace(frame.stats, class_name=name, probability=probability)
        place, _ = annotations_of(replace(frame, stats=stats)).panels[0]
        return place.left, place.top

    assert corner("bee", 0.0) == corner("yellow lady's slipper", 1.0) == (280 + 2 + 14, 14)


def test_beside_a_wide_picture_there_is_room_for_the_panels():
    places = [place for place, _ in annotations_of(annotated(1920, 600)).panels]
    assert places[0].left + places[0].width < (1920 - 600) // 2
    assert places[-1].left > (1920 + 600) // 2


def test_what_stands_still_has_no_frames_a_second():
    photograph = annotated()
    photograph = replace(photograph, frame=replace(photograph.frame, is_photograph=True))
    paused = annotated(stands_still=True)
    lines = figure_lines(photograph)
    assert "FPS" not in " ".join(line.text for line in lines)
    assert figure_lines(photograph, engine="LiteRT")[-1].text == "LiteRT"
    high, as_high, higher = (
        annotations_of(frame).panels[0][0].height for frame in (photograph, paused, annotated())
    )
    assert high == as_high < higher


def test_only_the_thread_that_prepares_a_frame_draws_letters(monkeypatch):
    """OpenCV's fonts take 80 ms and 6 MB in each thread that writes."""
    annotations = annotations_of(annotated())

    def not_here(*_):
        raise AssertionError("letters are drawn while the picture is put together")

    monkeypatch.setattr(text, "draw_line", not_here)
    picture = annotated().painted.copy()
    annotations.put(picture)
    monkeypatch.undo()
    assert (picture == recorded()).all()


@pytest.mark.parametrize("size", [(1, 1), (7, 5), (96, 96), (200, 200), (320, 568), (3840, 2160)])
def test_every_size_of_picture_can_be_drawn_on(size):
    assert recorded(*size, view=with_view(record_top=True)).shape == (size[1], size[0], 3)


def test_a_tiny_picture_keeps_its_one_line_unless_it_is_not_wanted():
    bare = recorded(160, 120, view=with_view(record_figures=False))
    assert len(difference(recorded(160, 120), bare)) > 100


@pytest.mark.parametrize("size", [(320, 240), (1280, 720)])
def test_labels_of_things_lie_on_no_panel(size):
    """Before, the panel of figures covered those of things at the top."""
    frame = annotated(*size, view=with_view(record_top=True))
    left, side = frame.box.left, frame.box.width
    things = [Box(left + 0.04 * side + 0.24 * n * side, 0.1 * side, 0.2 * side, 0.7 * side)
              for n in range(4)]  # fmt: skip
    located = tuple(LocatedObject(box, 0.9, n) for n, box in enumerate(things, 1))
    annotations = annotations_of(replace(frame, objects=located))
    assert len(annotations.labels) == 4
    for place, _ in annotations.labels:
        assert not any(place.overlaps(panel) for panel, _ in annotations.panels)


def things_at(frame, *boxes):
    """The frame with things that are found there, in the picture's pixels."""
    return replace(frame, objects=tuple(LocatedObject(Box(*one), 0.9, 1) for one in boxes))


def as_photograph(frame):
    return replace(frame, frame=replace(frame.frame, is_photograph=True))


def test_in_a_photograph_the_figures_lie_where_they_hide_least_of_what_is_found():
    still, corner, below = as_photograph(annotated()), (100, 4, 200, 120), (90, 300, 200, 170)
    places = [
        annotations_of(things_at(still, *boxes)).panels[0][0]
        for boxes in ([], [(300, 200, 90, 90)], [corner], [corner, below])
    ]
    assert places[0] == places[1]
    assert (places[2].left, places[2].top > 240) == (places[0].left, True)
    assert (places[3].left > 320, places[3].top) == (True, places[0].top)


def test_of_what_moves_the_figures_stay_and_boxes_are_seen_through_them():
    plain, box = annotated(), (100, 30, 200, 120)
    covered = things_at(plain, box)
    panel = annotations_of(plain).panels[0][0]
    assert annotations_of(covered).panels[0][0] == panel
    pictures = [one.painted.copy() for one in (plain, covered)]
    for picture, one in zip(pictures, (plain, covered), strict=True):
        annotations_of(one).put(picture)
    without, through = (panel.part_of(picture).astype(int) for picture in pictures)
    rows, columns = difference(without.astype(np.uint8), through.astype(np.uint8)).T
    assert set(columns[rows > 40]) <= {100 - panel.left, 101 - panel.left}
    assert (through >= without).all()  # letters are whole, also where a line runs through them
    edge = through[30 - panel.top + 1, 110 - panel.left :]
    assert (edge.mean(axis=1) > 110).all()  # the light line, to the end of the panel


def test_of_what_the_colour_bar_and_the_classes_need_nothing_is_taken():
    still = as_photograph(annotated(view=with_view(record_top=True)))
    crowded = things_at(still, (4, 4, 600, 200))
    assert annotations_of(crowded).panels[0][0] == annotations_of(still).panels[0][0]
