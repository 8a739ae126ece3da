"""The name of a class that is being typed in a window, and the classes that it finds so far."""

from collections.abc import Sequence
from dataclasses import dataclass

from livecam.core.text import BOLD, GREY, REGULAR, WHITE, YELLOW, Line

ENTRY_KEY = "/"
"""Begins it."""

MOST_FOUND = 5
"""So many of the classes found are shown."""

LONGEST_TEXT = 40
"""What is typed beyond is left out."""


@dataclass(frozen=True, slots=True)
class ClassEntry:
    """What a window shows while a name is typed.

    Attributes:
        text: what was typed so far.
        found: names of the classes that it finds, best first: the first few.
    """

    text: str
    found: Sequence[str] = ()


def entry_lines(entry: ClassEntry) -> list[Line]:
    """What was typed, and what Enter would choose; the newest letter is followed by a mark."""
    lines = [Line(f"class: {entry.text}_", YELLOW, 1.0, BOLD)]
    lines += [Line(name, WHITE, 0.9, REGULAR if n else BOLD) for n, name in enumerate(entry.found)]
    if not entry.text.strip():
        hint = "a name, or a kind: bird"
    elif entry.found:
        hint = "Enter: the first   Esc: back"
    else:
        hint = "none found   Esc: back"
    return [*lines, Line(hint, GREY, 0.9)]
