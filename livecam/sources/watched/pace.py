"""When the pictures of what is not live are due, where it is played as fast as it was taken."""

from collections.abc import Callable

STALL_S = 1.0
"""Whoever is later than this goes on from the present: nothing is caught up with."""

_ROUNDING_S = 1e-6


class Pace:
    """Lets each picture come at its own time, on a clock that is handed in."""

    def __init__(self, clock: Callable[[], float] | None) -> None:
        """None as a clock: every picture is due at once."""
        self._clock = clock
        self._zero_s: float | None = None

    def is_due(self, time_s: float) -> bool:
        """Whether the picture of a time of the source may come now."""
        if self._clock is None:
            return True
        now_s = self._clock()
        if self._zero_s is None or now_s - self._zero_s - time_s > STALL_S:
            self._zero_s = now_s - time_s
        return now_s - self._zero_s >= time_s - _ROUNDING_S
