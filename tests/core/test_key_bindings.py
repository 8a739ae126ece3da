"""The key table and the steps from view to view."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.core.key_bindings import (
    BINDINGS,
    ESCAPE,
    LEFT,
    RIGHT,
    after_event,
    bindings_for,
)
from livecam.core.heat_overlay import COLORMAPS
from livecam.core.events import Closed, Drag, KeyPress, Wheel
from livecam.core.network_size import Look
from livecam.core.view import View

START = View(class_index=985, class_cycle=(985, 309, 10))


def pressed(*keys: str, view: View = START) -> View:
    for key in keys:
        view = after_event(view, KeyPress(key))
    return view


def changed(before: View, after: View) -> set[str]:
    return {f.name for f in fields(View) if getattr(before, f.name) != getattr(after, f.name)}


def test_no_key_does_two_things():
    keys = [key for binding in BINDINGS for key in binding.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("q", "leaving"), (ESCAPE, "leaving"), (" ", "paused"), ("i", "interpolation"),
        ("a", "auto"), ("v", "style"), ("c", "colormap"), ("[", "opacity"), ("]", "opacity"),
        ("o", "overlay"), ("n", "class_index"), ("p", "class_index"), ("t", "top_five"),
        ("d", "figures"), ("m", "mirror"), ("r", "recording"), ("s", "snapshots"),
        ("w", "area"), ("g", "detail"), ("S", "clean_snapshots"), ("f", "fullscreen"),
        ("h", "help"), ("?", "help"),
    ],
)  # fmt: skip
def test_each_key_changes_one_thing(key, field):
    assert changed(START, pressed(key)) == {field}


def test_detail_goes_round():
    assert [pressed(*"g" * n).detail for n in range(4)] == [1, 2, 3, 1]


def test_the_view_goes_round():
    assert [pressed(*"v" * n).style for n in range(4)] == ["colour", "brightness", "pair", "colour"]


def test_area_is_the_square_or_the_whole_frame():
    assert [pressed(*"w" * n).area for n in range(3)] == ["square", "frame", "square"]
    assert pressed("w", "g").look == Look("frame", 2)


PLAYED = View(class_index=985, class_cycle=(985, 309), is_seekable=True)


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        (LEFT, {"seek_steps": -1}), (RIGHT, {"seek_steps": 1}),
        (",", {"frame_steps": -1, "paused": True}), (".", {"frame_steps": 1, "paused": True}),
        ("-", {"speed": 0.5}), ("+", {"speed": 2.0}), ("=", {"speed": 2.0}), ("l", {"loop": True}),
    ],
)  # fmt: skip
def test_keys_of_clips_work_where_a_clip_is_played_only(key, fields):
    assert pressed(key, view=PLAYED) == replace(PLAYED, **fields)
    assert pressed(key) == START
    assert any(key in binding.keys for binding in bindings_for(is_seekable=True))
    shown = {b.key_names for b in bindings_for(is_seekable=False)}
    assert shown.isdisjoint({"Left", "Right", ",", ".", "-", "+ =", "l"})


def test_the_speed_stays_within_its_limits():
    assert pressed(*"-" * 20, view=PLAYED).speed == 0.125
    assert pressed(*"+" * 20, view=PLAYED).speed == 8.0
    assert pressed("+", view=replace(PLAYED, speed=1.3)).speed == 2.0


def test_escape_leaves_full_screen_first_and_q_always_quits():
    full = replace(START, fullscreen=True)
    once = pressed(ESCAPE, view=full)
    assert once == START
    assert pressed(ESCAPE, view=once).leaving
    assert pressed("q", view=full).leaving


@pytest.mark.parametrize("key", [" ", "i", "a", "o", "t", "d", "m", "r", "f", "h"])
def test_pressing_a_switch_twice_changes_nothing(key):
    assert pressed(key, key) == START


def test_n_and_p_walk_through_the_classes_and_around():
    assert [pressed(*"n" * i).class_index for i in range(4)] == [985, 309, 10, 985]
    assert [pressed(*"p" * i).class_index for i in range(4)] == [985, 10, 309, 985]


def test_a_class_outside_of_the_cycle_leads_to_its_beginning():
    assert pressed("n", view=View(class_index=3, class_cycle=(985, 309))).class_index == 985


def test_colour_maps_go_round():
    assert pressed(*"c" * len(COLORMAPS)) == START


@given(st.text(alphabet="[]", max_size=60))
def test_opacity_stays_between_nothing_and_all(keys):
    assert 0.0 <= pressed(*keys).opacity <= 1.0


@given(st.lists(st.characters(max_codepoint=127)))
def test_no_sequence_of_keys_raises(keys):
    pressed(*keys)


def test_the_close_button_leaves_and_the_pointer_changes_no_view():
    assert after_event(START, Closed()).leaving
    assert after_event(START, Drag(5, 5)) == START
    assert after_event(START, Wheel(1)) == START


def test_help_names_every_key():
    named = " ".join(binding.key_names for binding in BINDINGS).split()
    assert len(named) == sum(len(binding.keys) for binding in BINDINGS)
    assert {"Esc", "Space"} <= set(named)


def test_a_key_that_is_held_goes_on_only_where_it_walks():
    walks = {key for binding in BINDINGS if binding.walks for key in binding.keys}
    assert walks == {"n", "p", "[", "]", LEFT, RIGHT, ",", ".", "-", "+", "="}
    for key in (key for binding in BINDINGS for key in binding.keys):
        held = after_event(PLAYED, KeyPress(key, is_repeat=True))
        assert held == (pressed(key, view=PLAYED) if key in walks else PLAYED), key
