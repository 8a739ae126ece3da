"""Time stamps of a file from the frames' own times: strictly rising, in real time."""

from fractions import Fraction

DEFAULT_FRAME_S = 1.0 / 30.0  # duration of a single frame where the source's rate is unknown
CLOCK_JUMP_S = 0.5  # a larger step back is a clock that was set, not a frame out of order


class Timeline:
    """Maps times of frames to time stamps of a file. Pure: no clock, no file."""

    def __init__(self, time_base: Fraction, *, rate: float | None, cut_pauses: bool) -> None:
        """Start with no frame.

        Args:
            time_base: the unit of time stamps in seconds.
            rate: nominal frames per second, None where unknown.
            cut_pauses: whether a pause is cut out; else it becomes a frozen frame.
        """
        self.time_base = time_base
        self._cut_pauses = cut_pauses
        self._step_s = 1.0 / rate if rate else DEFAULT_FRAME_S
        self._shift_s: float | None = None
        self._last_time_s = self._last_s = 0.0
        self._last_pts = -1
        self._pauses = self._gaps = 0

    def add_frame(
        self, time_s: float, duration_s: float | None = None, *, pauses: int = 0, gaps: int = 0
    ) -> tuple[int, int]:
        """Time stamp (pts) and duration of the next frame, in units of the time base.

        The time of a gap is left out, that of a pause where pauses are cut.
        The duration matters for the last frame only.

        Args:
            time_s: the frame's own time.
            duration_s: how long it lasts; None where the source does not know: then as long as
                the frame before it.
            pauses: how many times the source was paused so far.
            gaps: how many times the source was lost and found again so far.
        """
        if self._shift_s is None:
            self._shift_s = -time_s
        else:
            step_s = time_s - self._last_time_s
            is_cut = gaps != self._gaps or (pauses != self._pauses and self._cut_pauses)
            if is_cut or step_s < -CLOCK_JUMP_S:
                self._shift_s = self._last_s + self._step_s - time_s
            elif step_s > 0:
                self._step_s = step_s
        self._pauses, self._gaps = pauses, gaps
        pts = max(round((time_s + self._shift_s) / self.time_base), self._last_pts + 1)
        self._last_time_s, self._last_pts = time_s, pts
        self._last_s = float(pts * self.time_base)
        lasts_s = duration_s if duration_s and duration_s > 0 else self._step_s
        return pts, max(1, round(lasts_s / self.time_base))

    def source_s(self, pts: int) -> float:
        """The source's time at a time stamp, according to the newest frame."""
        return float(pts * self.time_base) - (self._shift_s or 0.0)
