"""From the frames' own times to time stamps of a file: strictly rising, at the speed of life."""

from fractions import Fraction

FRAME_S = 1.0 / 30.0  # how long a first frame lasts where nobody knows the rate
CLOCK_JUMP_S = 0.5  # a step back by more is a clock that was set, not a frame out of order


class Timeline:
    """Places frames in a file. Pure: no clock, no file."""

    def __init__(self, tick: Fraction, *, rate: float | None, cut_pauses: bool) -> None:
        """`tick` in seconds; `rate` is nominal; a pause is cut out or stays as a frozen frame."""
        self.tick = tick
        self._cut_pauses = cut_pauses
        self._step_s = 1.0 / rate if rate else FRAME_S
        self._shift_s: float | None = None
        self._last_time_s = self._last_s = 0.0
        self._last_stamp = -1

    def place(
        self, time_s: float, *, after_pause: bool = False, after_gap: bool = False
    ) -> tuple[int, int]:
        """Time stamp and duration, in ticks, of the next frame, taken at `time_s`.

        The time of a gap is left out, that of a pause where pauses are cut.
        The duration matters for the last frame only: as long as the one before it.
        """
        if self._shift_s is None:
            self._shift_s = -time_s
        else:
            step_s = time_s - self._last_time_s
            cut = after_gap or (after_pause and self._cut_pauses)
            if cut or step_s < -CLOCK_JUMP_S:
                self._shift_s = self._last_s + self._step_s - time_s
            elif step_s > 0:
                self._step_s = step_s
        stamp = max(round((time_s + self._shift_s) / self.tick), self._last_stamp + 1)
        self._last_time_s, self._last_stamp = time_s, stamp
        self._last_s = float(stamp * self.tick)
        return stamp, max(1, round(self._step_s / self.tick))

    def source_s(self, stamp: int) -> float:
        """The source's time at a time stamp, as of now."""
        return float(stamp * self.tick) - (self._shift_s or 0.0)
