"""What a user did at a screen: keys, typing, pointer, wheel, close button, changes, camera."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class KeyPress:
    """A key of the table in key_bindings.py, as the character it types; Esc is key_bindings.ESCAPE.

    Attributes:
        is_repeat: it comes of a key that is held down.
    """

    key: str
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Drag:
    """The pointer moved with its button held, in pixels of the frame."""

    dx_px: float
    dy_px: float


@dataclass(frozen=True, slots=True)
class Click:
    """The pointer's button was pressed and let go at one place of the picture.

    Attributes:
        x, y: from 0 at the left and the top to 1 at the right and the bottom.
    """

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Wheel:
    """The wheel turned by so many notches; positive is away from the user."""

    steps: float


@dataclass(frozen=True, slots=True)
class Closed:
    """The window's close button."""


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """New values for fields of the view; the sender has validated them."""

    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SwitchCamera:
    """Another of the attached cameras is to be shown, by its number."""

    number: int


@dataclass(frozen=True, slots=True)
class ClassTyped:
    """What was typed of the name of a class in the window, from its beginning.

    Attributes:
        text: so far; None where typing ended without a choice.
        is_chosen: whether Enter ended it: the best class for the text is to be shown.
    """

    text: str | None
    is_chosen: bool = False


Event = KeyPress | Drag | Click | Wheel | Closed | Change | SwitchCamera | ClassTyped
