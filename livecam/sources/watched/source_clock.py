"""The time of a watched source: the sender's own steps, over all of its connections."""

JUMP_S = 10.0
"""A stamp that leads by more than the time that has passed is of a clock that was set."""

STEP_S = 0.001
"""Between the last time of a connection and the first of the next, at least."""


class SourceClock:
    """Maps the stamps of one connection after the other to times that never go back.

    Each connection begins at the time at which its first packet arrives. A sender whose clock is
    set, or that begins anew, goes on from there, too.
    """

    def __init__(self) -> None:
        """No packet has come yet."""
        self._offset_s: float | None = None
        self._stamp_s = self._arrived_s = 0.0
        self._last_s: float | None = None

    def begin_connection(self) -> None:
        """What comes next has stamps of another beginning."""
        self._offset_s = None

    def time_s(self, stamp_s: float, arrived_s: float | None) -> float:
        """The time of the next packet of video.

        Args:
            stamp_s: when it is to be decoded, on the sender's clock.
            arrived_s: on the clock that first times are taken from; None for a file, whose own
                stamps are all there is.
        """
        came_s = stamp_s if arrived_s is None else arrived_s
        if self._offset_s is None or self._has_jumped(stamp_s, came_s):
            earliest_s = came_s if self._last_s is None else self._last_s + STEP_S
            self._offset_s = max(came_s, earliest_s) - stamp_s
        self._stamp_s, self._arrived_s = stamp_s, came_s
        self._last_s = stamp_s + self._offset_s
        return self._last_s

    @property
    def offset_s(self) -> float | None:
        """To be added to a stamp of this connection, also of sound; None before the first."""
        return self._offset_s

    def _has_jumped(self, stamp_s: float, came_s: float) -> bool:
        step_s = stamp_s - self._stamp_s
        return step_s < 0 or step_s > came_s - self._arrived_s + JUMP_S
