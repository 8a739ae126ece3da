"""A clip: every frame of a video file with its own time, whatever the codec."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import av

from livecam.core.formatting import reason_of
from livecam.core.types import Frame
from livecam.errors import SourceError, SourceLostError
from livecam.native.ffmpeg_url import file_url
from livecam.sources.video_decoder import VideoDecoder


class Clip:
    """A video file; implements protocols.Source. Loses no frame."""

    is_live = False
    holds_last = False

    def __init__(self, path: Path) -> None:
        """`path` is opened on entering."""
        self._path = path
        self._stack = ExitStack()
        self._decoder: VideoDecoder | None = None

    @property
    def title(self) -> str:
        """The file's name."""
        return self._path.name

    @property
    def sound_path(self) -> Path:
        """The clip itself; it is opened a second time for its sound."""
        return self._path

    @property
    def began_s(self) -> float:
        """The container's time of the first frame that could be decoded, 0 before."""
        return self._opened().began_s

    @property
    def frame_count(self) -> int | None:
        """As the container lists, else estimated from its duration."""
        return self._opened().estimated_frames

    @property
    def rate(self) -> float | None:
        """Average frames per second."""
        return self._opened().rate

    @property
    def notice(self) -> str:
        """One line about what cannot be shown as it is; "" where all of it can."""
        return self._opened().notice

    def __enter__(self) -> Self:
        """Open the file.

        Raises:
            SourceError: not there, not to be read, or not a video.
        """
        try:
            container = self._stack.enter_context(av.open(file_url(self._path)))
            self._decoder = VideoDecoder(container)
        except (av.error.FFmpegError, ValueError, OSError) as error:
            self._stack.close()
            raise SourceError(
                f"{self._path} did not open as a clip ({self._reason(error)}): is the file whole? "
                "Clips (.mp4, .mkv, .webm, .mov ...) and pictures (.jpg, .png ...) can be read."
            ) from error
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._stack.close()

    def __iter__(self) -> Iterator[Frame]:
        """Every frame.

        Raises:
            SourceError: not a single frame could be decoded.
            SourceLostError: after the last frame, where frames are missing or damaged.
        """
        decoder = self._opened()
        try:
            yield from decoder.frames()
        except av.error.FFmpegError as error:  # the disk failed, not the decoder
            raise SourceLostError(
                f"{self._path} could not be read on ({self._reason(error)}) after "
                f"{decoder.decoded_until_s:.1f} s: check the disk."
            ) from error
        if not decoder.count:
            raise SourceError(f"{self._path} has no frame that can be decoded: is it damaged?")
        loss = decoder.describe_loss()
        if loss:
            raise SourceLostError(
                f"{self._path} is damaged: {loss}. What could be decoded was used; "
                "look for a better copy of the clip."
            )

    def _reason(self, error: Exception) -> str:
        if not self._path.exists():
            return "it does not exist"
        if self._path.is_file() and self._path.stat().st_size == 0:
            return "it is empty"
        if isinstance(error, PermissionError):
            return "no permission to read it"
        return reason_of(error)

    def _opened(self) -> VideoDecoder:
        if self._decoder is None:
            raise RuntimeError("a Clip is used inside a with statement")
        return self._decoder
