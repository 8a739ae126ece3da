"""The first opening of a live source: waits for one that is not there yet, until it is given up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from livecam.core.types import Waiting
from livecam.errors import SourceError
from livecam.sources.live.clock_and_threads import ClockAndThreads, WakeEvent
from livecam.sources.live.connection import Connection, SourceAbsentError
from livecam.sources.live.reader_thread import ReaderThread
from livecam.sources.live.reconnection import OPENING_TIMEOUT_S, ReadingOptions, Reconnection

POLL_S = 0.05
"""Longest time between two reports of the progress: so soon keys and signals are handled."""

INITIAL_PICTURE_TIMEOUT_S = 10.0
"""So long may it take from the opening to the very first picture."""

MIN_OPENING_TIMEOUT_S = 5.0
"""So long an opening may take however soon a lost source is given up."""


@dataclass(frozen=True, slots=True)
class FirstOpening:
    """Opens a source for the first time, and waits for its first picture.

    Attributes:
        title: what the user calls it.
        reconnection: opens it, again where a connection raises SourceAbsentError.
        options: whether it is waited for, and for how long.
        advice: what the user can do where it opens and never gives a picture.
        wake: set when something has happened.
        system: clock and threads.
    """

    title: str
    reconnection: Reconnection
    options: ReadingOptions
    advice: Callable[[], str]
    wake: WakeEvent
    system: ClockAndThreads

    def wait(self, on_progress: Callable[[Waiting], None]) -> Connection:
        """The open connection: it has given a picture, or is a file.

        Raises:
            SourceError: it did not open, or gives no picture.
        """
        started_s = self.system.clock()
        reader = self.reconnection.start_reader(may_be_file=True)
        while reader.slot.is_empty and not (reader.is_over and reader.is_open_file):
            reader = self._checked(reader, started_s)
            on_progress(self._progress(started_s))
            self.wake.wait(POLL_S)
        self.reconnection.watchdog.mark_recovered()
        return cast("Connection", reader.connection)  # it has given a picture

    def _checked(self, reader: ReaderThread, started_s: float) -> ReaderThread:
        """The reader to wait for; raises where nothing is to be waited for."""
        if reader.is_open_file or not reader.slot.is_empty:
            return reader
        now_s, watchdog = self.system.clock(), self.reconnection.watchdog
        if watchdog.retry_at_s is None:
            reason = self._absence(reader, started_s, now_s)
            if not reason:
                return reader
            self.reconnection.leave(reader, reason, started_s)
        if watchdog.has_given_up(now_s):
            self._raise_not_opened(reader, now_s - started_s)
        self.reconnection.reopen_when_due(may_be_file=True)
        return self.reconnection.reader or reader

    def _absence(self, reader: ReaderThread, started_s: float, now_s: float) -> str:
        """Why it is to be opened again, "" where this opening may still succeed.

        Raises:
            SourceError: it is not to be opened again.
        """
        if not reader.is_over:
            return self._slowness(reader, started_s, now_s)
        error = reader.outcome.error
        if isinstance(error, SourceAbsentError) and self._waits:
            return f"does not open ({error.reason})"
        # One that has just appeared may need more than one try until it gives a picture.
        if error is not None or not self.reconnection.watchdog.is_lost:
            self._raise_no_picture(reader)
        return reader.outcome.failure or "gives no picture"

    def _slowness(self, reader: ReaderThread, started_s: float, now_s: float) -> str:
        """The same of an opening, or a first picture, that has not come yet."""
        was_absent, give_up_s = self.reconnection.watchdog.is_lost, self.options.give_up_s
        if reader.connection is None:
            waited_s = now_s - started_s
            if give_up_s is not None and waited_s >= max(give_up_s, MIN_OPENING_TIMEOUT_S):
                self._raise_not_opened(reader, waited_s)
            hangs = was_absent and now_s - reader.started_s > OPENING_TIMEOUT_S
            return "does not open" if hangs else ""
        if now_s - reader.observations.opened_s > INITIAL_PICTURE_TIMEOUT_S:
            if not was_absent:
                self._raise_no_picture(reader)
            return "gives no picture"
        return ""

    @property
    def _waits(self) -> bool:
        return self.options.waits_at_start and self.options.give_up_s != 0

    def _raise_not_opened(self, reader: ReaderThread, waited_s: float) -> None:
        """Raise for a source that was waited for in vain."""
        error = reader.outcome.error
        told = f"{self.title} did not open in {waited_s:.0f} s"
        if isinstance(error, SourceAbsentError) and error.advice:
            raise SourceError(f"{told}: {error.advice}.")
        reason = self.reconnection.watchdog.reason.removeprefix("does not open")
        reason = f" ({reason})" if reason and not reason.startswith(" ") else reason
        raise SourceError(f"{told}{reason}: {self.advice()}.")

    def _raise_no_picture(self, reader: ReaderThread) -> None:
        """Raise for a source that never gave a picture."""
        reader.stop()
        if reader.outcome.error is not None:
            raise reader.outcome.error
        reason = reader.outcome.failure or "gives no picture"
        raise SourceError(f"{self.title} opened, but {reason}: {self.advice()}.")

    def _progress(self, started_s: float) -> Waiting:
        if self.reconnection.watchdog.is_lost:
            return self.reconnection.waiting(self.title, 0.0)
        return Waiting(0.0, f"opening {self.title}", self.system.clock() - started_s)
