"""Which key of the table a key of the keyboard means, whatever its layout and Caps Lock."""

import ctypes
import string
import sys
import unicodedata
from functools import cache

from livecam.core.key_bindings import LEFT, RIGHT
from livecam.sinks.pygame_setup import pygame

KEY_REPEAT_MS = (400, 60)
"""Delay and interval of a key that is held down."""

_LETTER_AT = {pygame.KSCAN_A + n: letter for n, letter in enumerate(string.ascii_lowercase)}
"""Places of the letters on a keyboard with Latin letters."""

_SIGNS_AT = {
    pygame.KSCAN_LEFTBRACKET: "[{",
    pygame.KSCAN_RIGHTBRACKET: "]}",
    pygame.KSCAN_SLASH: "/?",
    pygame.KSCAN_COMMA: ",<",
    pygame.KSCAN_PERIOD: ".>",
    pygame.KSCAN_MINUS: "-_",
    pygame.KSCAN_EQUALS: "=+",
}
"""Signs of the table, each without Shift and with it."""

_ARROWS = {pygame.K_LEFT: LEFT, pygame.K_RIGHT: RIGHT}

_SHORTCUT = pygame.KMOD_CTRL | pygame.KMOD_ALT | pygame.KMOD_GUI | pygame.KMOD_MODE


def typed_key(event: pygame.Event) -> str:
    """The character that a KEYDOWN event stands for; "" where it is none.

    A layout without Latin letters (Cyrillic, Greek, Hebrew ...) has them by their place. Shift
    alone makes them large: Caps Lock does not.
    """
    if event.key in _ARROWS and not event.mod & _SHORTCUT:
        return _ARROWS[event.key]
    if event.mod & _SHORTCUT:
        return str(event.unicode)
    is_shifted = bool(event.mod & pygame.KMOD_SHIFT)
    typed = _latin(event, is_shifted=is_shifted)
    if len(typed) == 1 and typed in string.ascii_letters:
        return typed.upper() if is_shifted else typed.lower()
    return typed


def _latin(event: pygame.Event, *, is_shifted: bool) -> str:
    """What was typed, or what the key types in a Latin layout where this one has other letters."""
    typed, letter = str(event.unicode), _LETTER_AT.get(event.scancode, "")
    if not typed:  # an input method holds it back
        is_letter = 0 < event.key < 128 and chr(event.key) in string.ascii_lowercase
        return chr(event.key) if is_letter else letter
    if typed in string.ascii_letters:
        return typed
    if _is_of_other_script(typed):
        return letter or _SIGNS_AT.get(event.scancode, "  ")[is_shifted].strip()
    # In Greek and Hebrew layouts signs lie in the places of some letters.
    is_sign_in_place_of_letter = bool(letter) and typed.isascii() and typed.isprintable()
    return letter if is_sign_in_place_of_letter and not _has_latin_letters() else typed


def _is_of_other_script(typed: str) -> bool:
    """Whether it is a letter, or a mark on one, and not a Latin one."""
    is_letter = unicodedata.category(typed[0])[0] in "LM"
    return is_letter and not unicodedata.name(typed[0], "").startswith("LATIN")


def _has_latin_letters() -> bool:
    """Whether the present layout has them; True where SDL cannot be asked."""
    sdl = _sdl()
    if sdl is None:
        return True
    keys = [sdl.SDL_GetKeyFromScancode(place) for place in _LETTER_AT]
    latin = [key for key in keys if ord("a") <= key <= ord("z")]
    return len(latin) > len(keys) // 2


@cache
def _sdl() -> ctypes.CDLL | None:
    """The library that pygame has loaded: pygame itself has no such question."""
    try:
        # Elsewhere than on Windows what a module was linked with is found through it.
        sdl = ctypes.CDLL("SDL2.dll" if sys.platform == "win32" else pygame.base.__file__)
        sdl.SDL_GetKeyFromScancode.restype = ctypes.c_int32
    except (OSError, AttributeError):
        return None
    return sdl
