"""Which frames of a clip are looked at: about one in every spacing, key frames where they do."""

import math

TOLERANCE = 0.25
"""A key frame may come so much of the spacing before or after its time."""

_SAME_S = 1e-6


class LookSchedule:
    """When the next look is due, from one key frame of a clip on.

    It depends on nothing before that key frame: a segment of a clip looks at the same frames
    whether the segments before it were measured or not.
    """

    def __init__(self, spacing_s: float) -> None:
        """The first frame is due at once.

        Args:
            spacing_s: seconds between two looks; 0 for every frame.
        """
        self._spacing_s = spacing_s
        self._due_s = -math.inf
        self._key_s: float | None = None

    def is_due(self, time_s: float) -> bool:
        """Whether a frame of this time is to be looked at."""
        return time_s >= self._due_s - _SAME_S

    def wants_key_frame(self, time_s: float) -> bool:
        """Whether the next key frame, of this time, is to be looked at, a little early or late."""
        before, self._key_s = self._key_s, time_s
        if time_s < self._due_s - TOLERANCE * self._spacing_s - _SAME_S:
            return False
        # As far apart as the last two the next one may be nearer to its time.
        next_s = math.inf if before is None else 2 * time_s - before
        return next_s - self._due_s >= self._due_s - time_s - _SAME_S

    def is_overdue(self, time_s: float) -> bool:
        """Whether no key frame from this time on would come in time."""
        return time_s > self._due_s + TOLERANCE * self._spacing_s + _SAME_S

    def looked_at(self, time_s: float, *, is_nearly: bool = False) -> None:
        """A frame of this time was taken.

        Args:
            time_s: its time.
            is_nearly: whether it is a key frame that was taken for one at another time: the next
                one is due a spacing later, so that key frames of 0.999 or 1.001 s are all taken.
        """
        next_s = self._due_s + self._spacing_s
        self._due_s = time_s + self._spacing_s if is_nearly or next_s <= time_s else next_s
