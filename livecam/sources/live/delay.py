"""How late pictures come: arithmetic on the sender's time stamps and the time of arrival."""

from collections import deque

BELIEVED_AFTER_S = 2.0

BUCKET_S, BUCKETS = 5.0, 12
"""The promptest picture of the last minute is what others are compared with. Clocks of cameras run
wrong by up to 0.02 %: that is 12 ms in a minute, and would be seconds in a day."""


class Lateness:
    """Compares each delay with the smallest of the last minute.

    The two clocks need not agree, nor run at the same speed. A delay that stays large for
    BELIEVED_AFTER_S is believed: the sender's clock was set, or the way has become longer.
    """

    def __init__(self) -> None:
        self._smallest: deque[tuple[int, float]] = deque()  # by stretches of BUCKET_S
        self._late_since_s: float | None = None

    def of(self, stamp_s: float, arrived_s: float, limit_s: float) -> float:
        """Seconds by which a picture came later than the promptest one of the last minute.

        Args:
            stamp_s: the sender's time stamp.
            arrived_s: when it came, on our clock.
            limit_s: what counts as large.
        """
        delay_s = arrived_s - stamp_s
        self._note(delay_s, arrived_s)
        late_s = delay_s - min(smallest for _, smallest in self._smallest)
        if late_s <= limit_s:
            self._late_since_s = None
            return late_s
        if self._late_since_s is None:
            self._late_since_s = arrived_s
        if arrived_s - self._late_since_s >= BELIEVED_AFTER_S:
            self._smallest.clear()
            self._late_since_s = None
            self._note(delay_s, arrived_s)
            return 0.0
        return late_s

    def _note(self, delay_s: float, arrived_s: float) -> None:
        bucket = int(arrived_s // BUCKET_S)
        if self._smallest and self._smallest[-1][0] == bucket:
            delay_s = min(delay_s, self._smallest.pop()[1])
        self._smallest.append((bucket, delay_s))
        while self._smallest[0][0] <= bucket - BUCKETS:
            self._smallest.popleft()
