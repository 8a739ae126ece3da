"""A clip that is watched: its packets are held and copied as those of a stream."""

from pathlib import Path

import av

from livecam.core.input_limits import SizeLimits
from livecam.core.watching.stillness import StillnessDetector
from livecam.core.watching.watched_source import EventClip, Look
from livecam.errors import SourceLostError
from livecam.native.ffmpeg_url import file_url
from livecam.sources.clip import Clip, damaged_clip
from livecam.sources.decoding.creation_time import creation_time_of
from livecam.sources.decoding.frame_times import has_timestamps
from livecam.sources.decoding.size_guard import size_options
from livecam.sources.live.connection import CapturedPicture, ConnectionLostError, StreamEndedError
from livecam.sources.video_decoder import select_video_stream
from livecam.sources.watched.clip_connection import ClipConnection
from livecam.sources.watched.pace import Pace
from livecam.sources.watched.packet_intake import COPIED_CODECS
from livecam.sources.watched.source_state import SourceState, WatchSetup
from livecam.sources.watched.wall_clocks import ClipWallClock


def has_copied_codec(path: Path, limits: SizeLimits) -> bool:
    """Whether a clip's packets can be held and copied; False also where it does not open."""
    if not path.is_file():  # a pipe is opened once
        return False
    try:
        with av.open(file_url(path), options=size_options(limits)) as container:
            context = select_video_stream(container).codec_context
            is_copied = context is not None and context.name in COPIED_CODECS
            return is_copied and has_timestamps(container)  # H.264 alone, without a container
    except (av.error.FFmpegError, ValueError, OSError):
        return False


class WatchedClip:
    """Implements core.watching.watched_source.WatchedSource; it has no thread."""

    waiting_for = ""

    def __init__(
        self,
        path: Path,
        limits: SizeLimits,
        setup: WatchSetup,
        pace: Pace,
    ) -> None:
        """Nothing is opened yet.

        Args:
            path: of one of COPIED_CODECS.
            limits: larger pictures are refused.
            setup: how it is watched.
            pace: when its pictures are due.
        """
        self._path, self._limits, self._setup, self._pace = path, limits, setup, pace
        self._state: SourceState | None = None
        self._connection: ClipConnection | None = None
        self._next: CapturedPicture | None = None
        self._stillness = StillnessDetector()
        self.is_over = False

    @property
    def title(self) -> str:
        """The file's name."""
        return self._path.name

    @property
    def rate(self) -> float | None:
        """Average frames per second."""
        return self._connection.rate if self._connection is not None else None

    def open(self) -> None:
        """Open the file.

        Raises:
            SourceError: not there, not to be read, not a video, or too large.
        """
        with Clip(self._path, self._limits):  # its words for what is wrong
            pass
        container = av.open(file_url(self._path), options=size_options(self._limits))
        began = creation_time_of(container, select_video_stream(container)) or self._setup.now()
        wall = ClipWallClock(began.astimezone())
        self._state = SourceState(self._setup, wall)
        self._connection = ClipConnection(container, self._state, self._limits)

    def next_look(self) -> Look | None:
        """The next picture that is looked at; None while it is not due.

        Raises:
            SourceLostError: the file could not be read to its end, or frames in it are missing or
                damaged; after the last picture.
        """
        if self._next is None:
            self._next = self._read()
        if self._next is None or self._state is None:
            return None
        time_s = self._next.captured_s or 0.0
        if not self._pace.is_due(time_s):
            return None
        bgr, self._next = self._next.convert(), None
        is_still = self._stillness.is_still(bgr)
        return Look(bgr, time_s, self._state.wall.at(time_s), is_still=is_still)

    def begin_clip(self, from_s: float, path: Path) -> EventClip:
        """Write everything from `from_s` on that is still held, and all that follows.

        Raises:
            SinkError: the file cannot be made.
        """
        assert self._state is not None, "it is not open"  # noqa: S101
        return self._state.feed.begin_clip(from_s, path)

    def close(self) -> None:
        """Close it and the clips."""
        if self._state is not None:
            self._state.feed.end()
        connection, self._connection, self._next = self._connection, None, None
        if connection is not None:
            connection.close()

    def _read(self) -> CapturedPicture | None:
        if self._connection is None or self.is_over:
            return None
        try:
            while (captured := self._connection.read()) is None:
                pass  # damaged
        except StreamEndedError:
            self._end()
            loss = self._connection.describe_loss()
            if loss:
                raise damaged_clip(self._path, loss) from None
            return None
        except ConnectionLostError as error:
            self._end()
            raise SourceLostError(f"{self._path} {error}: check the file and the disk.") from None
        return captured

    def _end(self) -> None:
        self.is_over = True
        if self._state is not None:
            self._state.feed.end()
