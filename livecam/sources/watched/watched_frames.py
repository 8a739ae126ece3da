"""Any other source that is watched (the daisy scene, folders, clips of other codecs)."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from livecam.core.protocols import Source
from livecam.core.types import Frame, Waiting
from livecam.core.watching.stillness import StillnessDetector
from livecam.core.watching.watched_source import EventClip, Look
from livecam.sources.watched.pace import Pace
from livecam.sources.watched.picture_intake import PictureIntake
from livecam.sources.watched.source_state import SourceState, WatchSetup
from livecam.sources.watched.wall_clocks import ClipWallClock


class WatchedFrames:
    """Implements core.watching.watched_source.WatchedSource; its pictures are held as JPEG.

    It has no thread: frames are taken when a look is asked for.
    """

    waiting_for = ""

    def __init__(
        self,
        source: Source,
        setup: WatchSetup,
        pace: Pace,
    ) -> None:
        """Nothing is opened yet.

        Args:
            source: that is not live.
            setup: how it is watched.
            pace: when its frames are due.
        """
        self._source, self._setup, self._pace = source, setup, pace
        self._stack = ExitStack()
        self._frames: Iterator[Frame | Waiting] | None = None
        self._next: Frame | None = None
        self._state: SourceState | None = None
        self._pictures: PictureIntake | None = None
        self._stillness = StillnessDetector()
        self.is_over = False

    @property
    def title(self) -> str:
        """Its name for the user."""
        return self._source.title

    @property
    def rate(self) -> float | None:
        """Nominal frames per second; None where unknown."""
        return self._source.rate if self._frames is not None else None

    def open(self) -> None:
        """Open it.

        Raises:
            SourceError: it cannot be opened.
        """
        self._stack.enter_context(self._source)
        self._frames = iter(self._source)

    def next_look(self) -> Look | None:
        """The newest picture that is due for a look; None while there is none.

        Raises:
            SourceError, SourceLostError: it could not be read to its end.
        """
        while (frame := self._next_due()) is not None:
            state, pictures = self._begun(frame)
            if pictures.take(frame.bgr, frame.time_s, frame.duration_s):
                at = state.wall.at(frame.time_s)
                is_still = self._stillness.is_still(frame.bgr)
                return Look(frame.bgr, frame.time_s, at, is_still=is_still)
        return None

    def begin_clip(self, from_s: float, path: Path) -> EventClip:
        """Write everything from `from_s` on that is still held, and all that follows.

        Raises:
            SinkError: the file cannot be made.
        """
        assert self._state is not None, "there is no frame yet"  # noqa: S101
        return self._state.feed.begin_clip(from_s, path)

    def close(self) -> None:
        """Close it and the clips."""
        if self._state is not None:
            self._state.feed.end()
        self._frames = self._next = None
        self._stack.close()

    def _next_due(self) -> Frame | None:
        if self._frames is None or self.is_over:
            return None
        if self._next is None:
            self._next = self._read(self._frames)
        if self._next is None or not self._pace.is_due(self._next.time_s):
            return None
        due, self._next = self._next, None
        return due

    def _read(self, frames: Iterator[Frame | Waiting]) -> Frame | None:
        try:
            item = next(frames, None)
        except Exception:
            self._end()
            raise
        if item is None:
            self._end()
        return item if isinstance(item, Frame) else None

    def _end(self) -> None:
        self.is_over = True
        if self._state is not None:
            self._state.feed.end()

    def _begun(self, frame: Frame) -> tuple[SourceState, PictureIntake]:
        if self._state is None or self._pictures is None:
            wall = ClipWallClock((frame.taken_at or self._setup.now()).astimezone())
            self._state = SourceState(self._setup, wall)
            self._pictures = PictureIntake(self._state.feed, self._setup.options.look_every_s)
        return self._state, self._pictures
