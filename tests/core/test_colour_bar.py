"""The colour bar: ticks at round values, where their brightness is."""

import math
from itertools import pairwise
from dataclasses import replace

import numpy as np
import pytest
from core.drawn_frames import VIEW, difference
from hypothesis import given
from hypothesis import strategies as st
from support import picture

from livecam.core.colour_bar import (
    LEAST_GAP,
    LEAST_LEVEL,
    Tick,
    colour_bar_place,
    colour_stops,
    draw_colour_bar,
    fitting_ticks,
    ticks_of,
    view_ticks,
)
from livecam.core.heat_overlay import COLORMAPS, colour_table
from livecam.core.text import Rect
from livecam.core.types import BgrImage


def labels(*args):
    return [tick.label for tick in ticks_of(*args, auto=False)]


def test_ticks_are_round_values_and_the_reference():
    assert labels(36.0, 0.1) == ["≥36", "30", "20"]
    assert labels(36.0, 1.0) == ["≥36", "35", "34"]
    assert labels(36.0, 0.01) == ["≥36", "0", "-100", "-200"]
    assert labels(35.5, 0.1)[0] == "≥35.5"


def test_a_measured_reference_has_no_more_digits_than_can_be_read():
    assert labels(27.5943, 0.13)[0] == "≥27.6"
    assert labels(5.43219, 0.6)[0] == "≥5.43"
    assert labels(0.0123456, 200.0)[0] == "≥0.0123"


@pytest.mark.parametrize("gain", [5e-324, 1e-307, 10.0])
def test_no_gain_that_settings_allow_is_too_small_for_ticks(gain):
    """Before, the page answered nothing more: OverflowError."""
    assert labels(30.0, gain)[0] == "\N{GREATER-THAN OR EQUAL TO}30"


def test_of_a_frames_own_maximum_a_whole_number_is_shown_and_nothing_lies_above_it():
    ticks = view_ticks(replace(VIEW, auto=True), 23.7)
    assert [tick.label for tick in ticks] == ["24", "20", "10", "0"]


@pytest.mark.parametrize(("reference", "shown"), [(6.0, "6"), (0.4321, "0.43"), (432.1, "430")])
def test_of_another_scale_two_digits_are_shown_with_the_gain_that_fits(reference, shown):
    top, *below = view_ticks(replace(VIEW, auto=True, gain_is_relative=True), reference)
    assert top.label == shown
    assert len(below) >= 2
    assert 0.0 <= float(below[0].label) < reference


@given(
    st.floats(-1000, 1000), st.floats(0.001, 10), st.booleans(),
)  # fmt: skip
def test_every_tick_lies_at_the_brightness_of_its_activation(reference, gain, auto):
    ticks = ticks_of(reference, gain, auto=auto)
    assert ticks[0].level == 1.0
    for tick in ticks[1:]:
        expected = math.exp(gain * (float(tick.label) - reference))
        assert tick.level == pytest.approx(expected, abs=0.02)
        assert tick.level >= LEAST_LEVEL
    levels = [tick.level for tick in ticks]
    assert all(a - b >= LEAST_GAP - 1e-9 for a, b in pairwise(levels))


@given(st.floats(-100, 100), st.floats(0.01, 5))
def test_there_are_always_enough_ticks_to_read_the_scale(reference, gain):
    assert len(ticks_of(reference, gain, auto=False)) >= 3


def test_the_colour_bar_follows_view_and_reference():
    def bar(view, reference):
        drawn = BgrImage(np.full((720, 1280, 3), 90, np.uint8))
        place = colour_bar_place(Rect(0, 0, 1280, 720), view, reference, 24)
        draw_colour_bar(drawn, place, view, reference, 24)
        return drawn

    plain = bar(VIEW, 36.0)
    assert (plain == bar(VIEW, 36.0)).all()
    assert (plain != bar(VIEW, 20.0)).any()
    assert (plain != bar(replace(VIEW, colormap="turbo"), 36.0)).any()
    assert (plain != bar(replace(VIEW, style="brightness"), 36.0)).any()
    assert (plain != bar(replace(VIEW, style="pair"), 36.0)).any()
    assert (plain != bar(replace(VIEW, gain=0.2), 36.0)).any()
    assert (plain == bar(replace(VIEW, class_index=3, opacity=0.1), 36.0)).all()


def test_nothing_is_said_to_lie_above_a_frames_own_maximum():
    fixed, auto = picture(640, 480), picture(640, 480)
    place = Rect(560, 350, 62, 120)
    draw_colour_bar(fixed, place, VIEW, 36.0, 16)
    draw_colour_bar(auto, place, replace(VIEW, auto=True), 36.0, 16)
    assert 5 < len(difference(fixed, auto)) < 5000  # the sign before the figure


def test_the_colours_for_the_page_are_those_of_the_map():
    for name in COLORMAPS:
        stops, table = colour_stops("colour", name), colour_table(name).reshape(256, 3)
        blue, green, red = table[-1].tolist()
        assert stops[-1] == f"#{red:02x}{green:02x}{blue:02x}"
    assert colour_stops("brightness", "jet")[::32] == ("#000000", "#ffffff")


@pytest.mark.parametrize(("base", "kept"), [(8, "ac"), (13, "abc"), (24, "abc"), (48, "abc")])
def test_on_a_small_bar_ticks_whose_labels_would_touch_are_left_out(base, kept):
    ticks = [Tick(1.0, "a"), Tick(0.84, "b"), Tick(0.6, "c")]
    assert [tick.label for tick in fitting_ticks(ticks, base)] == list(kept)


@given(st.floats(-1000, 1000), st.floats(0.001, 10))
def test_between_two_labels_is_a_clear_gap_on_screens_and_on_the_page(reference, gain):
    """The labels 20 and 10 nearly touched; the page draws all ticks on a bar as high in letters."""
    bar_em, digits_em, gap_em = 6.5, 0.6, 0.4
    levels = [tick.level for tick in ticks_of(reference, gain, auto=False)]
    assert all((a - b) * bar_em >= digits_em + gap_em for a, b in pairwise(levels))
