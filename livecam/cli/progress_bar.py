"""A progress bar for runs without a window: frames, rate and time left."""

import math
import time
from collections.abc import Callable
from typing import Self

from rich.progress import TextColumn

from livecam.cli.console import stderr_is_behind
from livecam.cli.counting_bar import REDRAW_S, CountingBar
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.protocols import Source


class ProgressBar:
    """Counts annotated frames on standard error, a terminal; a protocols.Sink.

    It is drawn ten times a second, and left as it is while the terminal takes nothing.
    """

    def __init__(
        self,
        source: Source,
        frames: int | None,
        seconds: float | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Estimate the number of frames.

        Args:
            source: opened.
            frames: the limit of the run; None without one.
            seconds: the same, in seconds of the source's own time.
            clock: seconds, monotonic.
        """
        self._clock, self._drawn_s = clock, float("-inf")
        timed = math.ceil(seconds * source.rate) if seconds and source.rate else None
        counts = [count for count in (source.frame_count, frames, timed) if count is not None]
        total = min(counts) if counts else None
        self._bar = CountingBar(source.title, total, TextColumn("{task.fields[rate]}"), rate="")

    def __enter__(self) -> Self:
        """Start drawing."""
        self._bar.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop; the bar stays on the terminal."""
        self._bar.__exit__()

    def show(self, annotated: AnnotatedFrame) -> None:
        """Count one frame."""
        fps = annotated.stats.fps
        now_s = self._clock()
        is_drawn = now_s - self._drawn_s >= REDRAW_S and not stderr_is_behind()
        self._drawn_s = now_s if is_drawn else self._drawn_s
        self._bar.advance(is_drawn=is_drawn, rate="" if fps is None else f"{fps:.1f} FPS")
