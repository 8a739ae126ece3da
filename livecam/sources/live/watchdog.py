"""The watchdog: whether a live source is lost, and when to open it again. Time is handed in."""

from dataclasses import dataclass

SILENT_S = 2.0
"""So long may no picture come."""

FROZEN_S = 5.0
"""So long may the very same picture come again and again."""

FIRST_PICTURE_S = 5.0
"""So long may the first two pictures take after opening: cameras have to wake up."""

RETRY_S = (0.5, 1.0, 2.0, 4.0, 5.0)
"""Seconds from one failure to the next try; the last one from then on."""

FROZEN = "is frozen: it gives the very same picture"

LOOKED_AWAY_S = 1.0
"""Who has not looked for so long (paused, suspended) must not judge what he has not seen."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What the reader's thread has seen of the present connection, on the program's clock.

    Attributes:
        opened_s: when it was opened.
        arrived_s: when the last picture came; None before the first.
        changed_s: when a picture came that differs from the one before; None before the first.
        holds_still: the picture was the same already before it was opened again: then the scene
            stands still, and not the camera.
        interval_s: usual seconds from one picture to the next; 0 where nobody knows yet.
    """

    opened_s: float
    arrived_s: float | None = None
    changed_s: float | None = None
    holds_still: bool = False
    interval_s: float = 0.0


class Watch:
    """Follows one source over all its connections."""

    def __init__(self, give_up_s: float | None = None) -> None:
        """`give_up_s`: so long it is waited for; None for ever."""
        self._give_up_s = give_up_s
        self._failures = 0
        self._seen_at_s: float | None = None
        self._looking_since_s = float("-inf")
        self.reason = ""
        self.since_s = 0.0
        self.due_s: float | None = None

    @property
    def is_lost(self) -> bool:
        """Whether no picture is to be expected from the present connection."""
        return bool(self.reason)

    def look(self, signs: Signs, now_s: float) -> str:
        """Why the connection is to be given up now, "" where it is well."""
        if self._seen_at_s is None or now_s - self._seen_at_s > LOOKED_AWAY_S:
            self._looking_since_s = now_s
        self._seen_at_s = now_s
        if signs.arrived_s is None:
            waited_s = now_s - max(signs.opened_s, self._looking_since_s)
            return "gives no picture" if waited_s >= FIRST_PICTURE_S else ""
        # A source may well give one picture every few seconds only.
        usual_s = signs.interval_s
        patience_s = max(SILENT_S, 3.0 * usual_s) if usual_s else FIRST_PICTURE_S
        if now_s - max(signs.arrived_s, self._looking_since_s) >= patience_s:
            return "gives no picture"
        changed_s = signs.opened_s if signs.changed_s is None else signs.changed_s
        frozen_s = now_s - max(changed_s, self._looking_since_s)
        if frozen_s >= FROZEN_S and not signs.holds_still:
            return FROZEN
        return ""

    def lost(self, reason: str, last_good_s: float, now_s: float) -> None:
        """A connection failed, or did not come about."""
        if not self.is_lost:
            self.since_s = min(last_good_s, now_s)
        self.reason = reason
        wait_s = RETRY_S[min(self._failures, len(RETRY_S) - 1)]
        self._failures += 1
        self.due_s = now_s + wait_s

    def trying(self) -> None:
        """It is being opened again."""
        self.due_s = None

    def found(self) -> None:
        """A good picture came."""
        self.reason, self._failures, self.due_s = "", 0, None

    def waited_s(self, now_s: float) -> float:
        """For how long it has been lost; 0 where it is not."""
        return max(0.0, now_s - self.since_s) if self.is_lost else 0.0

    def has_given_up(self, now_s: float) -> bool:
        """Whether it has been waited for long enough."""
        limit_s = self._give_up_s
        return limit_s is not None and self.is_lost and self.waited_s(now_s) >= limit_s
