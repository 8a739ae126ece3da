"""How late pictures come: arithmetic on the sender's time stamps and the time of arrival."""

BELIEVED_AFTER_S = 2.0


class Lateness:
    """Compares each delay with the smallest seen so far.

    The two clocks need not agree. A delay that stays large for BELIEVED_AFTER_S is believed: the
    sender's clock was set, or the way has become longer.
    """

    def __init__(self) -> None:
        self._smallest_s: float | None = None
        self._late_since_s: float | None = None

    def of(self, stamp_s: float, arrived_s: float, limit_s: float) -> float:
        """Seconds by which a picture came later than the promptest one.

        Args:
            stamp_s: the sender's time stamp.
            arrived_s: when it came, on our clock.
            limit_s: what counts as large.
        """
        delay_s = arrived_s - stamp_s
        if self._smallest_s is None or delay_s < self._smallest_s:
            self._smallest_s = delay_s
        late_s = delay_s - self._smallest_s
        if late_s <= limit_s:
            self._late_since_s = None
            return late_s
        if self._late_since_s is None:
            self._late_since_s = arrived_s
        if arrived_s - self._late_since_s >= BELIEVED_AFTER_S:
            self._smallest_s, self._late_since_s = delay_s, None
            return 0.0
        return late_s
