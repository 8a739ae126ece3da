"""A live source: the newest picture of a camera or stream, opened again when it is lost."""

from collections.abc import Callable, Iterator
from typing import Self, cast

from livecam.core.types import BgrImage, Frame, Waiting
from livecam.errors import SourceLostError
from livecam.sources.live.clock_and_threads import SYSTEM, ClockAndThreads
from livecam.sources.live.connection import Connect, Connection, FiniteConnection
from livecam.sources.live.first_opening import POLL_S, FirstOpening
from livecam.sources.live.frame_slot import ReceivedPicture
from livecam.sources.live.reader_thread import ReaderThread
from livecam.sources.live.reconnection import ReadingOptions, Reconnection
from livecam.sources.open_state import OpenState

STALE_IN_SLOT_S = 1.0
CLOSING_TIMEOUT_S = 0.5
"""So long a program that ends waits until the driver is closed."""

READING_OPTIONS = ReadingOptions()


class LiveSource:
    """A camera or a stream; implements protocols.Source and protocols.OpensSlowly.

    What turns out to be a file (a finite connection) loses no frame, is read directly, and its
    sound can be kept (protocols.Audible).
    """

    holds_last = False

    def __init__(
        self,
        title: str,
        connect: Connect,
        options: ReadingOptions = READING_OPTIONS,
        *,
        advice: Callable[[], str] = lambda: "check it, and start again",
        system: ClockAndThreads = SYSTEM,
    ) -> None:
        """Nothing is opened yet.

        Args:
            title: what the user calls it, without credentials.
            connect: opens one connection; called again after every loss.
            options: how it is read; `give_up_s` also limits the first opening.
            advice: what the user can do where it opens and never gives a picture.
            system: clock and threads.
        """
        self.title = title
        self._options, self._advice, self._system = options, advice, system
        self._wake = system.make_event()
        self._on_progress: Callable[[Waiting], None] = lambda _: None
        self._state = OpenState("a live source")
        self._reconnection = Reconnection(connect, options, self._wake, system)
        self._reset()

    def _reset(self) -> None:
        """Forget an earlier opening."""
        self._reconnection.reset()
        self._file: FiniteConnection | None = None
        self._connection: Connection | None = None
        self._first_s: float | None = None
        self._last_s = 0.0

    @property
    def is_live(self) -> bool:
        """False where it turned out to be a file."""
        return self._file is None

    @property
    def rate(self) -> float | None:
        """As camera or stream claims; None where it claims nothing."""
        return self._opened().rate

    @property
    def has_sound(self) -> bool:
        """Whether sound comes with the pictures."""
        return self._opened().has_sound

    @property
    def negotiated(self) -> str:
        """Size, format and rate that a camera gives, for the user; "" where nothing is known."""
        return self._connection.negotiated if self._connection is not None else ""

    @property
    def frame_count(self) -> int | None:
        """As a file lists; None for what is live."""
        return self._file.frame_count if self._file is not None else None

    @property
    def sound_path(self) -> str:
        """The address of a file; "" for what is live."""
        return self._file.address if self._file is not None else ""

    @property
    def began_s(self) -> float:
        """The file's own time of its first frame."""
        return self._file.began_s if self._file is not None else 0.0

    def preview(self) -> BgrImage | None:
        """The newest picture, without taking it; None before the first."""
        reader = self._reconnection.reader
        return reader.last_picture if reader is not None else None

    def on_progress(self, callback: Callable[[Waiting], None]) -> None:
        """Let this be called, twenty times a second, while the source is being opened."""
        self._on_progress = callback

    def __enter__(self) -> Self:
        """Open it and wait for the first picture; where that is wanted, for the source itself.

        Raises:
            SourceError: it did not open, or gives no picture.
        """
        self._reset()
        try:
            self._connection = self._first_opening().wait(self._on_progress)
        except BaseException:  # an interrupt, too: a driver must not be left open
            self.__exit__(None, None, None)
            raise
        if self._connection.is_finite:
            self._file = cast("FiniteConnection", self._connection)
        self._state.enter()
        return self

    def __exit__(self, *_: object) -> None:
        """Close it; a driver that blocks is waited for a moment only."""
        self._state.leave()
        reader, self._reconnection.reader = self._reconnection.reader, None
        if reader is None:
            return
        reader.stop()
        until_s = self._system.clock() + CLOSING_TIMEOUT_S
        while not reader.is_over and self._system.clock() < until_s:
            self._wake.wait(POLL_S)
        if reader.connection is not None and reader.is_open_file:
            reader.connection.close()

    def __iter__(self) -> Iterator[Frame | Waiting]:
        """Frames as they arrive, and Waiting where none does.

        Raises:
            SourceError: a file is read a second time.
            SourceLostError: it is lost for good, or a file broke off.
            RuntimeError: the source is not open.
        """
        frames = self._live_frames() if self._file is None else self._file.frames()
        yield from self._state.while_open(frames)

    def _live_frames(self) -> Iterator[Frame | Waiting]:
        index = 0
        while True:
            reader = self._reconnection.reader
            if reader is None:  # it was closed
                return
            is_end = reader.outcome.is_end  # before the slot: the last pictures may arrive just now
            picture = self._take_fresh(reader)
            if picture is not None:
                yield self._frame(reader, picture, index)
                index += 1
                continue
            if is_end:
                return
            self._check(reader)
            self._wake.wait(POLL_S)
            if reader.slot.is_empty:
                yield self._reconnection.waiting(self.title, self._source_time_s(index))

    def _first_opening(self) -> FirstOpening:
        return FirstOpening(
            self.title,
            self._reconnection,
            self._options,
            self._advice,
            self._wake,
            self._system,
        )

    def _take_fresh(self, reader: ReaderThread) -> ReceivedPicture | None:
        """The newest picture, unless it has lain in the slot while the source fell silent."""
        picture = reader.slot.take()
        if picture is None or self._options.every_frame:
            return picture
        if self._system.clock() - picture.arrived_s > STALE_IN_SLOT_S:
            self._reconnection.count_stale()
            return None
        return picture

    def _frame(self, reader: ReaderThread, picture: ReceivedPicture, index: int) -> Frame:
        is_still = self._reconnection.is_still_scene(reader)
        if self._reconnection.watchdog.is_lost:
            self._reconnection.watchdog.mark_recovered()
        self._first_s = picture.due_s if self._first_s is None else self._first_s
        # A clock may give the same time for two frames; frame times have to increase.
        own_s = picture.due_s - self._first_s
        self._last_s = max(own_s, self._last_s + 1e-6) if index else 0.0
        return Frame(
            picture.bgr,
            index,
            self._last_s,
            captured_s=picture.captured_s,
            drops=self._reconnection.drops,
            source_rate=reader.rate,
            is_still=is_still,
        )

    def _check(self, reader: ReaderThread) -> None:
        """Raise where it is lost for good; else open it again when it is lost."""
        now_s, watchdog = self._system.clock(), self._reconnection.watchdog
        if watchdog.has_given_up(now_s):
            lost_s = watchdog.lost_for_s(now_s)
            raise SourceLostError(
                f"{self.title} {watchdog.reason}, for {lost_s:.0f} s: {self._advice()}."
            )
        self._reconnection.check(reader)

    def _source_time_s(self, index: int) -> float:
        """The source's own time now; 0 before the first frame."""
        if not index or self._first_s is None:
            return 0.0
        return self._system.clock() - self._first_s

    def _opened(self) -> Connection:
        if self._connection is None:
            raise self._state.not_open()
        return self._connection
