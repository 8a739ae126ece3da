"""A camera or a stream that is watched, in a thread of its own; opened again when it is lost."""

import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from livecam.core.types import BgrImage, Frame, Waiting
from livecam.core.watching.stillness import StillnessDetector
from livecam.core.watching.watched_source import EventClip, Look
from livecam.errors import LivecamError, SourceError, SourceLostError
from livecam.sources.live.clock_and_threads import ClockAndThreads
from livecam.sources.live.live_source import LiveSource
from livecam.sources.watched.picture_intake import PictureIntake
from livecam.sources.watched.source_state import SourceState

AGAIN_AFTER_S = 5.0
"""So long after its driver failed in an unexpected way a source is opened again."""


class _ClosedError(Exception):
    """It is closed while it is still being opened."""


@dataclass(frozen=True, slots=True, eq=False)
class _Picture:
    bgr: BgrImage
    time_s: float
    at: datetime


class WatchedLive:
    """Implements core.watching.watched_source.WatchedSource.

    Where the connection gives packets, they are held, and what it decodes is looked at; else
    pictures are held, each as JPEG.
    """

    def __init__(
        self, source: LiveSource, state: SourceState, system: ClockAndThreads, began_s: float
    ) -> None:
        """Nothing is opened yet.

        Args:
            source: its connections use the state.
            state: of this source.
            system: clock and threads.
            began_s: time 0 of the source, on that clock.
        """
        self._source, self._state, self._system = source, state, system
        self._began_s = began_s
        self._pictures = PictureIntake(state.feed, state.look_every_s)
        self._lock = threading.Lock()
        self._newest: _Picture | None = None
        self._waiting_for = ""
        self._error: LivecamError | None = None
        self._has_opened = self._is_closing = self._is_ended = False
        self._stillness = StillnessDetector()

    @property
    def title(self) -> str:
        """Its name for the user; without the credentials of a URL."""
        return self._source.title

    @property
    def rate(self) -> float | None:
        """Nominal frames per second; None where unknown."""
        return self._source.rate if self._has_opened else None

    @property
    def waiting_for(self) -> str:
        """What is waited for where no pictures come; "" while they come."""
        return self._waiting_for

    @property
    def is_over(self) -> bool:
        """Whether the sender said that this was the end, and all was looked at."""
        return self._is_ended and self._newest is None

    def open(self) -> None:
        """Begin to open it, in a thread."""
        self._waiting_for = f"opening {self.title}"
        self._system.start_thread(self._run)

    def next_look(self) -> Look | None:
        """The newest picture that is due for a look; None while there is none.

        Raises:
            SourceError: it did not open, or is lost for good.
        """
        with self._lock:
            newest, self._newest = self._newest, None
        if newest is not None:
            is_still = self._stillness.is_still(newest.bgr)
            return Look(newest.bgr, newest.time_s, newest.at, is_still=is_still)
        if self._error is not None:
            raise self._error
        return None

    def begin_clip(self, from_s: float, path: Path) -> EventClip:
        """Write everything from `from_s` on that is still held, and all that follows.

        Raises:
            SinkError: the file cannot be made.
        """
        return self._state.feed.begin_clip(from_s, path)

    def close(self) -> None:
        """Close it; a driver that blocks is waited for a moment only."""
        self._is_closing = True
        self._state.feed.end(is_lost=True)

    def _run(self) -> None:
        self._source.on_progress(self._note)
        while not (self._is_closing or self._is_ended or self._error is not None):
            try:
                with self._source:
                    self._has_opened = True
                    self._read()
                self._is_ended = True
            except _ClosedError:
                break
            except LivecamError as error:
                self._error = error
            except Exception as error:  # a driver may raise anything
                self._failed(str(error).strip() or type(error).__name__)
        self._state.feed.end(is_lost=self._error is not None)

    def _failed(self, reason: str) -> None:
        """What nobody expected: for weeks of watching it is opened again, if it ever was open."""
        if not self._has_opened:
            self._error = SourceLostError(f"{self.title} failed ({reason}): open it again.")
            return
        self._waiting_for = f"{self.title} failed ({reason}): it is opened again"
        self._system.sleep(AGAIN_AFTER_S)

    def _read(self) -> None:
        if not self._source.is_live:
            raise SourceError(f"{self.title} is a file: download it, and watch the clip.")
        for item in self._source:
            if isinstance(item, Waiting):
                self._note(item)
            elif self._is_closing:
                return
            else:
                self._take(item)

    def _note(self, waiting: Waiting) -> None:
        if self._is_closing:
            raise _ClosedError
        if waiting.reason:
            self._waiting_for = waiting.reason

    def _take(self, frame: Frame) -> None:
        state, self._waiting_for = self._state, ""
        time_s = frame.captured_s or 0.0
        if not state.gives_looks:
            time_s -= self._began_s
            if not self._pictures.take(frame.bgr, time_s):
                return
        picture = _Picture(frame.bgr, time_s, state.wall.at(time_s))
        with self._lock:
            self._newest = picture
