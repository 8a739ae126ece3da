"""Which frames of a clip are looked at: about one in every spacing, key frames where they do."""

import math

TOLERANCE = 0.25
"""A frame may come so much of the spacing before or after its time, where it is a key frame."""

_SAME_S = 1e-6


class LookSchedule:
    """When the next look is due, from one key frame of a clip on.

    Times are multiples of the spacing, counted from the clip's beginning, so that a segment of a
    clip looks at the same frames whoever measured the segments before it.
    """

    def __init__(self, spacing_s: float) -> None:
        """The first frame is due at once.

        Args:
            spacing_s: seconds between two looks; 0 for every frame.
        """
        self._spacing_s = spacing_s
        self._due_s = -math.inf

    def is_due(self, time_s: float) -> bool:
        """Whether a frame of this time is to be looked at."""
        return time_s >= self._due_s - _SAME_S

    def is_nearly_due(self, time_s: float) -> bool:
        """Whether a key frame of this time may be taken: it costs less than waiting for another."""
        return time_s >= self._due_s - TOLERANCE * self._spacing_s - _SAME_S

    def is_overdue(self, time_s: float) -> bool:
        """Whether no key frame from this time on would come in time."""
        return time_s > self._due_s + TOLERANCE * self._spacing_s + _SAME_S

    def looked_at(self, time_s: float) -> None:
        """A frame of this time was taken."""
        if not self._spacing_s:
            self._due_s = time_s
            return
        # Not the next one after this time: key frames that come a little early would be taken
        # twice as often.
        self._due_s = (math.floor(time_s / self._spacing_s + 0.5) + 1) * self._spacing_s
