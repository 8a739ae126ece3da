"""The name of a class that is typed in the window, key by key as SDL reports them."""

from types import SimpleNamespace

import pytest

from livecam.core.class_entry import LONGEST_TEXT
from livecam.core.events import ClassTyped
from livecam.sinks.pygame_setup import pygame
from livecam.sinks.typed_class import TypedClass

ENTER = SimpleNamespace(key=pygame.K_RETURN, unicode="\r")
ESC = SimpleNamespace(key=pygame.K_ESCAPE, unicode="\x1b")
BACKSPACE = SimpleNamespace(key=pygame.K_BACKSPACE, unicode="\x08")
SHIFT = SimpleNamespace(key=pygame.K_LSHIFT, unicode="")
CTRL_C = SimpleNamespace(key=pygame.K_c, unicode="\x03")
LEFT = SimpleNamespace(key=pygame.K_LEFT, unicode="")


def letters(text):
    return [SimpleNamespace(key=ord(letter.lower()), unicode=letter) for letter in text]


def typed(*keys):
    """What the keys give after the one that begins it."""
    entry = TypedClass()
    assert entry.begin() == ClassTyped("")
    return entry, [entry.press(key) for key in keys]


def test_each_letter_gives_the_text_so_far_and_enter_chooses():
    entry, events = typed(*letters("A b"), ENTER)
    texts = [ClassTyped("A"), ClassTyped("A "), ClassTyped("A b")]
    assert events == [*texts, ClassTyped("A b", is_chosen=True)]
    assert not entry.is_typing


def test_letters_of_every_writing_are_taken_as_they_are_typed():
    assert typed(*letters("Gänseblümchen"))[1][-1] == ClassTyped("Gänseblümchen")
    assert typed(*letters("роза"))[1][-1] == ClassTyped("роза")


def test_backspace_takes_a_letter_back_and_nothing_from_nothing():
    _, events = typed(*letters("be"), BACKSPACE, BACKSPACE, BACKSPACE)
    assert events[2:] == [ClassTyped("b"), ClassTyped(""), None]


def test_esc_ends_it_without_a_choice():
    entry, events = typed(*letters("q"), ESC)
    assert events[-1] == ClassTyped(None)
    assert not entry.is_typing


@pytest.mark.parametrize("key", [SHIFT, CTRL_C, LEFT, *letters("/")])
def test_keys_without_a_letter_and_the_key_that_began_it_change_nothing(key):
    entry, events = typed(*letters("be"), key, *letters("e"))
    assert events[2:] == [None, ClassTyped("bee")]
    assert entry.is_typing


def test_the_text_has_an_end():
    _, events = typed(*letters("x" * (LONGEST_TEXT + 5)))
    assert events[LONGEST_TEXT - 1] == ClassTyped("x" * LONGEST_TEXT)
    assert events[LONGEST_TEXT:] == [None] * 5


def test_where_the_picture_is_lost_it_is_over_and_said_once():
    entry, _ = typed(*letters("be"))
    entry.end()
    entry.end()
    assert not entry.is_typing
    assert entry.ended() == ClassTyped(None)
    assert entry.ended() is None
    entry.end()  # nothing was typed
    assert entry.ended() is None
