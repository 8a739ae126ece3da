"""When each picture of a stream that comes in segments is to be shown."""

MOST_AHEAD_S = 30.0
"""A picture that would have to wait longer has a time stamp of another clock."""


class Playout:
    """Keeps the distances of the pictures' own times, however they arrive.

    A segment arrives at once, and then nothing for as long as it lasts. The first picture is
    shown at once; so the pictures behind it wait, and bridge the time to the next segment.
    """

    def __init__(self, begins_s: float) -> None:
        """`begins_s`: nothing can be shown earlier, on the program's clock."""
        self._offset_s = float("-inf")
        self._last_due_s = begins_s
        self._last_step_s = 0.0

    def due_s(self, time_s: float, arrived_s: float) -> float:
        """When it is to be shown, on the program's clock.

        One that arrives too late delays all after it by as much, so that the next segment comes
        in time. One whose time stamp goes back or jumps follows the one before.

        Args:
            time_s: its own time.
            arrived_s: when it arrived, on the program's clock.
        """
        due_s = None if self._offset_s is None else time_s + self._offset_s
        if due_s is None or not max(arrived_s, self._last_due_s) <= due_s <= self._latest(
            arrived_s
        ):
            due_s = max(arrived_s, self._last_due_s + self._last_step_s)
            self._offset_s = due_s - time_s
        elif self._last_due_s > float("-inf"):
            self._last_step_s = due_s - self._last_due_s
        self._last_due_s = due_s
        return due_s

    def planned_s(self, time_s: float) -> float:
        """When a picture of this time would be due, had it arrived already."""
        return time_s + self._offset_s

    def _latest(self, arrived_s: float) -> float:
        return max(arrived_s, self._last_due_s) + MOST_AHEAD_S
