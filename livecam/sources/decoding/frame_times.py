"""Times of decoded frames: they count from the first frame and strictly increase."""

from dataclasses import dataclass
from fractions import Fraction

from av.container.input import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

DEFAULT_RATE = 30.0

_WITHOUT_TIMESTAMPS = 0x80
"""FFmpeg's flag of formats that are a bare stream of one codec."""

_DECODING_TIMES_ONLY = frozenset({"avi"})
"""Formats without presentation times; those that FFmpeg makes up go back where frames are
reordered."""

_RESTART_S = 0.25
"""A clock that steps back further has started again; by less, frames are only out of order."""

_DIGITS = 6
"""So many decimal places of a time are written; times increase also when rounded to them."""


def rate_of(container: InputContainer, stream: VideoStream) -> float | None:
    """Average frames per second, None where nothing says it.

    The average that FFmpeg gives for a bare stream is its own default, and for an AVI it counts
    places without a frame; the codec's header knows better.
    """
    average, guessed = stream.average_rate, stream.guessed_rate
    if has_timestamps(container) and container.format.name not in _DECODING_TIMES_ONLY:
        rate = average or guessed
    else:
        rate = guessed or average
    return float(rate) if rate else None


def has_timestamps(container: InputContainer) -> bool:
    """Whether the format has a place for times."""
    return not container.format.flags & _WITHOUT_TIMESTAMPS


@dataclass(frozen=True, slots=True)
class FrameTime:
    """When a frame is shown.

    Attributes:
        time_s: since the first frame.
        duration_s: how long, where the container says; else None.
    """

    time_s: float
    duration_s: float | None


class FrameClock:
    """Gives the time of one decoded frame after the other.

    Attributes:
        began_s: the container's time of the first frame, 0 before it.
        ends_s: when the last frame given ends, since the first frame.
    """

    def __init__(
        self, container: InputContainer, stream: VideoStream, *, zero_s: float | None = None
    ) -> None:
        """Begin with the next frame.

        Args:
            container: opened.
            stream: of which nothing is decoded yet, or which was sought.
            zero_s: the container's time from which times count; None for that of the next frame.
        """
        self._uses_decoding_times = container.format.name in _DECODING_TIMES_ONLY
        self._frame_s = 1.0 / (rate_of(container, stream) or DEFAULT_RATE)
        self._unit = stream.time_base or Fraction(0)
        self._stream = stream
        self._zero_s = zero_s
        self._last: FrameTime | None = None
        self.began_s, self.ends_s = zero_s or 0.0, 0.0

    def next(self, frame: VideoFrame) -> FrameTime:
        """The time of the next frame in the order of display."""
        stamp = frame.dts if self._uses_decoding_times else frame.pts
        stamp_s = None if stamp is None else self._seconds(stamp)
        # An AVI only knows places of equal length, some of them empty.
        duration = 0 if self._uses_decoding_times else frame.duration
        duration_s = self._seconds(duration or 0) or None
        time_s = self._first(stamp_s) if self._last is None else self._after(self._last, stamp_s)
        self._last = FrameTime(time_s, duration_s)
        self.ends_s = time_s + (duration_s or self._frame_s)
        return self._last

    def _reordered_frames(self) -> int:
        context = self._stream.codec_context  # None where FFmpeg has no decoder
        return context.reorder_depth if context is not None else 0

    def _seconds(self, ticks: int) -> float:
        # Many times as fast as with fractions, and rounded as rightly.
        return ticks * self._unit.numerator / self._unit.denominator

    def _first(self, stamp_s: float | None) -> float:
        if self._zero_s is not None and stamp_s is not None:
            return max(0.0, stamp_s - self._zero_s)
        self._zero_s = stamp_s
        self.began_s = stamp_s or 0.0
        if self._uses_decoding_times:  # so many packets are decoded before a frame comes out
            self.began_s = max(0.0, self.began_s - self._reordered_frames() * self._frame_s)
        return 0.0

    def _after(self, last: FrameTime, stamp_s: float | None) -> float:
        last_s = last.time_s
        if self._zero_s is None:
            self._zero_s = None if stamp_s is None else stamp_s - last_s - self._frame_s
        own_s = None if stamp_s is None or self._zero_s is None else stamp_s - self._zero_s
        if own_s is not None and round(own_s, _DIGITS) > round(last_s, _DIGITS):
            return own_s
        step_s = max(self._frame_s, 10.0**-_DIGITS)
        if own_s is not None and own_s < last_s - max(_RESTART_S, 1.5 * step_s):
            # What comes now counts from the end of the last frame.
            time_s = last_s + (last.duration_s or step_s)
            self._zero_s = (stamp_s or 0.0) - time_s
            return time_s
        return last_s + step_s
