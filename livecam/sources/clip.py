"""A clip: every frame of a video file with its own time, whatever the codec."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import av

from livecam.core.formatting import reason_of
from livecam.core.input_limits import DEFAULT_LIMITS, SizeLimits, TooLargeError
from livecam.core.seek_and_speed import Jump, clip_place
from livecam.core.types import Frame
from livecam.errors import SourceError, SourceLostError
from livecam.native.ffmpeg_url import file_url
from livecam.sources.clip_seek import ClipTimes, frames_after, frames_from
from livecam.sources.decoding.frame_count import counted_frames
from livecam.sources.decoding.size_guard import size_options
from livecam.sources.open_state import OpenState
from livecam.sources.video_decoder import VideoDecoder


def damaged_clip(path: Path, loss: str) -> SourceLostError:
    """The error of a clip of which something is missing or damaged, as `loss` says."""
    return SourceLostError(
        f"{path} is damaged: {loss}. What could be decoded was used; look for a better copy of "
        "the clip."
    )


class Clip:
    """A video file; implements protocols.Source and Seekable. Loses no frame."""

    is_live = False
    holds_last = False

    def __init__(self, path: Path, limits: SizeLimits = DEFAULT_LIMITS) -> None:
        """`path` is opened on entering; larger pictures than the limits allow are refused."""
        self._path, self._limits = path, limits
        self._stack = ExitStack()
        self._state = OpenState("a Clip")
        self._decoder: VideoDecoder | None = None
        self._is_begun = False

    @property
    def title(self) -> str:
        """The file's name."""
        return self._path.name

    @property
    def paths(self) -> Sequence[Path]:
        """The clip."""
        return (self._path,)

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
        """As the container lists, else estimated from its duration, else counted."""
        decoder = self._opened()
        frames = decoder.estimated_frames
        if frames is None and decoder.duration_s is None and self.can_seek:
            frames = counted_frames(self._path, decoder.stream.index)
        return frames

    @property
    def rate(self) -> float | None:
        """Average frames per second."""
        return self._opened().rate

    @property
    def notice(self) -> str:
        """One line about what cannot be shown as it is; "" where all of it can."""
        return self._opened().notice

    @property
    def is_annotated_recording(self) -> bool:
        """Whether livecam has drawn its map into the pictures already."""
        # Earlier versions did not write into an untouched twin that it is one.
        is_twin = self._path.stem.endswith("_clean")
        return self._opened().is_annotated_recording and not is_twin

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def __enter__(self) -> Self:
        """Open the file.

        Raises:
            SourceError: not there, not to be read, not a video, or too large.
        """
        self._decoder, self._is_begun = self._open_decoder(self._stack), False
        self._state.enter()
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._state.leave()
        self._decoder = None
        self._stack.close()

    def __iter__(self) -> Iterator[Frame]:
        """Every frame, from the beginning.

        Raises:
            SourceError: not a single frame could be decoded, or a pipe is read a second time.
            SourceLostError: after the last frame, where frames are missing or damaged.
            RuntimeError: the clip is not open.
        """
        yield from self._state.while_open(self._frames())

    def _frames(self) -> Iterator[Frame]:
        if not self._is_begun:
            self._is_begun = True
            yield from self._frames_of(self._opened())
            return
        if not self.can_seek:
            raise SourceError(
                f"{self._path} cannot be read a second time: it is a pipe; copy it to a file first."
            )
        with ExitStack() as stack:
            yield from self._frames_of(self._open_decoder(stack))

    def _frames_of(self, decoder: VideoDecoder) -> Iterator[Frame]:
        try:
            yield from decoder.frames()
        except av.error.FFmpegError as error:  # the disk failed, not the decoder
            raise self._unreadable(error, decoder.decoded_until_s) from error
        except TooLargeError as error:
            if not decoder.count:
                raise self._too_large(error) from error
            raise self._becomes_too_large(error, decoder.decoded_until_s) from error
        if not decoder.count:
            megapixels = self._limits.pixels / 1e6
            raise SourceError(
                f"{self._path} has no frame that can be decoded: is it damaged, or larger than "
                f"--max-megapixels ({megapixels:g}) allows?"
            )
        loss = decoder.describe_loss()
        if loss:
            raise damaged_clip(self._path, loss)

    @property
    def can_seek(self) -> bool:
        """Whether it can be opened and read again; a pipe cannot."""
        return self._path.is_file()

    def frames_after(self, jump: Jump, shown: Frame) -> Iterator[Frame]:
        """The frames from another place on; damage is reported by the whole iteration only.

        Raises:
            SourceLostError: it cannot be read any more.
        """
        yield from self._sought(frames_after(self._open, self._times(), jump, shown), shown.time_s)

    def frames_from(self, time_s: float) -> Iterator[Frame]:
        """The frames from this time on, numbered from 0; the last one where it ends before.

        Their times count from the first frame that was decoded: see `began_s`.

        Raises:
            SourceLostError: it cannot be read any more.
        """
        yield from self._sought(frames_from(self._open, self._times(), time_s), time_s)

    def _sought(self, frames: Iterator[Frame], time_s: float) -> Iterator[Frame]:
        try:
            yield from self._state.while_open(frames)
        except av.error.FFmpegError as error:
            raise self._unreadable(error, time_s) from error
        except TooLargeError as error:
            raise self._becomes_too_large(error, time_s) from error

    def _times(self) -> ClipTimes:
        decoder = self._opened()
        return ClipTimes(decoder.began_s, decoder.duration_s, decoder.rate, self._limits)

    def describe_place(self, shown: Frame) -> str:
        """Its time, and that of its end."""
        return clip_place(shown.time_s, self._opened().duration_s)

    def _open(self) -> "av.container.InputContainer":
        return av.open(file_url(self._path), options=size_options(self._limits))

    def _open_decoder(self, stack: ExitStack) -> VideoDecoder:
        """Open the file, to be closed with the stack."""
        try:
            return VideoDecoder(stack.enter_context(self._open()), self._limits)
        except TooLargeError as error:
            stack.close()
            raise self._too_large(error) from error
        except (av.error.FFmpegError, ValueError, OSError) as error:
            stack.close()
            raise SourceError(
                f"{self._path} did not open as a clip ({self._reason(error)}): is the file whole? "
                "Clips (.mp4, .mkv, .webm, .mov ...) and pictures (.jpg, .png ...) can be read."
            ) from error

    def _unreadable(self, error: av.error.FFmpegError, time_s: float) -> SourceLostError:
        return SourceLostError(
            f"{self._path} could not be read on ({self._reason(error)}) after {time_s:.1f} s: "
            "check the disk."
        )

    def _too_large(self, error: TooLargeError) -> SourceError:
        return SourceError(f"{self._path} {error}: {self._limits.advice}.")

    def _becomes_too_large(self, error: TooLargeError, time_s: float) -> SourceLostError:
        return SourceLostError(
            f"{self._path} could be used until {time_s:.1f} s: what follows {error}."
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
            raise self._state.not_open()
        return self._decoder
