"""The first opening of a live source: waits for one that is not there yet, until it is given up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from livecam.core.types import Waiting
from livecam.errors import SourceError
from livecam.sources.live.clock_and_threads import ClockAndThreads, WakeEvent
from livecam.sources.live.connection import Connection, SourceAbsentError
from livecam.sources.live.reader_thread import ReaderThread
from livecam.sources.live.reconnection import Reconnection

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
        give_up_s: after so long it is not waited for any more; None for never.
        advice: what the user can do where it opens and never gives a picture.
        wake: set when something has happened.
        system: clock and threads.
    """

    title: str
    reconnection: Reconnection
    give_up_s: float | None
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
        now_s = self.system.clock()
        if not reader.is_over:
            self._check_duration(reader, started_s, now_s)
            return reader
        if reader.is_open_file or not reader.slot.is_empty:
            return reader
        error = reader.outcome.error
        if not isinstance(error, SourceAbsentError):
            self._raise_no_picture(reader)
        else:
            self._check_whether_given_up(error, started_s, now_s)
            watchdog = self.reconnection.watchdog
            if watchdog.retry_at_s is not None and now_s >= watchdog.retry_at_s:
                watchdog.mark_reopening()
                return self.reconnection.start_reader(may_be_file=True)
        return reader

    def _check_duration(self, reader: ReaderThread, started_s: float, now_s: float) -> None:
        """Raise for an opening, or a first picture, that takes too long."""
        if reader.connection is not None:
            if now_s - reader.observations.opened_s > INITIAL_PICTURE_TIMEOUT_S:
                self._raise_no_picture(reader)
        elif self.give_up_s is not None:
            waited_s = now_s - started_s
            if waited_s >= max(self.give_up_s, MIN_OPENING_TIMEOUT_S):
                self._raise_not_opened(waited_s, self.reconnection.watchdog.reason)

    def _check_whether_given_up(
        self, error: SourceAbsentError, started_s: float, now_s: float
    ) -> None:
        """Note when the next try is due; raise where the user does not want to wait for it."""
        watchdog = self.reconnection.watchdog
        if watchdog.retry_at_s is None:
            watchdog.mark_lost(f"does not open ({error.reason})", started_s, now_s)
        if watchdog.has_given_up(now_s):
            if self.give_up_s == 0:
                raise error
            self._raise_not_opened(now_s - started_s, watchdog.reason)

    def _raise_not_opened(self, waited_s: float, reason: str) -> None:
        reason = reason.removeprefix("does not open")
        raise SourceError(
            f"{self.title} did not open in {waited_s:.0f} s{reason}: {self.advice()}."
        )

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
