"""The figures of the last minutes, thinned out: what the chart shows."""

from collections import deque
from typing import NamedTuple

KEPT_S = 300.0
EVERY_S = 0.5


class Point(NamedTuple):
    """The strongest frame of half a second."""

    time_s: float
    maximum: float
    probability: float


class History:
    """Points of the last minutes, oldest first; bounded."""

    def __init__(self, kept_s: float = KEPT_S, every_s: float = EVERY_S) -> None:
        """Keep `kept_s` seconds, one point for each `every_s`."""
        self._every_s = every_s
        self._points: deque[Point] = deque(maxlen=round(kept_s / every_s))

    def add(self, now_s: float, maximum: float, probability: float) -> None:
        """One frame more; frames close together share a point, the larger values stay."""
        last = self._points[-1] if self._points else None
        if last is None or now_s - last.time_s >= self._every_s:
            self._points.append(Point(now_s, maximum, probability))
        else:
            self._points[-1] = Point(
                last.time_s, max(last.maximum, maximum), max(last.probability, probability)
            )

    def points(self, now_s: float) -> list[Point]:
        """Age in seconds (as `time_s`), maximum and probability; the oldest first."""
        return [
            Point(round(now_s - point.time_s, 2), *map(float, point[1:]))
            for point in tuple(self._points)
        ]
