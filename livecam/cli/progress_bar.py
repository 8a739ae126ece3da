"""A progress bar for runs without a window: frames, rate and time left."""

import math
from contextlib import suppress
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from livecam.cli.console import stderr_console
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.protocols import Source


class ProgressBar:
    """Counts annotated frames on standard error, a terminal; a protocols.Sink."""

    def __init__(self, source: Source, frames: int | None, seconds: float | None) -> None:
        """Estimate the number of frames.

        Args:
            source: opened.
            frames: the limit of the run; None without one.
            seconds: the same, in seconds of the source's own time.
        """
        timed = math.ceil(seconds * source.rate) if seconds and source.rate else None
        counts = [count for count in (source.frame_count, frames, timed) if count is not None]
        self._total = min(counts) if counts else None
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=stderr_console(),
            redirect_stderr=False,  # the console writes there itself
        )
        self._task = self._progress.add_task(source.title, total=self._total, rate="")

    def __enter__(self) -> Self:
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop; the bar stays on the terminal."""
        with suppress(OSError):  # the terminal is gone
            self._progress.stop()

    def show(self, annotated: AnnotatedFrame) -> None:
        """Count one frame."""
        fps = annotated.stats.fps
        rate = "" if fps is None else f"{fps:.1f} FPS"
        with suppress(OSError):
            self._progress.update(self._task, advance=1, rate=rate)
