"""The name of a class that is being typed in a window, and the classes that it finds so far."""

from collections.abc import Sequence
from dataclasses import dataclass

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
