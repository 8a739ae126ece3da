"""What a run saw: frames, rate and strongest activation, and the line that sums them up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.formatting import counted
from livecam.core.protocols import Sink
from livecam.errors import SinkError, SourceLostError
from livecam.pipeline.optional_sink import OptionalSink


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run saw.

    Attributes:
        frames: how many.
        wall_s: how long it took.
        best_maximum: largest map maximum; -inf before the first frame.
        best_time_s: the source's time of it.
        best_name: the picture that it was found in, where frames have names.
        best_class: the class shown then.
        shown_classes: all that were shown.
        seen_frames: in how many frames each class was the most probable one.
        lost: why the source ended before its time, None where it did not.
        failure: why a sink that the run did not need broke off; None where none did.
        lacks: of which figures or pictures there are too few, and why.
    """

    frames: int = 0
    wall_s: float = 0.0
    best_maximum: float = float("-inf")
    best_time_s: float = 0.0
    best_name: str = ""
    best_class: str = ""
    shown_classes: frozenset[str] = frozenset()
    seen_frames: Mapping[str, int] = field(default_factory=dict)
    lost: SourceLostError | None = None
    failure: SinkError | None = None
    lacks: tuple[str, ...] = ()

    def plus(self, annotated: AnnotatedFrame) -> "RunSummary":
        """With one annotated frame more."""
        shown, seen = annotated.stats.class_name, annotated.stats.seen
        frames = self.seen_frames
        more = replace(
            self,
            frames=self.frames + 1,
            shown_classes=self.shown_classes | {shown},
            seen_frames={**frames, seen: frames.get(seen, 0) + 1} if seen else frames,
        )
        if annotated.stats.maximum <= self.best_maximum:
            return more
        return replace(
            more,
            best_maximum=annotated.stats.maximum,
            best_time_s=annotated.frame.time_s,
            best_name=Path(annotated.frame.name).name,
            best_class=shown,
        )

    def after_closing(self, sinks: Iterable[Sink]) -> "RunSummary":
        """With what the sinks have dropped, and with the failure that the run survived."""
        optional = [sink for sink in sinks if isinstance(sink, OptionalSink)]
        failure = next(filter(None, (sink.failure for sink in optional)), None)
        lacks = tuple(filter(None, (sink.lack() for sink in optional)))
        return replace(self, failure=failure, lacks=lacks)


def closing_line(summary: RunSummary) -> str:
    """The summary in one line: "600 frames in 21.3 s (28.2 FPS); strongest daisy 44.1 ..."."""
    if not summary.frames:
        return "ended before the first frame"
    frames = counted(summary.frames, "frame")
    timed = ""
    if summary.frames > 1 and summary.wall_s > 0:
        timed = f" in {summary.wall_s:.1f} s ({summary.frames / summary.wall_s:.1f} FPS)"
    where = f"in {summary.best_name}" if summary.best_name else f"at {summary.best_time_s:.2f} s"
    strongest = f"strongest {summary.best_class} {summary.best_maximum:.1f} {where}"
    strongest += _unseen_class(summary)
    return "; ".join([f"{frames}{timed}", strongest, *summary.lacks])


def _unseen_class(summary: RunSummary) -> str:
    """What most frames showed, where nobody looked for that; else "".

    Whoever looks for a daisy and holds up a rose sees a dark square, and no reason.
    """
    seen = max(summary.seen_frames, key=summary.seen_frames.__getitem__, default="")
    is_most = 2 * summary.seen_frames.get(seen, 0) > summary.frames
    if not is_most or seen in summary.shown_classes:
        return ""
    return f"; mostly {seen} was seen: --class auto follows what is seen"
