"""How the command line talks: one line at a time, to standard error; data goes to stdout."""

import sys
from contextlib import suppress
from functools import cache
from typing import Any

from livecam.native.stderr import write_stderr


@cache
def talk_console() -> Any:
    """The console on standard error, shared with the progress bar so that they do not collide."""
    from rich.console import Console  # late: where nobody watches, it only costs time

    stream: Any = _StandardError()
    return Console(file=stream, highlight=False, soft_wrap=True)


class _StandardError:
    """A file that is heard also while native code is kept from talking."""

    encoding = property(lambda _: getattr(sys.stderr, "encoding", "utf-8"))

    def write(self, text: str) -> int:
        write_stderr(text)
        return len(text)

    def flush(self) -> None:
        """Nothing is kept back."""

    def isatty(self) -> bool:
        return is_watched()

    def fileno(self) -> int:
        return sys.stderr.fileno()


def is_watched() -> bool:
    """Whether standard error is a terminal."""
    try:
        return sys.stderr is not None and sys.stderr.isatty()
    except ValueError:  # closed
        return False


def say(text: str) -> None:
    """Tell the user something in one line; a terminal that is gone stops nothing."""
    if sys.stderr is None:  # closed, or a windowed Python
        return
    with suppress(OSError, ValueError):
        if is_watched():
            talk_console().print(f"livecam: {text}", markup=False)
        else:
            write_stderr(f"livecam: {text}\n")
