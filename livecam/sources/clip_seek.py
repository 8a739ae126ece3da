"""Plays a clip from another place: sought at a key frame before it, decoded up to it."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import av

from livecam.core.input_limits import DEFAULT_LIMITS, SizeLimits
from livecam.core.seek_and_speed import SEEK_S, Jump
from livecam.core.types import Frame
from livecam.sources.decoding.frame_times import DEFAULT_RATE, has_timestamps
from livecam.sources.video_decoder import VideoDecoder

_SAME_S = 1e-6

_BEFORE_S = (0.0, 2.0, 15.0, None)
"""Seconds before the wanted frame at which is sought, one after the other, until it is reached:
some formats seek to the wrong side of it. None decodes from the beginning."""

_MOST_FRAMES_BACK = 60

OpenContainer = Callable[[], "av.container.InputContainer"]


@dataclass(frozen=True, slots=True)
class ClipTimes:
    """What the first opening of a clip said.

    Attributes:
        began_s: the container's time of the first frame.
        duration_s: seconds from there to the end; None where it is not known.
        rate: frames per second; None where it is not known.
        limits: larger pictures are refused.
    """

    began_s: float
    duration_s: float | None
    rate: float | None
    limits: SizeLimits = DEFAULT_LIMITS

    @property
    def frame_s(self) -> float:
        """How long a frame lasts, as far as is known."""
        return 1.0 / (self.rate or DEFAULT_RATE)


def frames_after(
    open_container: OpenContainer, times: ClipTimes, jump: Jump, shown: Frame
) -> Iterator[Frame]:
    """The frames from another place on; those of the last frame where it is beyond the end.

    Args:
        open_container: opens the clip once more.
        times: of the clip.
        jump: where to.
        shown: the frame that is on the screen.

    Raises:
        av.error.FFmpegError: the clip cannot be read any more.
        TooLargeError: its pictures become larger than the limits allow.
    """
    if jump.frames_back and not jump.to_start:
        yield from _frames_before(open_container, times, shown, jump.frames_back)
        return
    target_s = 0.0 if jump.to_start else max(0.0, shown.time_s + jump.steps * SEEK_S)
    if times.duration_s is not None:
        target_s = min(target_s, max(0.0, times.duration_s - 1.5 * times.frame_s))
    yield from _with_indices(frames_from(open_container, times, target_s), times)


def _with_indices(frames: Iterator[Frame], times: ClipTimes) -> Iterator[Frame]:
    """The first index is reckoned from the rate: counting would take decoding all before it."""
    first: int | None = None
    for frame in frames:
        if first is None:
            first = round(frame.time_s / times.frame_s)
        yield replace(frame, index=first + frame.index)


def frames_from(
    open_container: OpenContainer, times: ClipTimes, target_s: float
) -> Iterator[Frame]:
    """The frames from this time on, numbered from 0; the last one where it is beyond the end.

    Raises:
        av.error.FFmpegError: the clip cannot be read any more.
        TooLargeError: its pictures become larger than the limits allow.
    """
    for before_s in _BEFORE_S:
        with open_container() as container:
            decoder = _sought(container, times, target_s, before_s)
            frames = decoder.frames(target_s - _SAME_S)
            first = next(frames, None)
            is_late = first is not None and not decoder.skipped and first.time_s > times.frame_s
            if first is not None and not (is_late and before_s is not None):
                yield first
                yield from frames
                return
            if first is None and decoder.skipped:  # it ends before that
                ends_s = decoder.decoded_until_s
                target_s = max(0.0, min(target_s, ends_s) - 1.5 * times.frame_s)


def _frames_before(
    open_container: OpenContainer, times: ClipTimes, shown: Frame, count: int
) -> Iterator[Frame]:
    """The frames from `count` before the shown one on."""
    count = min(count, _MOST_FRAMES_BACK)
    reach_s = 3 * count * times.frame_s
    for before_s in _BEFORE_S:
        from_s = 0.0 if before_s is None else max(0.0, shown.time_s - reach_s - before_s)
        with open_container() as container:
            decoder = _sought(container, times, from_s, before_s)
            frames = decoder.frames(from_s - _SAME_S)
            earlier: deque[Frame] = deque(maxlen=count)
            following = None
            for following in frames:
                if following.time_s >= shown.time_s - _SAME_S:
                    break
                earlier.append(following)
            if len(earlier) < count and from_s > 0:
                continue
            index = shown.index - len(earlier)
            rest = [following] if following is not None and following not in earlier else []
            for number, frame in enumerate((*earlier, *rest)):
                yield replace(frame, index=index + number)
            index += len(earlier) + len(rest)
            for number, frame in enumerate(frames):
                yield replace(frame, index=index + number)
            return


def _sought(
    container: "av.container.InputContainer",
    times: ClipTimes,
    target_s: float,
    before_s: float | None,
) -> VideoDecoder:
    """A decoder that begins at a key frame before the target, or at the beginning."""
    if before_s is not None and target_s > before_s and has_timestamps(container):
        wanted_s = target_s - before_s + times.began_s
        try:
            container.seek(round(wanted_s * av.time_base))
        except av.error.FFmpegError:  # it cannot be sought in
            return VideoDecoder(container, times.limits, zero_s=times.began_s)
    return VideoDecoder(container, times.limits, zero_s=times.began_s)
