"""Messages for the user: one line each, on standard error; standard output is for data."""

import sys
from contextlib import suppress
from functools import cache
from typing import Any

from livecam.native.stderr import write_stderr


def say(text: str) -> None:
    """Print one line "livecam: ..."; an error of the terminal is ignored."""
    if sys.stderr is None:  # closed, or a windowed Python
        return
    with suppress(OSError, ValueError):
        if stderr_is_terminal():
            stderr_console().print(f"livecam: {text}", markup=False)
        else:
            write_stderr(f"livecam: {text}\n")


def stderr_is_terminal() -> bool:
    """Whether somebody may watch standard error."""
    try:
        return sys.stderr is not None and sys.stderr.isatty()
    except ValueError:  # closed
        return False


@cache
def stderr_console() -> Any:
    """Rich's console on standard error, which `say` and the progress bar share."""
    from rich.console import Console  # late: without a terminal it only costs time

    stream: Any = _StandardError()
    return Console(file=stream, highlight=False, soft_wrap=True)


class _StandardError:
    """A file that writes to standard error also while native code is silenced."""

    encoding = property(lambda _: getattr(sys.stderr, "encoding", "utf-8"))

    def write(self, text: str) -> int:
        write_stderr(text)
        return len(text)

    def flush(self) -> None:
        """Nothing to do: `write` flushes."""

    def isatty(self) -> bool:
        return stderr_is_terminal()

    def fileno(self) -> int:
        return sys.stderr.fileno()
