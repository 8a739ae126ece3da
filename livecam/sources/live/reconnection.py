"""Reconnection: opens a lost live source again, each time with a new reader thread."""

from dataclasses import dataclass

from livecam.core.types import BgrImage, Drops, Waiting
from livecam.sources.live.clock_and_threads import ClockAndThreads, WakeEvent
from livecam.sources.live.connection import Connect
from livecam.sources.live.reader_thread import ReaderThread
from livecam.sources.live.watchdog import FROZEN, Watchdog

RETRY_DELAYS_S = (0.5, 1.0, 2.0, 4.0, 5.0)
"""Seconds from one failure to the next try; the last one from then on."""

OPENING_TIMEOUT_S = 15.0
"""So long may opening take when it is opened again; drivers and networks give up sooner."""

HANGING_DELAY_S = 3.0
"""So long the next try waits for a driver that has not returned yet."""

MAX_HANGING = 3
"""So many threads may hang in a driver; then nothing is opened until one returns."""


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How a live source is read.

    Attributes:
        every_frame: give every picture, however late, instead of the newest.
        give_up_s: after so long without a picture it is lost for good; None for never.
        waits_at_start: whether one that is not there yet is waited for; else that is an error.
    """

    every_frame: bool = False
    give_up_s: float | None = None
    waits_at_start: bool = True


class Reconnection:
    """Owns the reader thread of the present connection, and replaces it after a loss.

    Attributes:
        reader: of the present connection; None while the source is closed.
        watchdog: why it is lost, and since when.
    """

    def __init__(
        self,
        connect: Connect,
        options: ReadingOptions,
        wake: WakeEvent,
        system: ClockAndThreads,
    ) -> None:
        """Nothing is opened yet; for the arguments see LiveSource."""
        self._connect, self._options = connect, options
        self._wake, self._system = wake, system
        self.reader: ReaderThread | None = None
        self._stopped_readers: list[ReaderThread] = []
        self.reset()

    def reset(self) -> None:
        """Forget what happened before: the source is opened for the first time again."""
        self.watchdog = Watchdog(self._options.give_up_s, RETRY_DELAYS_S)
        self._earlier_drops = Drops()

    def start_reader(self, *, may_be_file: bool) -> ReaderThread:
        """Open a connection in a new thread; drops are counted on."""
        last_picture: BgrImage | None = None
        if self.reader is not None:
            last_picture, self._earlier_drops = self.reader.last_picture, self.drops
        self.reader = ReaderThread(
            self._connect,
            self._wake,
            self._system,
            every_frame=self._options.every_frame,
            last_picture=last_picture,
            may_be_file=may_be_file,
        )
        return self.reader

    def switch(self, connect: Connect) -> None:
        """Leave the present connection for one to another device; a loss is forgotten."""
        if self.reader is not None and self.watchdog.retry_at_s is None:
            self.reader.stop()
            self._stopped_readers.append(self.reader)
        self._connect = connect
        self.watchdog = Watchdog(self._options.give_up_s, RETRY_DELAYS_S)
        self.start_reader(may_be_file=False)

    @property
    def drops(self) -> Drops:
        """Pictures that were not shown, over all connections."""
        earlier = self._earlier_drops
        if self.reader is None:
            return earlier
        present = self.reader.drops
        return Drops(
            earlier.newer + present.newer,
            earlier.stale + present.stale,
            earlier.repeated + present.repeated,
            earlier.damaged + present.damaged,
        )

    def count_stale(self) -> None:
        """Count a picture that was too old when it was taken from the slot."""
        before = self._earlier_drops
        self._earlier_drops = Drops(before.newer, before.stale + 1, before.repeated, before.damaged)

    def is_still_scene(self, reader: ReaderThread) -> bool:
        """Whether it was opened again because it was frozen, and the picture is still the same."""
        return self.watchdog.reason == FROZEN and reader.observations.is_still_scene

    def check(self, reader: ReaderThread) -> None:
        """Close the connection when it is lost; open it again when that is due."""
        now_s = self._system.clock()
        if self.watchdog.retry_at_s is not None:
            self.reopen_when_due(may_be_file=False)
        elif reason := self._loss(reader, now_s):
            self.leave(reader, reason, _last_good_s(reader, now_s))

    def leave(self, reader: ReaderThread, reason: str, last_good_s: float) -> None:
        """Close a connection that is lost; the next try is due after a delay.

        Args:
            reader: of the connection.
            reason: why it is lost, for the user.
            last_good_s: when all was well for the last time.
        """
        reader.stop()
        self._stopped_readers.append(reader)
        self.watchdog.mark_lost(reason, last_good_s, self._system.clock())

    def reopen_when_due(self, *, may_be_file: bool) -> None:
        """Open it again, unless the delay is not over, or too many drivers hang."""
        now_s, retry_at_s = self._system.clock(), self.watchdog.retry_at_s
        if retry_at_s is not None and now_s >= retry_at_s and self._may_open(retry_at_s, now_s):
            self.watchdog.mark_reopening()
            self.start_reader(may_be_file=may_be_file)

    def _loss(self, reader: ReaderThread, now_s: float) -> str:
        """Why the connection is lost, "" where it is not."""
        if not reader.slot.is_empty:
            return ""  # a picture arrived just now, and is to be shown first
        if reader.is_over:
            if reader.outcome.error is not None and self.watchdog.is_lost:
                return self.watchdog.reason  # the reason of the first loss stands
            return reader.outcome.failure or "does not open"
        if reader.connection is None:
            return "does not open" if now_s - reader.started_s > OPENING_TIMEOUT_S else ""
        return self.watchdog.check(reader.observations, now_s)

    def _may_open(self, retry_at_s: float, now_s: float) -> bool:
        """A driver that hangs is waited for a while; a few may hang for ever, not more."""
        self._stopped_readers = [reader for reader in self._stopped_readers if not reader.is_over]
        if not self._stopped_readers:
            return True
        is_delayed_enough = now_s - retry_at_s >= HANGING_DELAY_S
        return is_delayed_enough and len(self._stopped_readers) < MAX_HANGING

    def waiting(self, title: str, time_s: float) -> Waiting:
        """What the source gives where it has no frame.

        Args:
            title: of the source.
            time_s: the source's own time.
        """
        now_s, watchdog = self._system.clock(), self.watchdog
        if not watchdog.is_lost:
            return Waiting(time_s)
        reason, waited_s = f"{title} {watchdog.reason}", watchdog.lost_for_s(now_s)
        if watchdog.retry_at_s is None:
            return Waiting(time_s, reason, waited_s, doing="opening it again")
        if now_s >= watchdog.retry_at_s:  # see _may_open
            return Waiting(
                time_s, reason, waited_s, doing="it hangs in its driver or in the network"
            )
        return Waiting(time_s, reason, waited_s, watchdog.retry_at_s - now_s)


def _last_good_s(reader: ReaderThread, now_s: float) -> float:
    """When the last picture arrived that showed something new."""
    observed = reader.observations
    good_s = observed.arrived_s if observed.is_still_scene else observed.changed_s
    return now_s if good_s is None else good_s
