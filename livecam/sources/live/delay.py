"""How late pictures arrive: arithmetic on the sender's timestamps and the times of arrival."""

from collections import deque

STALE_S = 0.5
"""A picture that arrives later than this no longer shows the present."""

ACCEPTED_AFTER_S = 2.0

BUCKET_S, BUCKETS = 5.0, 12
"""Delays are compared with the smallest of the last minute. Clocks of cameras drift by up to
0.02 %: that is 12 ms in a minute, and would be seconds in a day."""


class DelayEstimator:
    """Compares each delay with the smallest of the last minute.

    The two clocks need not agree, nor run at the same speed. A delay that stays large for
    ACCEPTED_AFTER_S becomes the new smallest: the sender's clock was set, or the network path has
    become longer. One thread adds delays; any thread may read `smallest_s`.

    Attributes:
        smallest_s: the smallest delay of the last minute; 0 before the first.
    """

    def __init__(self) -> None:
        self.smallest_s = 0.0
        self._smallest: deque[tuple[int, float]] = deque()  # (bucket of BUCKET_S, delay)
        self._late_since_s: float | None = None

    def excess_s(self, timestamp_s: float, arrived_s: float, limit_s: float) -> float:
        """Seconds by which a delay exceeds the smallest one of the last minute.

        Args:
            timestamp_s: on the sender's clock.
            arrived_s: when the picture arrived, on the program's clock.
            limit_s: from here on a delay counts as large.
        """
        delay_s = arrived_s - timestamp_s
        self._add(delay_s, arrived_s)
        excess_s = delay_s - self.smallest_s
        if excess_s <= limit_s:
            self._late_since_s = None
            return excess_s
        if self._late_since_s is None:
            self._late_since_s = arrived_s
        if arrived_s - self._late_since_s >= ACCEPTED_AFTER_S:
            self._smallest.clear()
            self._late_since_s = None
            self._add(delay_s, arrived_s)
            return 0.0
        return excess_s

    def _add(self, delay_s: float, arrived_s: float) -> None:
        bucket = int(arrived_s // BUCKET_S)
        if self._smallest and self._smallest[-1][0] == bucket:
            delay_s = min(delay_s, self._smallest.pop()[1])
        self._smallest.append((bucket, delay_s))
        while self._smallest[0][0] <= bucket - BUCKETS:
            self._smallest.popleft()
        self.smallest_s = min(smallest for _, smallest in self._smallest)
