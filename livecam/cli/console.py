"""How the command line talks: one line at a time, to standard error; data goes to stdout."""

import sys
from contextlib import suppress
from functools import cache

from rich.console import Console


@cache
def talk_console() -> Console:
    """The console on standard error, shared with the progress bar so that they do not collide."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Tell the person something in one line; a terminal that is gone stops nothing."""
    if sys.stderr is None:  # closed, or a windowed Python
        return
    console = talk_console()
    with suppress(OSError, ValueError):
        if console.is_terminal:
            console.print(f"livecam: {text}", markup=False)
        else:
            print(f"livecam: {text}", file=sys.stderr, flush=True)
