"""The reader thread: opens, reads and closes one connection to a camera or a stream."""

from contextlib import suppress
from dataclasses import dataclass

from livecam.core.types import BgrImage, Drops
from livecam.errors import SourceError
from livecam.sources.live.clock_and_threads import ClockAndThreads, WakeEvent
from livecam.sources.live.connection import (
    Connect,
    Connection,
    ConnectionLostError,
    StreamEndedError,
)
from livecam.sources.live.frame_slot import FrameSlot
from livecam.sources.live.picture_filter import PictureFilter
from livecam.sources.live.watchdog import Observations

MAX_FAILED_READS = 10
"""So many failed reads in a row mean that the connection is lost."""

AFTER_FAILURE_S = 0.02
SLOT_FULL_S = 0.005


@dataclass(frozen=True, slots=True)
class Outcome:
    """Why a connection gives no more pictures; empty while it does.

    Attributes:
        error: it could not be opened.
        failure: how it was lost, for the user; "" where it was not.
        is_end: the sender said that this was the end.
    """

    error: SourceError | None = None
    failure: str = ""
    is_end: bool = False


class ReaderThread:
    """Fills a slot from one connection until that is lost, or the thread is stopped.

    The thread owns the driver. Nobody waits for it: a driver may block for ever, and when it
    returns, its picture is discarded and the driver closed.

    Attributes:
        slot: where the pictures are.
        connection: once it is open.
        outcome: why it ended, as soon as that is known.
        is_over: the thread has ended; the connection is closed, unless `is_open_file`.
        is_open_file: the connection is a file, left open for LiveSource to read and close.
    """

    def __init__(
        self,
        connect: Connect,
        wake: WakeEvent,
        system: ClockAndThreads,
        *,
        every_frame: bool = False,
        last_picture: BgrImage | None = None,
        may_be_file: bool = True,
    ) -> None:
        """Start to open the connection at once.

        Args:
            connect: opens the connection.
            wake: set when something has happened.
            system: clock and threads.
            every_frame: no picture is dropped for being late, or for a newer one.
            last_picture: the last one of the connection before this one.
            may_be_file: a finite connection is left open, to be read directly; else it fails.
        """
        self._connect, self._wake, self._system = connect, wake, system
        self._may_be_file = may_be_file
        self._filter = PictureFilter(every_frame=every_frame, last=last_picture)
        self.slot = FrameSlot(every_frame=every_frame)
        self.connection: Connection | None = None
        self.outcome = Outcome()
        self.is_over = self.is_open_file = self._is_stopped = False
        self.started_s = self._opened_s = system.clock()
        self._damaged = 0
        system.start_thread(self._run)

    @property
    def last_picture(self) -> BgrImage | None:
        """The newest one, without taking it from the slot; None before the first."""
        return self._filter.last

    @property
    def rate(self) -> float | None:
        """Pictures per second that arrived; None where unknown."""
        return self._filter.rate

    @property
    def observations(self) -> Observations:
        """What the watchdog checks."""
        return self._filter.observations(self._opened_s)

    @property
    def drops(self) -> Drops:
        """Pictures that arrived and are not shown."""
        overwritten, seen = self.slot.overwritten, self._filter
        return Drops(overwritten, seen.stale, seen.repeated, self._damaged)

    def stop(self) -> None:
        """No more pictures are wanted: the thread ends as soon as the driver returns."""
        self._is_stopped = True
        self.slot.close()

    def _run(self) -> None:
        try:
            self._open_and_read()
        except SourceError as error:
            self.outcome = Outcome(error=error)
        except ConnectionLostError as lost:
            is_end = isinstance(lost, StreamEndedError)
            self.outcome = Outcome(failure=str(lost), is_end=is_end)
        except Exception as error:  # a driver may raise anything
            reason = str(error).strip() or type(error).__name__
            self.outcome = Outcome(failure=f"failed ({reason})")
        if self.connection is not None and not self.is_open_file:
            with suppress(Exception):
                self.connection.close()
        self.is_over = True
        self._wake.set()

    def _open_and_read(self) -> None:
        connection = self._connect()
        self._opened_s = self._system.clock()  # before `connection`, which is looked at first
        self.connection = connection
        if connection.is_finite and not self._may_be_file:
            raise ConnectionLostError("is a file now, and no live source")
        self.is_open_file = connection.is_finite and not self._is_stopped
        self._wake.set()
        if not connection.is_finite:
            self._read(connection)

    def _read(self, connection: Connection) -> None:
        failures = 0
        while not self._is_stopped:
            captured = connection.read()
            if self._is_stopped:  # it may have blocked for long: the picture is of the past
                return
            if captured is None:
                failures += 1
                self._damaged += 1
                if failures >= MAX_FAILED_READS:
                    raise ConnectionLostError("gives no picture: every read fails")
                self._system.sleep(AFTER_FAILURE_S)
                continue
            failures = 0
            received = self._filter.accept(captured, self._system.clock())
            if received is not None:
                self.slot.put(received)
                self._wake.set()
            del captured, received  # the decoded picture must not stay until the next one
            while self.slot.is_full and not self._is_stopped:
                self._filter.forget_rate()
                self._system.sleep(SLOT_FULL_S)
