"""A live source: the newest picture of a camera or stream, watched, and opened again when lost."""

from collections.abc import Callable, Iterator
from typing import Self, cast

from livecam.core.types import BgrImage, Drops, Frame, Waiting
from livecam.errors import SourceError, SourceLostError
from livecam.sources.live.clock_and_threads import REAL_TIMES, Times
from livecam.sources.live.connection import EndingLink, Link, Opener
from livecam.sources.live.frame_slot import Letter
from livecam.sources.live.reader_thread import Reader
from livecam.sources.live.watchdog import FROZEN, Watch

SLICE_S = 0.05
"""Longest time between two items of the iteration: so soon keys and signals are heard."""

FIRST_WAIT_S = 10.0
"""So long may it take from the opening to the very first picture."""

LEAST_OPENING_S = 5.0
"""So long the first opening may take however soon a lost source is given up."""

OPENING_S = 15.0
"""So long may opening take when it is opened again; drivers and networks give up sooner."""

STUCK_S = 3.0
"""So long the next try waits for a driver that has not come back yet."""

MOST_STUCK = 3
"""So many threads may hang in a driver; then nothing is opened until one comes back."""

STALE_LETTER_S = 1.0
LEAVING_S = 0.5
"""So long a leaving program waits for the driver to be let go."""

Attendant = Callable[[Waiting], None]


class Live:
    """A camera or a stream; implements protocols.Source and protocols.OpensSlowly.

    What turns out to be a file (a link that ends) loses no frame and is read directly.
    """

    holds_last = False

    def __init__(
        self,
        title: str,
        opener: Opener,
        *,
        every: bool = False,
        give_up_s: float | None = None,
        advice: Callable[[], str] = lambda: "check it, and start again",
        times: Times = REAL_TIMES,
    ) -> None:
        """Nothing is opened yet.

        Args:
            title: what the user calls it, without credentials.
            opener: opens one connection; called anew after every loss.
            every: hand out every picture, however late, instead of the newest.
            give_up_s: after so long without a picture it is lost for good, or did not open;
                None for never.
            advice: what to do where it opens and never gives a picture.
            times: clock and threads.
        """
        self.title = title
        self._opener, self._every, self._advice, self._times = opener, every, advice, times
        self._bell = times.bell()
        self._give_up_s = give_up_s
        self._attendant: Attendant = lambda _: None
        self._reader: Reader | None = None
        self._left_behind: list[Reader] = []
        self._forget()

    def _forget(self) -> None:
        """Nothing is known of it; what an earlier opening saw does not count."""
        self._watch = Watch(self._give_up_s)
        self._file: EndingLink | None = None
        self._link: Link | None = None
        self._drops = Drops()
        self._first_s: float | None = None
        self._last_s = 0.0

    @property
    def is_live(self) -> bool:
        """False where it turned out to be a file."""
        return self._file is None

    @property
    def rate(self) -> float | None:
        """What it claims; None where it claims nothing."""
        return self._opened().rate

    @property
    def told(self) -> str:
        """What was got where something was asked for, in a few words; else ""."""
        return self._link.told if self._link is not None else ""

    @property
    def frame_count(self) -> int | None:
        """As a file lists; None for what is live."""
        return self._file.frame_count if self._file is not None else None

    def preview(self) -> BgrImage | None:
        """The newest picture, without taking it; None before the first."""
        return self._reader.last if self._reader is not None else None

    def on_progress(self, attendant: Attendant) -> None:
        """Let this be called, twenty times a second, while the source is being opened."""
        self._attendant = attendant

    def __enter__(self) -> Self:
        """Open it and wait for the first picture.

        Raises:
            SourceError: it did not open, or gives no picture.
        """
        self._forget()
        try:
            self._await_first(self._begin())
        except BaseException:  # an interrupt, too: a driver must not be left behind
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Let it go; a driver that blocks is waited for a moment only."""
        reader, self._reader = self._reader, None
        if reader is None:
            return
        reader.stop()
        until_s = self._times.clock() + LEAVING_S
        while not reader.is_over and self._times.clock() < until_s:
            self._bell.wait(SLICE_S)
        if reader.link is not None and reader.is_open_file:
            reader.link.close()

    def __iter__(self) -> Iterator[Frame | Waiting]:
        """Frames as they come, and Waiting where none does.

        Raises:
            SourceLostError: it was waited for long enough, or a file broke off.
        """
        if self._file is not None:
            yield from self._file.frames()
            return
        self._opened()
        index = 0
        while True:
            reader = self._reader
            if reader is None:  # it was closed
                return
            ended = reader.ended  # asked first: the last letters may come just now
            letter = self._fresh_letter(reader)
            if letter is not None:
                yield self._frame(reader, letter, index)
                index += 1
                continue
            if ended:
                return
            self._look(reader)
            self._bell.wait(SLICE_S)
            if reader.mailbox.is_empty:
                yield self._waiting(index)

    def _await_first(self, reader: Reader) -> None:
        began_s = self._times.clock()
        while reader.mailbox.is_empty:
            now_s = self._times.clock()
            if reader.is_over and reader.link is not None and reader.link.has_end:
                self._link = self._file = cast("EndingLink", reader.link)
                return
            if reader.is_over and reader.mailbox.is_empty:
                self._refuse(reader)
            if reader.link is not None and now_s - reader.signs.opened_s > FIRST_WAIT_S:
                self._refuse(reader)
            if reader.link is None:
                self._refuse_late(now_s - began_s)
            self._attendant(Waiting(0.0, f"opening {self.title}", now_s - began_s))
            self._bell.wait(SLICE_S)
        self._link = reader.link

    def _refuse(self, reader: Reader) -> None:
        """Raise for a source that never gave a picture."""
        reader.stop()
        if reader.error is not None:
            raise reader.error
        why = reader.failure or "gives no picture"
        raise SourceError(f"{self.title} opened, but {why}: {self._advice()}.")

    def _refuse_late(self, waited_s: float) -> None:
        """Raise for a source that is being opened for longer than anybody wants to wait."""
        if self._give_up_s is not None and waited_s >= max(self._give_up_s, LEAST_OPENING_S):
            raise SourceError(f"{self.title} did not open in {waited_s:.0f} s: {self._advice()}.")

    def _begin(self) -> Reader:
        before: BgrImage | None = None
        if self._reader is not None:
            before, self._drops = self._reader.last, self._all_drops(self._reader)
        self._reader = Reader(
            self._opener,
            self._bell,
            self._times,
            every=self._every,
            before=before,
            may_be_file=self._link is None,
        )
        return self._reader

    def _fresh_letter(self, reader: Reader) -> Letter | None:
        """The newest picture, unless it has lain there while the source fell silent."""
        letter = reader.mailbox.take()
        if letter is None or self._every:
            return letter
        if self._times.clock() - letter.arrived_s > STALE_LETTER_S:
            drops = self._drops
            self._drops = Drops(drops.newer, drops.stale + 1, drops.repeated, drops.damaged)
            return None
        return letter

    def _frame(self, reader: Reader, letter: Letter, index: int) -> Frame:
        is_still = self._watch.reason == FROZEN and reader.signs.holds_still
        if self._watch.is_lost:
            self._watch.found()
        self._first_s = letter.arrived_s if self._first_s is None else self._first_s
        # A clock may stand still for two frames; times must not.
        own_s = letter.arrived_s - self._first_s
        self._last_s = max(own_s, self._last_s + 1e-6) if index else 0.0
        return Frame(
            letter.bgr,
            index,
            self._last_s,
            captured_s=letter.captured_s,
            drops=self._all_drops(reader),
            source_rate=reader.rate,
            is_still=is_still,
        )

    def _look(self, reader: Reader) -> None:
        """Notice that it is lost, open it again when it is time, give up when it is too late."""
        now_s, watch = self._times.clock(), self._watch
        if watch.has_given_up(now_s):
            raise SourceLostError(
                f"{self.title} {watch.reason}, for {watch.waited_s(now_s):.0f} s: {self._advice()}."
            )
        if watch.due_s is None:
            reason = self._trouble(reader, now_s)
            if reason:
                reader.stop()
                self._left_behind.append(reader)
                watch.lost(reason, _last_good_s(reader, now_s), now_s)
        elif now_s >= watch.due_s and self._may_begin(watch.due_s, now_s):
            watch.trying()
            self._begin()

    def _trouble(self, reader: Reader, now_s: float) -> str:
        if not reader.mailbox.is_empty:
            return ""  # it came just now, and is to be had first
        if reader.is_over:
            if reader.error is not None and self._watch.is_lost:
                return self._watch.reason  # it is gone, and still is
            return reader.failure or "does not open"
        if reader.link is None:
            return "does not open" if now_s - reader.started_s > OPENING_S else ""
        return self._watch.look(reader.signs, now_s)

    def _may_begin(self, due_s: float, now_s: float) -> bool:
        """A driver that hangs is waited for a while; a few may hang for ever, not more."""
        self._left_behind = [reader for reader in self._left_behind if not reader.is_over]
        if not self._left_behind:
            return True
        return now_s - due_s >= STUCK_S and len(self._left_behind) < MOST_STUCK

    def _waiting(self, index: int) -> Waiting:
        now_s, watch = self._times.clock(), self._watch
        time_s = now_s - self._first_s if index and self._first_s is not None else 0.0
        if not watch.is_lost:
            return Waiting(time_s)
        reason, waited_s = f"{self.title} {watch.reason}", watch.waited_s(now_s)
        if watch.due_s is None:
            return Waiting(time_s, reason, waited_s, doing="opening it again")
        if now_s >= watch.due_s:  # see _may_begin
            return Waiting(
                time_s, reason, waited_s, doing="it hangs in its driver or in the network"
            )
        return Waiting(time_s, reason, waited_s, watch.due_s - now_s)

    def _all_drops(self, reader: Reader) -> Drops:
        one, other = self._drops, reader.drops
        return Drops(
            one.newer + other.newer,
            one.stale + other.stale,
            one.repeated + other.repeated,
            one.damaged + other.damaged,
        )

    def _opened(self) -> Link:
        if self._link is None:
            raise RuntimeError("a live source is used inside a with statement")
        return self._link


def _last_good_s(reader: Reader, now_s: float) -> float:
    """When the last picture came that showed something new."""
    signs = reader.signs
    good_s = signs.arrived_s if signs.holds_still else signs.changed_s
    return now_s if good_s is None else good_s
