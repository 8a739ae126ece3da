"""How the command line talks: one line at a time, to standard error; data goes to stdout."""

import sys
from contextlib import suppress
from functools import cache
from typing import Any


@cache
def talk_console() -> Any:
    """The console on standard error, shared with the progress bar so that they do not collide."""
    from rich.console import Console  # late: where nobody watches, it only costs time

    return Console(stderr=True, highlight=False, soft_wrap=True)


def is_watched() -> bool:
    """Whether standard error is a terminal."""
    try:
        return sys.stderr is not None and sys.stderr.isatty()
    except ValueError:  # closed
        return False


def say(text: str) -> None:
    """Tell the person something in one line; a terminal that is gone stops nothing."""
    if sys.stderr is None:  # closed, or a windowed Python
        return
    with suppress(OSError, ValueError):
        if is_watched():
            talk_console().print(f"livecam: {text}", markup=False)
        else:
            print(f"livecam: {text}", file=sys.stderr, flush=True)
