"""What a key has set is said on the screen."""

from dataclasses import replace

import pytest

from livecam.core.events import Change, Closed, Drag, KeyPress
from livecam.core.key_bindings import BINDINGS, after_event
from livecam.core.setting_messages import setting_message
from livecam.core.view import View

LABELS = ("ball", "daisy", "leaf")
START = View(class_index=1, class_cycle=(1, 2), act_max=35.5)

PLAYED = replace(START, is_seekable=True)


def said(*events, view=START):
    message = ""
    for event in events:
        after = after_event(view, event)
        message, view = setting_message(event, view, after, LABELS), after
    return message


def pressed(keys, **more):
    return said(*map(KeyPress, keys), **more)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("c", "colour map: turbo"), ("[", "opacity: 40 %"), ("]", "opacity: 60 %"),
        ("v]", "opacity: 60 % (not seen in this view)"), ("o]", "opacity: 60 % (heat is off)"),
        ("i", "interpolation: nearest"), ("v", "view: brightness"), ("o", "heat: off"),
        ("oo", "heat: on"), ("a", "reference: each frame's maximum"),
        ("aa", "reference: 35.5"), ("n", "class: leaf"), ("m", "mirror: on"),
        ("t", "top five: on"), ("d", "figures: off"),
    ],
)  # fmt: skip
def test_each_key_says_what_was_set(keys, message):
    assert pressed(keys) == message


def test_at_the_end_of_the_scale_it_is_said_again():
    assert pressed("]" * 20) == "opacity: 100 %"
    assert pressed("[" * 20) == "opacity: 0 %"
    assert pressed("+" * 9, view=PLAYED) == "speed: 8 x"
    assert pressed("-", view=PLAYED) == "speed: 0.5 x"
    assert pressed("-") == ""


def test_a_change_by_the_page_is_said_too():
    change = Change({"opacity": 0.25, "act_max": 20.0, "auto": False, "class_index": 2})
    assert said(change) == "class: leaf, opacity: 25 %, reference: 20"


@pytest.mark.parametrize("key", ["q", " ", "r", "s", "S", "f", "h", "x"])
def test_keys_whose_effect_has_a_place_of_its_own_say_nothing(key):
    assert pressed(key) == ""


def test_other_events_say_nothing():
    assert said(Drag(3.0, 4.0)) == said(Closed()) == ""


def test_every_key_that_shows_a_setting_says_it():
    own_place = {"paused", "recording", "fullscreen", "help", "judged"}
    for binding in BINDINGS:
        if binding.shows and binding.shows not in own_place:
            assert pressed(binding.keys[0], view=PLAYED), binding.keys
