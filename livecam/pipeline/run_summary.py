"""When a run ends by itself, and what it saw."""

from dataclasses import dataclass, replace

from livecam.core.types import Frame, Shot, Waiting
from livecam.errors import SourceLostError


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop by ourselves: after so many frames or seconds of the source; None for never."""

    frames: int | None = None
    seconds: float | None = None

    def reached(self, item: Frame | Waiting, shown: int) -> bool:
        """Whether `item` is beyond the limits after `shown` frames."""
        too_late = self.seconds is not None and item.time_s >= self.seconds
        return too_late or self.reached_after(shown)

    def reached_after(self, shown: int) -> bool:
        """Whether `shown` frames are enough, so that no frame is read in vain."""
        return self.frames is not None and shown >= self.frames


@dataclass(frozen=True, slots=True)
class Tally:
    """What a run saw.

    Attributes:
        frames: how many.
        wall_s: how long it took.
        best_maximum: largest map maximum; -inf before the first frame.
        best_time_s: the source's time of it.
        best_class: the class shown then.
        lost: why the source ended before its time, None where it did not.
    """

    frames: int = 0
    wall_s: float = 0.0
    best_maximum: float = float("-inf")
    best_time_s: float = 0.0
    best_class: str = ""
    lost: SourceLostError | None = None

    def plus(self, shot: Shot) -> "Tally":
        """With one shot more."""
        more = replace(self, frames=self.frames + 1)
        if shot.stats.maximum <= self.best_maximum:
            return more
        return replace(
            more,
            best_maximum=shot.stats.maximum,
            best_time_s=shot.frame.time_s,
            best_class=shot.stats.class_name,
        )
