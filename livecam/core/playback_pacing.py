"""The pace of playback: when the next frame is due. The clock is always handed in."""


class Pacer:
    """When the next frame is due, from absolute times: errors do not add up.

    After a stall the schedule starts anew at the present, so that there is never a burst of late
    frames.
    """

    STALL_S = 0.25

    def __init__(self, *, real_time: bool, rate_limit: float | None = None) -> None:
        """Play at the frames' own times (`real_time`), and at most `rate_limit` a second."""
        self.real_time = real_time
        self._interval_s = 1.0 / rate_limit if rate_limit else 0.0
        self._speed = 1.0
        self._origin_s: float | None = None
        self._slot_s: float | None = None

    def wait_s(
        self, shown_time_s: float, next_time_s: float | None, now_s: float, *, speed: float = 1.0
    ) -> float:
        """Seconds from `now_s` until the next frame is due; 0 where it is due or late.

        Args:
            shown_time_s: the time of the frame that is on the screen now.
            next_time_s: the time of the next one, None where unknown (live sources).
            now_s: the clock.
            speed: of playing; another one than before is another schedule.
        """
        if speed != self._speed:
            self._speed = speed
            self.restart()
        next_s = None if next_time_s is None else next_time_s / speed
        due_s = max(self._played_s(shown_time_s / speed, next_s, now_s), self._next_slot_s(now_s))
        return max(0.0, due_s - now_s)

    def restart(self) -> None:
        """Forget the schedule, after a pause."""
        self._origin_s = self._slot_s = None

    def _played_s(self, shown_time_s: float, next_time_s: float | None, now_s: float) -> float:
        if not self.real_time or next_time_s is None:
            return now_s
        if self._origin_s is None or now_s - (self._origin_s + shown_time_s) > self.STALL_S:
            self._origin_s = now_s - shown_time_s
        return self._origin_s + next_time_s

    def _next_slot_s(self, now_s: float) -> float:
        if not self._interval_s:
            return now_s
        stalled = self._slot_s is None or now_s - self._slot_s > self.STALL_S
        self._slot_s = (now_s if stalled else self._slot_s or 0.0) + self._interval_s
        self._slot_s = min(self._slot_s, now_s + self._interval_s)
        return self._slot_s
