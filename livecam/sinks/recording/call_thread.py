"""Calls into native code that may never return: each is waited for no longer than a limit."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

Result = TypeVar("Result")

LEAVING_LIMIT_S = 1.5
"""How long an answer is waited for where the program is about to end."""

POLL_S = 0.05
_LONGEST_STEP_S = 1.0
THREAD_NAME = "livecam-codec"  # see livecam/__main__.py


class SilentError(Exception):
    """Nothing came back within the limit; its text ends a sentence of another error."""


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """For how long an answer is waited for.

    Attributes:
        limit_s: seconds, as a rule.
        is_leaving: whether a signal or the user asked the program to end.
        clock: seconds, monotonic.
    """

    limit_s: float
    is_leaving: Callable[[], bool] = lambda: False
    clock: Callable[[], float] = time.monotonic

    def seconds(self) -> float:
        """The limit of this moment."""
        return min(self.limit_s, LEAVING_LIMIT_S) if self.is_leaving() else self.limit_s


class SilenceTimer:
    """How long somebody has waited for an answer."""

    def __init__(self, time_limit: TimeLimit) -> None:
        """The waiting begins now."""
        self._time_limit = time_limit
        self._waited_s, self._last_s = 0.0, time_limit.clock()

    def check(self) -> None:
        """Called every POLL_S seconds of the waiting.

        Raises:
            SilentError: it has lasted too long.
        """
        now_s = self._time_limit.clock()
        # A program that was suspended did not wait in the meantime.
        self._waited_s += min(now_s - self._last_s, _LONGEST_STEP_S)
        self._last_s = now_s
        if self._waited_s >= self._time_limit.seconds():
            raise SilentError(f"no answer for {self._waited_s:.0f} s")


class CallThread:
    """Makes calls, one at a time, in a daemon thread; one that never returns is left behind.

    What is called then belongs to that thread: nobody else may touch it any more.

    Attributes:
        is_stuck: a call did not return; no other can be made.
    """

    def __init__(self) -> None:
        """Start the thread."""
        self._calls: SimpleQueue[Callable[[], Any] | None] = SimpleQueue()
        self._answers: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()
        self.is_stuck = False
        run = threading.Thread(target=_answer, args=(self._calls, self._answers), daemon=True)
        run.name = THREAD_NAME
        run.start()

    def call(self, function: Callable[[], Result], time_limit: TimeLimit) -> Result:
        """What the function gives, or its error.

        Raises:
            SilentError: it did not return in time.
        """
        if self.is_stuck:
            raise SilentError("it has stopped answering")
        self._calls.put(function)
        timer = SilenceTimer(time_limit)
        while True:
            try:
                result, error = self._answers.get(timeout=POLL_S)
            except Empty:
                try:
                    timer.check()
                except SilentError:
                    self.is_stuck = True
                    raise
                continue
            if error is not None:
                try:
                    raise error
                finally:
                    # Its traceback has this frame, and those of all callers with their pictures:
                    # Python would free such a ring only much later.
                    del error
            return result  # type: ignore[no-any-return]

    def close(self) -> None:
        """End the thread; one that hangs ends with the process."""
        self._calls.put(None)


def _answer(
    calls: "SimpleQueue[Callable[[], Any] | None]",
    answers: "SimpleQueue[tuple[Any, BaseException | None]]",
) -> None:
    while (function := calls.get()) is not None:
        answer = _answer_of(function)
        del function  # what it was called with, as a picture, must not stay until the next one
        answers.put(answer)
        del answer


def _answer_of(function: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    try:
        return function(), None
    except BaseException as error:
        return None, error
