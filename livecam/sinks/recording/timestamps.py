"""Time stamps of a file from the frames' own times: strictly rising, in real time."""

from collections import deque
from fractions import Fraction

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.sinks.recording.capture_times import CaptureTimes

DEFAULT_FRAME_S = 1.0 / 30.0  # duration of a single frame where the source's rate is unknown
CLOCK_JUMP_S = 0.5  # a larger step back is a clock that was set, not a frame out of order

SURE_STEP_S = 1.0  # a longer step may be a gap

MAX_STEP_S = 3600.0
"""Between two stamps. FFmpeg's MP4 muxer takes no step of 2^31 units, which are 6.6 hours."""


def seconds_of(pts: int, time_base: Fraction) -> float:
    """`float(pts * time_base)` in a tenth of its time, which is taken up by shortening fractions.

    Args:
        pts: a time stamp, or a number of them.
        time_base: their unit in seconds.
    """
    return pts * time_base.numerator / time_base.denominator


class Timeline:
    """Maps times of frames to time stamps of a file. Pure: no clock, no file.

    Attributes:
        repeats: time stamps before that of the newest frame at which the one before it has to be
            written again, so that no step is longer than MAX_STEP_S.
        captured: when the frames were taken; nothing is noted where no sound needs it.
    """

    def __init__(
        self,
        time_base: Fraction,
        *,
        rate: float | None,
        cut_pauses: bool,
        has_live_sound: bool = False,
    ) -> None:
        """Start with no frame.

        Args:
            time_base: the unit of time stamps in seconds.
            rate: nominal frames per second, None where unknown.
            cut_pauses: whether a pause is cut out; else it becomes a frozen frame.
            has_live_sound: whether a microphone is recorded, whose sound is placed by `captured`.
        """
        self.time_base, self._time_base_s = time_base, float(time_base)
        self._cut_pauses, self._has_live_sound = cut_pauses, has_live_sound
        self._steps_s = deque([1.0 / rate] if rate else [], maxlen=2)
        self._nominal_s = 1.0 / rate if rate else DEFAULT_FRAME_S
        self._shift_s: float | None = None
        self._last_time_s = self._last_s = 0.0
        self._last_pts = -1
        self._pauses = self._gaps = 0
        self._max_step = round(MAX_STEP_S / time_base)
        self._end = 0
        self.repeats: range = range(0)
        self.captured = CaptureTimes()

    def add_frame(
        self,
        time_s: float,
        duration_s: float | None = None,
        *,
        pauses: int = 0,
        gaps: int = 0,
        captured_s: float | None = None,
    ) -> tuple[int, int]:
        """Time stamp (pts) and duration of the next frame, in units of the time base.

        The time of a gap is left out, that of a pause where pauses are cut.
        The duration matters for the last frame only; it is no longer than MAX_STEP_S, and
        `repeats_at_end` says how to make up for the rest.

        Args:
            time_s: the frame's own time.
            duration_s: how long it lasts; None where the source does not know: then as long as
                the frames before it.
            pauses: how many times the source was paused so far.
            gaps: how many times the source was lost and found again so far.
            captured_s: when it was taken, on the program's clock; None where nobody knows.
        """
        shift_s, is_cut = self._shift_to(time_s, pauses, gaps)
        self._pauses, self._gaps = pauses, gaps
        pts = max(round((time_s + shift_s) / self._time_base_s), self._last_pts + 1)
        self.repeats = self._between(pts)
        self._last_time_s, self._last_pts = time_s, pts
        self._last_s = seconds_of(pts, self.time_base)
        if self._has_live_sound:
            self.captured.add_frame(self._last_s, time_s, captured_s, is_after_cut=is_cut)
        lasts_s = duration_s if duration_s and duration_s > 0 else self._step_s
        duration = max(1, round(lasts_s / self._time_base_s))
        self._end = pts + duration
        return pts, min(duration, self._max_step)

    @property
    def end_pts(self) -> int:
        """Where the last frame ends, as far as is known."""
        return self._end

    def repeats_at_end(self) -> list[tuple[int, int]]:
        """Time stamps and durations with which the last frame is written until it ends."""
        return [(pts, min(self._end - pts, self._max_step)) for pts in self._between(self._end)]

    def end_at(self, time_s: float, *, pauses: int, gaps: int) -> int | None:
        """Let the last frame last until this time of the source; gives the time stamp of it.

        None where the source was paused or lost since then: that time may be cut.

        A source that is live may have been silent for long, or may give a frame only now and then:
        how long the frame before lasted says nothing of this one.
        """
        if (pauses, gaps) != (self._pauses, self._gaps):
            return None
        least_s = self._last_s + min(self._step_s, self._nominal_s)
        self._end = round(max(least_s, time_s + (self._shift_s or 0.0)) / self._time_base_s)
        return self._end

    def _shift_to(self, time_s: float, pauses: int, gaps: int) -> tuple[float, bool]:
        """From the source's time to the file's for the next frame; whether time was cut out."""
        if self._shift_s is None:
            self._shift_s = -time_s
            return self._shift_s, True
        step_s, is_after_pause = time_s - self._last_time_s, pauses != self._pauses
        is_cut = gaps != self._gaps or (is_after_pause and self._cut_pauses)
        is_cut = is_cut or step_s < -CLOCK_JUMP_S
        if is_after_pause and not is_cut:
            self.captured.add_silence(self._last_s + self._step_s)
        if is_cut:
            self._shift_s = self._last_s + self._step_s - time_s
        elif step_s > 0:
            self._steps_s.append(step_s)
        return self._shift_s, is_cut

    @property
    def _step_s(self) -> float:
        """How long a frame lasts of which nobody says it: as long as the one before it.

        A long one may have been a gap, unless the one before it was long, too.
        """
        newest_s = self._steps_s[-1] if self._steps_s else DEFAULT_FRAME_S
        return newest_s if newest_s <= SURE_STEP_S else min(self._steps_s)

    def _between(self, pts: int) -> range:
        """Time stamps between the last one and this one, in the longest steps."""
        first = self._last_pts if self._last_pts >= 0 else pts
        return range(first + self._max_step, pts, self._max_step)

    def source_s(self, pts: int) -> float:
        """The source's time at a time stamp, according to the newest frame."""
        return seconds_of(pts, self.time_base) - (self._shift_s or 0.0)


def add_annotated(timeline: Timeline, annotated: AnnotatedFrame) -> tuple[int, int]:
    """`Timeline.add_frame` for an annotated frame, or a status card."""
    frame, status = annotated.frame, annotated.status
    return timeline.add_frame(
        frame.time_s,
        frame.duration_s,
        pauses=status.pauses,
        gaps=status.gaps,
        captured_s=None if annotated.waiting_for else frame.captured_s,  # of the frame before
    )
