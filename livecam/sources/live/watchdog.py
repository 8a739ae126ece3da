"""The watchdog: decides whether a live source is lost, when to open it again and when to give up.

It has no clock: the time is passed to every method.
"""

from collections.abc import Sequence
from dataclasses import dataclass

NO_PICTURE_TIMEOUT_S = 2.0
"""After so long without a picture a connection is lost."""

FROZEN_TIMEOUT_S = 5.0
"""After so long with the very same picture a connection is lost."""

FIRST_PICTURE_TIMEOUT_S = 5.0
"""So long may the first two pictures take after opening: cameras need time to start."""

FROZEN = "is frozen: it gives the very same picture"

CHECK_GAP_S = 1.0
"""After so long without a check (paused, suspended) timeouts count from the next check on."""


@dataclass(frozen=True, slots=True)
class Observations:
    """What the reader thread has observed of its connection, on the program's clock.

    Attributes:
        opened_s: when it was opened.
        arrived_s: when the last picture arrived; None before the first.
        changed_s: when a picture arrived that differs from the one before; None before the first.
        is_still_scene: the picture is the same as before it was opened again: then the scene
            stands still, and the camera is not frozen.
        interval_s: usual seconds from one picture to the next; 0 where unknown.
        may_pause_s: so long may the next picture take, as the connection knows; 0 for unknown.
    """

    opened_s: float
    arrived_s: float | None = None
    changed_s: float | None = None
    is_still_scene: bool = False
    interval_s: float = 0.0
    may_pause_s: float = 0.0


class Watchdog:
    """Follows one source over all its connections.

    Attributes:
        reason: why the source is lost, for the user; "" where it is not.
        retry_at_s: when it is to be opened again; None where it is not lost, or is being opened.
    """

    def __init__(self, give_up_s: float | None, retry_delays_s: Sequence[float]) -> None:
        """Watch a source that is not lost.

        Args:
            give_up_s: after so long the source is lost for good; None for never.
            retry_delays_s: from one failure to the next try; the last one from then on.
        """
        self._give_up_s, self._retry_delays_s = give_up_s, retry_delays_s
        self._failures = 0
        self._checked_at_s: float | None = None
        self._checking_since_s = float("-inf")
        self._lost_since_s = 0.0
        self.reason = ""
        self.retry_at_s: float | None = None

    @property
    def is_lost(self) -> bool:
        """Whether no picture is to be expected from the present connection."""
        return bool(self.reason)

    def check(self, observed: Observations, now_s: float) -> str:
        """Why the connection is to be closed now, "" where it works."""
        if self._checked_at_s is None or now_s - self._checked_at_s > CHECK_GAP_S:
            self._checking_since_s = now_s
        self._checked_at_s = now_s
        if observed.arrived_s is None:
            waited_s = now_s - max(observed.opened_s, self._checking_since_s)
            return "gives no picture" if waited_s >= FIRST_PICTURE_TIMEOUT_S else ""
        # A source may well give one picture every few seconds only.
        usual_s = observed.interval_s
        timeout_s = max(NO_PICTURE_TIMEOUT_S, 3.0 * usual_s) if usual_s else FIRST_PICTURE_TIMEOUT_S
        timeout_s = max(timeout_s, observed.may_pause_s)
        if now_s - max(observed.arrived_s, self._checking_since_s) >= timeout_s:
            return "gives no picture"
        changed_s = observed.opened_s if observed.changed_s is None else observed.changed_s
        frozen_s = now_s - max(changed_s, self._checking_since_s)
        if frozen_s >= FROZEN_TIMEOUT_S and not observed.is_still_scene:
            return FROZEN
        return ""

    def mark_lost(self, reason: str, last_good_s: float, now_s: float) -> None:
        """A connection failed or could not be opened; the next try is due after a delay."""
        if not self.is_lost:
            self._lost_since_s = min(last_good_s, now_s)
        self.reason = reason
        delay_s = self._retry_delays_s[min(self._failures, len(self._retry_delays_s) - 1)]
        self._failures += 1
        self.retry_at_s = now_s + delay_s

    def mark_reopening(self) -> None:
        """It is being opened again."""
        self.retry_at_s = None

    def mark_recovered(self) -> None:
        """A good picture arrived."""
        self.reason, self._failures, self.retry_at_s = "", 0, None

    def lost_for_s(self, now_s: float) -> float:
        """For how long it has been lost; 0 where it is not."""
        return max(0.0, now_s - self._lost_since_s) if self.is_lost else 0.0

    def has_given_up(self, now_s: float) -> bool:
        """Whether it is lost for good."""
        limit_s = self._give_up_s
        return limit_s is not None and self.is_lost and self.lost_for_s(now_s) >= limit_s
