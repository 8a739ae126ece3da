"""The key table and the steps from view to view."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.core.key_bindings import BINDINGS, ESCAPE, after_event, help_rows
from livecam.core.heat_overlay import COLORMAPS
from livecam.core.events import Closed, Drag, KeyPress, Wheel
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
        ("S", "clean_snapshots"), ("f", "fullscreen"), ("h", "help"), ("?", "help"),
    ],
)  # fmt: skip
def test_each_key_changes_one_thing(key, field):
    assert changed(START, pressed(key)) == {field}


@pytest.mark.parametrize("key", [" ", "i", "a", "v", "o", "t", "d", "m", "r", "f", "h"])
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
    named = " ".join(keys for keys, _ in help_rows()).split()
    assert len(named) == sum(len(binding.keys) for binding in BINDINGS)
    assert {"Esc", "Space"} <= set(named)


def test_a_key_that_is_held_goes_on_only_where_it_walks():
    walks = {key for binding in BINDINGS if binding.walks for key in binding.keys}
    assert walks == {"n", "p", "[", "]"}
    for key in (key for binding in BINDINGS for key in binding.keys):
        held = after_event(START, KeyPress(key, is_repeat=True))
        assert held == (pressed(key) if key in walks else START), key
