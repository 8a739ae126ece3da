"""Errors of the server as lines for the user: one of each kind a minute, however many there are."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

INTERVAL_S = 60.0
MAX_KINDS = 100


class ErrorReports:
    """Says what failed, and how often it failed since the last line of its kind."""

    def __init__(
        self, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`say` gets the lines; `clock` in seconds."""
        self._say, self._clock = say, clock
        self._said_s: dict[str, float] = {}
        self._unsaid: dict[str, int] = {}

    def report(self, kind: str, text: str) -> None:
        """Say the text, unless one of its kind was said in the last minute."""
        now_s, said_s = self._clock(), self._said_s.get(kind)
        if said_s is not None and now_s - said_s < INTERVAL_S:
            self._unsaid[kind] += 1
            return
        if len(self._said_s) >= MAX_KINDS:
            self._said_s.clear()
            self._unsaid.clear()
        unsaid, self._unsaid[kind] = self._unsaid.get(kind, 0), 0
        self._said_s[kind] = now_s
        self._say(f"{text} ({unsaid} times more in the last minutes)" if unsaid else text)

    def report_error(self, error: BaseException) -> None:
        """Report what kept the page from answering a request."""
        name = type(error).__name__
        self.report(name, f"the web page failed to answer a request ({name}: {error})")

    def on_loop_error(self, _: asyncio.AbstractEventLoop, details: dict[str, Any]) -> None:
        """The exception handler of an event loop, instead of a traceback."""
        error = details.get("exception")
        if error is not None and not isinstance(error, asyncio.CancelledError):
            self.report_error(error)

    def log_handler(self) -> logging.Handler:
        """A handler of log records that reports their exceptions, and nothing else."""
        return _Handler(self)


class _Handler(logging.Handler):
    def __init__(self, reports: ErrorReports) -> None:
        super().__init__(logging.ERROR)
        self._reports = reports

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, asyncio.CancelledError):
            self._reports.report_error(error)
