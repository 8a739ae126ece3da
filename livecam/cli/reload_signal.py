"""SIGHUP of a service: its settings are read again. Windows has no such signal."""

import os
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import Any, Self

from livecam.cli.held_hangup import STDERR_BEGAN_AS_TERMINAL, deliver_hangup
from livecam.native.silenced_stderr import stderr_is_terminal


class ReloadSignal:
    """Notes SIGHUP inside a with statement; one of a closed terminal means to stop.

    To be entered after StopSignals, whose handler is called where the terminal is gone. One that
    has waited since the program's first lines (cli/held_hangup.py) comes now.
    """

    def __init__(self) -> None:
        self._number = getattr(signal, "SIGHUP", None)
        self._before: Any = None
        self._is_asked = False
        self._had_terminal = STDERR_BEGAN_AS_TERMINAL or stderr_is_terminal()

    def __enter__(self) -> Self:
        """Install the handler, unless the signal is ignored (nohup)."""
        if self._number is not None and signal.getsignal(self._number) is not signal.SIG_IGN:
            self._before = signal.signal(self._number, self._on_signal)
        deliver_hangup()
        return self

    def __exit__(self, *_: object) -> None:
        """Restore the handler."""
        if self._number is not None and self._before is not None:
            signal.signal(self._number, self._before)

    def take(self) -> bool:
        """Whether it has come since this was asked last."""
        asked, self._is_asked = self._is_asked, False
        return asked

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if not (self._had_terminal and _terminal_is_gone()):
            self._is_asked = True
        elif callable(self._before):
            self._before(number, frame)


def _terminal_is_gone() -> bool:
    with suppress(OSError, ValueError, AttributeError):
        return not os.isatty(sys.stderr.fileno())
    return True
