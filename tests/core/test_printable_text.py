"""Text from outside: what cannot be seen is written as an escape, and nothing is endless."""

import json
import tomllib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import fresh_python

from livecam.core.printable_text import LONGEST_ESCAPE, json_line, json_text, printable


CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
DIRECTIONS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def steering_letters(text):
    """What a terminal obeys, what turns the direction of text, and what is none."""
    return [
        letter
        for letter in text
        if unicodedata.category(letter) in CATEGORIES
        or unicodedata.bidirectional(letter) in DIRECTIONS
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("daisy.mp4", "daisy.mp4"),
        ("Gänseblümchen 雛菊 🌼 👩‍👩‍👧", "Gänseblümchen 雛菊 🌼 👩‍👩‍👧"),
        ("a\u3000b\u00a0c", "a\u3000b\u00a0c"),  # spaces that people write
        ("\x1b[2J\x1b]0;title\x07", r"\u001b[2J\u001b]0;title\u0007"),
        ("\x9b2J", r"\u009b2J"),
        ("a\0b\x7f", r"a\u0000b\u007f"),
        ("one\ntwo\r\tthree", r"one\ntwo\r\tthree"),
        ("photo\u202egpj.exe", r"photo\u202egpj.exe"),
        ("\u2066x\u2069\u200f", r"\u2066x\u2069\u200f"),
        ("a\u2028b", r"a\u2028b"),
        ("name\udce9.jpg", r"name\udce9.jpg"),
        ("\U000e0041", r"\U000e0041"),
        ("C:\\clips", "C:\\clips"),
        ("", ""),
    ],
)
def test_what_is_unseen_is_escaped_and_what_people_write_is_kept(text, shown):
    assert printable(text) == shown


@given(st.text(st.characters(), max_size=80))
def test_nothing_is_left_that_steers_or_ends_a_program(text):
    shown = printable(text)
    shown.encode("utf-8")
    assert not steering_letters(shown)
    assert printable(shown) == shown


@given(st.text(max_size=200), st.integers(3, 50))
def test_it_is_never_longer_than_asked(text, most):
    assert len(printable(text, most)) <= most


def test_of_long_text_both_ends_are_kept():
    shown = printable("begin" + "x" * 16_000 + "end", 50)
    assert shown.startswith("begin")
    assert shown.endswith("end")
    assert "..." in shown


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
def test_the_escapes_are_those_of_toml(text):
    written = printable(json.dumps(text, ensure_ascii=False), LONGEST_ESCAPE * (len(text) + 2))
    assert tomllib.loads(f"x = {written}")["x"] == text


@given(st.recursive(st.text(max_size=20), lambda inner: st.lists(inner, max_size=3)))
def test_json_means_the_same_and_steers_nothing(value):
    for text in (json_text(value), json_text(value, indent=1), json_line({"x": value}, "ascii")):
        assert json.loads(text) in (value, {"x": value})
        assert not steering_letters(text.replace("\n", ""))


@pytest.mark.parametrize(
    "name", ["a\\udc80b", "\\ud83d", "\\U0001f33c\\u200d\\ufe0f", "\\0", "\\x1b[2J", "\\u202e"]
)
def test_no_text_ends_the_process_that_draws_it(name):
    """Inside OpenCV half a character does."""
    fresh_python(f"""
import numpy as np
from livecam.core import text, text_panel
from livecam.core.status_card import preview_of, status_card_of
from livecam.core.types import Waiting
name = "{name}" * 3
picture = np.zeros((240, 320, 3), np.uint8)
text_panel.draw_panel(picture, [text.Line(name), text.Line("")], 5, 5, 12)
text.shortened(name * 100, 50, 12)
preview_of(picture, name).draw_layer(picture.copy())
card = status_card_of(picture, Waiting(0.0, name, doing=name))
card.draw_layer(picture.copy())
card.picture
print("drawn")
""")
