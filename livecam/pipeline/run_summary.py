"""What a run saw: frames, rate and strongest activation, and the line that sums them up."""

from dataclasses import dataclass, replace

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.formatting import counted
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


def closing_line(summary: RunSummary) -> str:
    """The summary in one line: "600 frames in 21.3 s (28.2 FPS); strongest daisy 44.1 ..."."""
    if not summary.frames:
        return "ended before the first frame"
    frames = counted(summary.frames, "frame")
    timed = ""
    if summary.frames > 1 and summary.wall_s > 0:
        timed = f" in {summary.wall_s:.1f} s ({summary.frames / summary.wall_s:.1f} FPS)"
    return (
        f"{frames}{timed}; strongest {summary.best_class} {summary.best_maximum:.1f} "
        f"at {summary.best_time_s:.2f} s"
    )
