"""Ctrl-C, SIGTERM and a closed terminal: the run ends in order, with exit code 128 + number.

`livecam/__main__.py` imports this before all else: it stays small.
"""

import os
import signal
from types import FrameType
from typing import Any, Self

from livecam.errors import causes_of

INTERRUPTED = 130  # Ctrl-C where Python's own handler is installed
_STOP_SIGNALS = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if hasattr(signal, name)  # Windows has no SIGHUP
)
_IMPORT_SYSTEM = "<frozen importlib._bootstrap>"


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
        self._polled = self._closing = self._raised = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        """Install the handlers."""
        for number in _not_ignored():
            self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Restore the handlers; after a signal the program ends, and further ones do nothing.

        Raises:
            Stopped: native code (DuckDB) has turned it into an error without a cause.
        """
        for number, handler in self._before.items():
            signal.signal(number, handler if self.number is None else signal.SIG_IGN)
        if self._raised and self.number is not None and _hides_a_signal(error):
            raise Stopped(128 + self.number) from error

    def stop_asked(self) -> bool:
        """Whether a signal has come; from the first call on, the first signal only sets a flag."""
        self._polled = True
        return self.number is not None

    def interrupt_again(self) -> None:
        """Nobody polls from here on until stop_asked(): a signal, also one that came, is raised.

        Raises:
            Stopped: one has come.
        """
        self._polled = False
        if self.number is not None:
            self._raised = True
            raise Stopped(128 + self.number)

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
            self._raised = True
            raise Stopped(128 + self.number)


def answer_stop_signals() -> None:
    """Let a signal end the program with its exit code also where no StopSignals are.

    They come later, in a command, and give the handlers back at its end. Signals that are ignored
    (nohup) still are.
    """
    for number in _not_ignored():
        signal.signal(number, _end_program)


def ignore_stop_signals() -> None:
    """All is done; a signal while Python ends would print a traceback, or keep it from cleaning up.

    A helper process of multiprocessing's prints what was not cleaned up.
    """
    for number in _STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


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


def _not_ignored() -> list[int]:
    return [one for one in _STOP_SIGNALS if signal.getsignal(one) is not signal.SIG_IGN]


def _end_program(number: int, frame: FrameType | None) -> None:
    if _is_importing(frame):
        # Who imports may answer any exception as if a module were missing, or print it; and
        # nothing is open yet.
        os._exit(128 + number)
    raise Stopped(128 + number)


def _is_importing(frame: FrameType | None) -> bool:
    """Whether an import is among the calls that a frame came from."""
    while frame is not None:
        if frame.f_code.co_filename == _IMPORT_SYSTEM:
            return True
        frame = frame.f_back
    return False


def _hides_a_signal(error: BaseException | None) -> bool:
    """Whether an error says nothing of the signal that was raised before it."""
    return isinstance(error, Exception) and not any(
        isinstance(one, Stopped) for one in causes_of(error, with_contexts=True)
    )
