"""Ctrl-C, SIGTERM and a closed terminal: the run ends in order, with exit code 128 + number."""

import signal
from types import FrameType
from typing import Any, Self

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP


class Stopped(BaseException):
    """Raised by a signal where nobody polls (opening, loading), or by a second one."""


class StopSignals:
    """Turns signals into a flag that the loop polls, inside a with statement."""

    def __init__(self) -> None:
        self.number: int | None = None
        self._polled = self._closing = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        """Install the handlers."""
        for name in _NAMES:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        """Restore the handlers."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def stop_asked(self) -> bool:
        """Whether a signal has come; from the first call on, the first signal only sets a flag."""
        self._polled = True
        return self.number is not None

    def begin_closing(self) -> None:
        """Files are being closed: from now on signals are recorded, but interrupt nothing."""
        self._closing = True

    @property
    def exit_code(self) -> int | None:
        """130 after Ctrl-C, 143 after SIGTERM; None without a signal."""
        return None if self.number is None else 128 + self.number

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        first, self.number = self.number is None, self.number or number
        if not self._closing and not (first and self._polled):
            raise Stopped
