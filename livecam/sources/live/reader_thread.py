"""The reader: one connection, opened, read and closed in a thread of its own."""

from collections import deque
from contextlib import suppress
from statistics import median

import numpy as np

from livecam.core.timing import RateMeter
from livecam.core.types import BgrImage, Drops
from livecam.errors import SourceError
from livecam.sources.live.clock_and_threads import Bell, Times
from livecam.sources.live.connection import Grab, Link, LinkEndedError, LinkOverError, Opener
from livecam.sources.live.delay import Lateness
from livecam.sources.live.frame_slot import Letter, Mailbox
from livecam.sources.live.watchdog import Signs

FAILED_READS = 10
"""So many failed reads in a row mean that the connection is over."""

AFTER_FAILURE_S = 0.02
FULL_S = 0.005
STALE_S = 0.5
"""A picture that comes later than this shows the past."""


class Reader:
    """Fills a mailbox from one connection until that is over, or nobody wants it any more.

    The thread owns the driver. Nobody waits for it: a driver may block for ever, and when it
    comes back, what it brings is thrown away and the driver closed.
    """

    def __init__(
        self,
        opener: Opener,
        bell: Bell,
        times: Times,
        *,
        every: bool = False,
        before: BgrImage | None = None,
        may_be_file: bool = True,
    ) -> None:
        """Begin to open at once.

        Args:
            opener: opens the connection.
            bell: rung when something has happened.
            times: clock and threads.
            every: no picture is dropped for being late, or for a newer one.
            before: the last picture of the connection before this one.
            may_be_file: a link that has an end is handed out, open; else it is a failure.
        """
        self._opener, self._bell, self._times, self._every = opener, bell, times, every
        self._may_be_file = may_be_file
        self.mailbox = Mailbox(every=every)
        self.link: Link | None = None
        self.error: SourceError | None = None
        self.failure = ""
        self.ended = self.is_over = self.stopped = self._holds_still = False
        self.is_open_file = False
        self.started_s = self._opened_s = times.clock()
        self._arrived_s: float | None = None
        self._changed_s: float | None = None
        self._intervals_s: deque[float] = deque(maxlen=5)
        self._rate = RateMeter()
        self.rate: float | None = None
        self._lateness = Lateness()
        self.last = before
        self._stale = self._repeated = self._damaged = 0
        times.start(self._run)

    @property
    def signs(self) -> Signs:
        """What the watchdog looks at."""
        intervals = list(self._intervals_s)
        usual_s = median(intervals) if intervals else 0.0
        return Signs(self._opened_s, self._arrived_s, self._changed_s, self._holds_still, usual_s)

    @property
    def drops(self) -> Drops:
        """Pictures that came and are not shown."""
        return Drops(self.mailbox.overwritten, self._stale, self._repeated, self._damaged)

    def stop(self) -> None:
        """Nobody wants more: the thread lets the connection go as soon as the driver comes back."""
        self.stopped = True
        self.mailbox.close()

    def _run(self) -> None:
        try:
            self._open_and_read()
        except SourceError as error:
            self.error = error
        except LinkOverError as over:
            self.failure, self.ended = str(over), isinstance(over, LinkEndedError)
        except Exception as error:  # drivers raise what they like
            self.failure = f"failed ({str(error).strip() or type(error).__name__})"
        if self.link is not None and not self.is_open_file:
            with suppress(Exception):
                self.link.close()
        self.is_over = True
        self._bell.ring()

    def _open_and_read(self) -> None:
        link = self._opener()
        self._opened_s = self._times.clock()  # first: who sees the link looks at it, too
        self.link = link
        if link.has_end and not self._may_be_file:
            raise LinkOverError("is a file now, and no live source")
        self.is_open_file = link.has_end and not self.stopped
        self._bell.ring()
        if not link.has_end:
            self._read_on(link)

    def _read_on(self, link: Link) -> None:
        failures = 0
        while not self.stopped:
            grab = link.read()
            if self.stopped:  # it was away for long: what it brings is of the past
                return
            if grab is None:
                failures += 1
                self._damaged += 1
                if failures >= FAILED_READS:
                    raise LinkOverError("gives no picture: every read fails")
                self._times.sleep(AFTER_FAILURE_S)
                continue
            failures = 0
            self._judge(grab, self._times.clock())
            while self.mailbox.is_full and not self.stopped:
                # Whoever is kept waiting cannot show what it could give.
                self._rate.forget()
                self.rate = None
                self._times.sleep(FULL_S)

    def _judge(self, grab: Grab, now_s: float) -> None:
        """Into the mailbox, or dropped and counted."""
        if self._arrived_s is not None:
            self._intervals_s.append(now_s - self._arrived_s)
        self._arrived_s = now_s
        late_s = 0.0
        if grab.stamp_s is not None:
            late_s = self._lateness.of(grab.stamp_s, now_s, STALE_S)
        if late_s > STALE_S and not self._every:
            self._stale += 1
            return
        bgr = grab.bgr()
        if self.last is None or not is_same(bgr, self.last):
            self._holds_still, self._changed_s = False, now_s
        elif self._changed_s is None:  # what the connection before showed last
            self._holds_still, self._changed_s = True, now_s
        elif not (self._holds_still or self._every):
            self._repeated += 1
            return
        self.last = bgr
        self.rate = self._rate.tick(now_s)
        captured_s = now_s - late_s if grab.captured_s is None else grab.captured_s
        self.mailbox.put(Letter(bgr, now_s, captured_s))
        self._bell.ring()


def is_same(one: BgrImage, other: BgrImage) -> bool:
    """Whether two pictures agree in every byte; a few rows tell most of them apart at once."""
    if one.shape != other.shape:
        return False
    return bool(np.array_equal(one[::41], other[::41]) and np.array_equal(one, other))
