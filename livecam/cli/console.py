"""Messages for the user: one line each, on standard error; standard output is for data.

Whatever is printed, here or there, is printable, and has none of the secrets that were given.
"""

import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from typing import Any

from livecam.cli.stderr_queue import StderrQueue, print_message
from livecam.core.printable_text import printable
from livecam.core.redaction import without_secrets
from livecam.native.silenced_stderr import stderr_is_terminal

_secrets: set[str] = set()


def never_print(secrets: Iterable[str]) -> None:
    """Leave these out of everything that is printed from now on."""
    _secrets.update(secrets)


def shown(text: str) -> str:
    """The text as it may be printed."""
    return printable(without_secrets(text, _secrets))


def print_line(text: str) -> None:
    """Print one line to standard output."""
    print(shown(text))


def say(text: str) -> None:
    """Print one line "livecam: ..."; an error of the terminal is ignored."""
    if sys.stderr is None:  # closed, or a windowed Python
        return
    line = f"livecam: {shown(text)}"
    with suppress(OSError, ValueError):
        if stderr_is_terminal():
            stderr_console().print(line, markup=False)
        else:
            print_message(f"{line}\n")


def stderr_is_behind() -> bool:
    """Whether the terminal has not taken yet what was printed before."""
    return isinstance(sys.stderr, StderrQueue) and sys.stderr.is_behind


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
        print_message(text)
        return len(text)

    def flush(self) -> None:
        """Nothing to do: nothing is held back."""

    def isatty(self) -> bool:
        return stderr_is_terminal()

    def fileno(self) -> int:
        return sys.stderr.fileno()
