"""The clock of a sound card, corrected to the program's: when each of its samples sounded."""

WINDOW_S = 1.0
"""So often it is corrected. Blocks are noticed late, never early: the earliest one of a window
says best when it was."""

_TIME_GAIN, _RATE_GAIN = 0.3, 0.0225
"""A critically damped loop of second order (_RATE_GAIN is a quarter of the square of the other):
after some ten windows a steady drift is followed without an error."""

_MAX_DRIFT = 0.002
"""Cheap sound cards are wrong by 0.0002; what seems to be more is noise."""

LOST_S = 0.05
"""A whole window that is so much late has lost samples."""

EARLY_S = 0.01
"""A single block that is so much early says at once that the first one was noticed late: none is
noticed before its time."""


class SampleClock:
    """Follows one sound card from its first sample on, by counting. Pure: no clock, no device.

    Attributes:
        is_off: the count does not fit the times any more: begin with another one.
    """

    def __init__(self, rate: int, began_s: float) -> None:
        """Start before the first sample.

        Args:
            rate: samples per second, as the card claims.
            began_s: when its first sample sounded, on the program's clock.
        """
        self._rate, self._next_s = rate, began_s
        self._sample_s = 1.0 / rate
        self._window_samples = 0
        self._least_s = float("inf")
        self.is_off = False

    def add(self, samples: int, measured_s: float) -> float:
        """When the next block began, on the program's clock, in seconds.

        Args:
            samples: how many are in it.
            measured_s: when its first one sounded, as it was noticed.
        """
        began_s, error_s = self._next_s, measured_s - self._next_s
        self.is_off = self.is_off or error_s < -EARLY_S
        self._least_s = min(self._least_s, error_s)
        self._next_s += samples * self._sample_s
        self._window_samples += samples
        if self._window_samples >= WINDOW_S * self._rate:
            self._correct()
        return began_s

    def _correct(self) -> None:
        error_s, lasted_s = self._least_s, self._window_samples / self._rate
        self._least_s, self._window_samples = float("inf"), 0
        if error_s > LOST_S:
            self.is_off = True
            return
        self._next_s += _TIME_GAIN * error_s
        corrected = self._sample_s * self._rate - 1.0 + _RATE_GAIN * error_s / lasted_s
        drift = min(max(corrected, -_MAX_DRIFT), _MAX_DRIFT)
        self._sample_s = (1.0 + drift) / self._rate
