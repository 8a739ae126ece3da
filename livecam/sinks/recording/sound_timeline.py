"""Times of the pieces of a clip's sound: rising, whatever the clip's own stamps say."""

RESTART_S = 0.5
"""A step of more is a clock that was set anew, or one wrong stamp; less is an overlap."""

LONGEST_SILENCE_S = 10.0
"""A piece that stands further from both its neighbours has a wrong stamp."""

_COARSE_UNITS = 1.5
"""So many units of time two stamps may be wrong together, each being rounded."""


class SoundTimeline:
    """Places pieces of sound (packets, decoded frames) in time. Pure: no clock, no file.

    Attributes:
        left_out: pieces that overlap with what was placed before.
    """

    def __init__(self, unit_s: float, *, exact: bool) -> None:
        """Start with no piece.

        Args:
            unit_s: the unit of the clip's stamps, in seconds.
            exact: whether durations are exact; else they are in the same unit.
        """
        self._tolerance_s = _COARSE_UNITS * unit_s
        self._shortest_s = 0.0 if exact else 2.0 * unit_s
        self._shift_s = 0.0
        self._own_s: float | None = None
        self._last_s: float | None = None
        self._end_s = 0.0
        self.left_out = 0

    def place(self, at_s: float | None, lasts_s: float, next_s: float | None) -> float | None:
        """The time of the next piece, not before that of the last one; None to leave it out.

        Small steps back are overlaps, as where recordings were joined: what overlaps is left out,
        so that sound and picture stay together. After a larger step that the piece after it
        confirms, time goes on: from the end of the sound after a step back, from the new time
        after one forth, as the pictures' times do. A single wrong stamp is ignored, and so is one
        that several pieces share.

        Args:
            at_s: its own time; None where it has none.
            lasts_s: how long it lasts; 0 where not known.
            next_s: the own time of the piece after it; None where it has none.
        """
        if self._last_s is None:
            placed_s: float | None = at_s or 0.0
        else:
            placed_s = self._after(self._last_s, at_s, lasts_s, next_s)
        self._own_s = at_s if at_s is not None else self._own_s
        if placed_s is None:
            self.left_out += 1
            return None
        step_s = lasts_s or (placed_s - self._last_s if self._last_s is not None else 0.0)
        self._last_s, self._end_s = placed_s, placed_s + min(step_s, RESTART_S)
        return placed_s

    def _after(
        self, last_s: float, at_s: float | None, lasts_s: float, next_s: float | None
    ) -> float | None:
        if at_s is None or at_s == self._own_s:
            return self._following_s(last_s, lasts_s)
        time_s = at_s + self._shift_s
        if time_s - self._end_s > RESTART_S and not self._is_after_silence(at_s, time_s, next_s):
            return self._end_s
        if self._end_s - time_s > RESTART_S:
            if next_s is not None and abs(next_s - at_s - lasts_s) < RESTART_S:
                self._shift_s += self._end_s - time_s
            return self._end_s
        if time_s > last_s:
            return time_s
        # A unit that is long beside the pieces says little about which of two comes first.
        is_coarse = self._tolerance_s > lasts_s / 2 and last_s - time_s < self._tolerance_s
        return self._following_s(last_s, lasts_s) if is_coarse else None

    def _following_s(self, last_s: float, lasts_s: float) -> float:
        """Right after the piece before; where durations are coarse, too, at the same time."""
        return self._end_s if lasts_s >= self._shortest_s else last_s

    def _is_after_silence(self, at_s: float, time_s: float, next_s: float | None) -> bool:
        """Whether a step forth is a silence, or a clock that was set; else one stamp is wrong."""
        if next_s is None:
            return time_s - self._end_s < LONGEST_SILENCE_S
        return 0.0 <= next_s - at_s < LONGEST_SILENCE_S
