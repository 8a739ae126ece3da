"""Keys of other layouts and under Caps Lock, as SDL reports them."""

from types import SimpleNamespace

import pytest

from livecam.core.key_bindings import LEFT, RIGHT
from livecam.sinks import keyboard
from livecam.sinks.keyboard import typed_key
from livecam.sinks.pygame_setup import pygame

Q, W, S, M = pygame.KSCAN_Q, pygame.KSCAN_W, pygame.KSCAN_S, pygame.KSCAN_M
BRACKET, SLASH, EIGHT = pygame.KSCAN_LEFTBRACKET, pygame.KSCAN_SLASH, pygame.KSCAN_8
SHIFT, CAPS, ALT_GR = pygame.KMOD_LSHIFT, pygame.KMOD_CAPS, pygame.KMOD_RALT


def pressed(typed, place, mod=0, key=0):
    event = SimpleNamespace(unicode=typed, scancode=place, mod=mod, key=key)
    return typed_key(event)


@pytest.mark.parametrize(
    ("typed", "place", "mod", "means"),
    [
        ("й", Q, 0, "q"), ("ы", S, 0, "s"), ("Ы", S, SHIFT, "S"), ("\u0445", BRACKET, 0, "["),
        ("\u03c3", S, 0, "s"), ("Σ", S, SHIFT, "S"), ("ד", S, 0, "s"), ("S", S, SHIFT, "S"),
        ("ض", Q, 0, "q"), ("\u064d", S, SHIFT, "S"), ("ქ", Q, 0, "q"), ("ㅂ", Q, 0, "q"),
        ("لا", pygame.KSCAN_B, 0, "b"), ("Й", Q, CAPS, "q"), (",", SLASH, SHIFT, ","),
    ],
)  # fmt: skip
def test_letters_by_their_place_where_the_layout_has_others(typed, place, mod, means):
    assert pressed(typed, place, mod) == means


@pytest.mark.parametrize(
    ("typed", "place", "mod", "means"),
    [
        ("a", Q, 0, "a"), ("z", W, 0, "z"), (",", M, 0, ","), ("ü", BRACKET, 0, "ü"),
        ("?", SLASH, SHIFT, "?"), ("[", EIGHT, ALT_GR, "["), ("µ", M, ALT_GR, "µ"),
        ("§", SLASH, SHIFT, "§"), (" ", pygame.KSCAN_SPACE, 0, " "), ("\x1b", 41, 0, "\x1b"),
        ("'", Q, 0, "'"), ("\x11", Q, pygame.KMOD_LCTRL, "\x11"), ("", 225, SHIFT, ""),
    ],
)  # fmt: skip
def test_latin_layouts_mean_what_they_type(typed, place, mod, means, monkeypatch):
    monkeypatch.setattr(keyboard, "_has_latin_letters", lambda: True)
    assert pressed(typed, place, mod) == means


@pytest.mark.parametrize(("typed", "place", "means"), [(";", Q, "q"), ("/", Q, "q"), ("'", W, "w")])
def test_signs_in_the_places_of_letters_in_greek_and_hebrew(typed, place, means, monkeypatch):
    monkeypatch.setattr(keyboard, "_has_latin_letters", lambda: False)
    assert pressed(typed, place) == means


@pytest.mark.parametrize(
    ("typed", "mod", "means"),
    [("S", CAPS, "s"), ("s", CAPS | SHIFT, "S"), ("S", SHIFT, "S"), ("s", 0, "s")],
)
def test_caps_lock_is_not_shift(typed, mod, means):
    assert pressed(typed, S, mod) == means


def test_a_letter_that_an_input_method_holds_back_counts():
    assert pressed("", Q, key=ord("a")) == "a"
    assert pressed("", Q, key=1081) == "q"


def test_sdl_can_be_asked_for_the_layout():
    assert keyboard._sdl() is not None


def test_arrow_keys_have_signs_and_none_with_ctrl():
    assert pressed("", 80, 0, pygame.K_LEFT) == LEFT
    assert pressed("", 79, SHIFT, pygame.K_RIGHT) == RIGHT
    assert pressed("", 79, pygame.KMOD_LCTRL, pygame.K_RIGHT) == ""


@pytest.mark.parametrize(
    ("typed", "place", "mod", "means"),
    [
        ("\u0431", pygame.KSCAN_COMMA, 0, ","), ("ю", pygame.KSCAN_PERIOD, 0, "."),
        ("ж", pygame.KSCAN_MINUS, 0, "-"), ("ъ", pygame.KSCAN_EQUALS, SHIFT, "+"),
    ],
)  # fmt: skip
def test_signs_of_playback_by_their_place_where_letters_are(typed, place, mod, means):
    assert pressed(typed, place, mod) == means
