"""Ctrl-C, SIGTERM and a closed terminal: the run ends in order, with exit code 128 + number."""

import signal
from types import FrameType
from typing import Any, Self

from livecam.errors import causes_of

INTERRUPTED = 130  # Ctrl-C outside of a run; during one, StopSignals gives the code
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP


class Stopped(BaseException):
    """Raised by a signal where nobody polls (opening, loading), or by a second one.

    Attributes:
        exit_code: 128 + the signal's number.
    """

    def __init__(self, exit_code: int) -> None:
        super().__init__()
        self.exit_code = exit_code


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
        """Restore the handlers; after a signal the program ends, and further ones do nothing."""
        for number, handler in self._before.items():
            signal.signal(number, handler if self.number is None else signal.SIG_IGN)

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
            raise Stopped(128 + self.number)


def code_of_interrupt(error: BaseException) -> int | None:
    """The exit code if a signal caused the error; None if it is one of its own.

    A native module that is interrupted while Python imports it raises ImportError
    ("initialization failed", pybind11), as if it were not installed.
    """
    for cause in causes_of(error):  # without contexts: an error while files are closed is told
        if isinstance(cause, Stopped):
            return cause.exit_code
        if isinstance(cause, KeyboardInterrupt):
            return INTERRUPTED
    return None
