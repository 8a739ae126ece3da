"""The points of the page's chart: maximum and probability over the last five minutes."""

from collections import deque
from typing import NamedTuple

HISTORY_S = 300.0
INTERVAL_S = 0.5


class ChartPoint(NamedTuple):
    """The largest values within one interval of half a second."""

    time_s: float
    maximum: float
    probability: float


class ChartHistory:
    """Points of the last minutes, oldest first; their number is bounded."""

    def __init__(self, history_s: float = HISTORY_S, interval_s: float = INTERVAL_S) -> None:
        """Keep `history_s` seconds, one point for each `interval_s`."""
        self._interval_s = interval_s
        self._points: deque[ChartPoint] = deque(maxlen=round(history_s / interval_s))

    def add(self, now_s: float, maximum: float, probability: float) -> None:
        """Add a frame; frames within one interval share a point, which keeps the larger values."""
        last = self._points[-1] if self._points else None
        if last is None or now_s - last.time_s >= self._interval_s:
            self._points.append(ChartPoint(now_s, maximum, probability))
        else:
            self._points[-1] = ChartPoint(
                last.time_s, max(last.maximum, maximum), max(last.probability, probability)
            )

    def points(self, now_s: float) -> list[ChartPoint]:
        """The points, oldest first; `time_s` is the age of each in seconds."""
        return [
            ChartPoint(round(now_s - point.time_s, 2), *map(float, point[1:]))
            for point in tuple(self._points)
        ]
