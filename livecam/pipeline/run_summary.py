"""When a run ends by itself, and what it saw."""

from dataclasses import dataclass, replace

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.errors import SourceLostError


@dataclass(frozen=True, slots=True)
class RunSummary:
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

    def plus(self, annotated: AnnotatedFrame) -> "RunSummary":
        """With one annotated frame more."""
        more = replace(self, frames=self.frames + 1)
        if annotated.stats.maximum <= self.best_maximum:
            return more
        return replace(
            more,
            best_maximum=annotated.stats.maximum,
            best_time_s=annotated.frame.time_s,
            best_class=annotated.stats.class_name,
        )
