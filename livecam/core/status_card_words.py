"""The words of the status card: what is waited for, for how long, and what happens next."""

import math

from livecam.core import text
from livecam.core.formatting import duration_text
from livecam.core.text import BOLD, GREY, WHITE, YELLOW, Line
from livecam.core.types import Waiting


def status_card_lines(waiting: Waiting, room_em: float, *, on_screen: bool = True) -> list[Line]:
    """What is waited for, for how long, and what happens next.

    Args:
        waiting: the facts.
        room_em: how wide a line may be, in heights of its letters.
        on_screen: whether there is somebody who could press a key.
    """
    lines = [
        *(Line(part, YELLOW, 1.2, BOLD) for part in text.wrapped(waiting.reason, room_em / 1.2)),
        Line(_waited_words(waiting), WHITE),
    ]
    return [*lines, Line("it goes on by itself; q quits", GREY, 0.9)] if on_screen else lines


def waiting_words(waiting: Waiting) -> str:
    """The same in one line; without a duration for what has none."""
    is_timed = waiting.waited_s > 0 or waiting.doing or waiting.next_try_s is not None
    return f"{waiting.reason}; {_waited_words(waiting)}" if is_timed else waiting.reason


def _waited_words(waiting: Waiting) -> str:
    words = f"waiting for {duration_text(waiting.waited_s)}"
    if waiting.doing:
        return f"{words}, {waiting.doing}"
    if waiting.next_try_s is None:
        return words
    # Rounded up: it never says 0 and then goes on waiting.
    return f"{words}, next try in {duration_text(math.ceil(waiting.next_try_s))}"
