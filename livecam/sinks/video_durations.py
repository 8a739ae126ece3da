"""How long videos are, read from their headers, one after the other and beside the loop."""

import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

MAX_SHARE = 0.2  # of one processor: the loop has to keep its rate
TELL_INTERVAL_S = 1.0


def measured_s(path: Path) -> float | None:
    """The duration in seconds; PyAV is imported only now."""
    from livecam.sinks.recording.video_duration import video_duration_s

    return video_duration_s(path)


class VideoDurations:
    """Durations that were asked for, and will be known later."""

    def __init__(self, measure: Callable[[Path], float | None] = measured_s) -> None:
        """`measure` gives the seconds of a video."""
        self._measure = measure
        self._known: dict[tuple[Path, int], float | None] = {}
        self._waiting: deque[tuple[Path, int]] = deque()
        self.asked = threading.Event()

    def of(self, path: Path, changed_ns: int) -> float | None:
        """The seconds of a video that was last changed then; None as long as they are unknown."""
        key = (path, changed_ns)
        if key not in self._known:
            self._known[key] = None
            self._waiting.append(key)
            self.asked.set()
        return self._known[key]

    def forget(self, paths: set[Path]) -> None:
        """Files that are gone."""
        self._known = {key: value for key, value in self._known.items() if key[0] not in paths}

    def measure_waiting(self, tell: Callable[[], None], ending: threading.Event) -> None:
        """Measure what was asked for, slowly.

        Args:
            tell: is called when there are new ones, now and then.
            ending: ends it early.
        """
        told_s, has_new = time.monotonic(), False
        while self._waiting and not ending.is_set():
            key, began_s = self._waiting.popleft(), time.monotonic()
            self._known[key] = self._measure(key[0])
            now_s, has_new = time.monotonic(), has_new or self._known[key] is not None
            if has_new and now_s - told_s > TELL_INTERVAL_S:
                told_s, has_new = now_s, False
                tell()
            ending.wait((now_s - began_s) * (1.0 / MAX_SHARE - 1.0))
        if has_new:
            tell()
