"""The points of the page's chart: class, maximum, probability of the last five minutes."""

from collections import deque
from typing import NamedTuple

HISTORY_S = 300.0
INTERVAL_S = 0.5


class ChartPoint(NamedTuple):
    """The largest values within one interval of half a second."""

    time_s: float
    maximum: float
    probability: float
    class_name: str = ""


class ChartHistory:
    """Points of the last minutes, oldest first; their number is bounded."""

    def __init__(self, history_s: float = HISTORY_S, interval_s: float = INTERVAL_S) -> None:
        """Keep `history_s` seconds, one point for each `interval_s`."""
        self._interval_s = interval_s
        self._points: deque[ChartPoint] = deque(maxlen=round(history_s / interval_s))

    def add(self, now_s: float, maximum: float, probability: float, class_name: str = "") -> None:
        """Add a frame; frames of one class within one interval share a point.

        It keeps the larger values.
        """
        last = self._points[-1] if self._points else None
        is_same = last is not None and last.class_name == class_name
        if last is None or not is_same or now_s - last.time_s >= self._interval_s:
            self._points.append(ChartPoint(now_s, maximum, probability, class_name))
        else:
            maximum, probability = max(last.maximum, maximum), max(last.probability, probability)
            self._points[-1] = ChartPoint(last.time_s, maximum, probability, class_name)

    def points(self, now_s: float) -> list[ChartPoint]:
        """The points, oldest first; `time_s` is the age of each in seconds."""
        return [
            ChartPoint(
                round(now_s - point.time_s, 2),
                float(point.maximum),
                float(point.probability),
                point.class_name,
            )
            for point in tuple(self._points)
        ]
