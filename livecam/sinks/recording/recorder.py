"""The recorder: records while the view says so, beside the loop; a protocols.Sink."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from livecam.core.annotated_frame import AnnotatedFrame, RecorderState
from livecam.core.bottleneck import SmoothedDuration
from livecam.core.timing import Stopwatch
from livecam.errors import LivecamError
from livecam.sinks.output_paths import Now
from livecam.sinks.recording.disk_space import DiskGuard
from livecam.sinks.recording.encoder_thread import EncoderThread
from livecam.sinks.recording.options import Plan, Say
from livecam.sinks.recording.session import Desk


class Recorder:
    """Records while the view says so; a protocols.Sink.

    The first recording goes into the file that was asked for, later ones (key `r`) into files
    named by date and time. Pictures of another size are fitted into that of the first one.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        notify: Say,
        kept: Callable[[Path], None] = lambda _: None,
        report: Say = lambda _: None,
        guard: DiskGuard | None = None,
        stopwatch: Stopwatch = Stopwatch(),  # noqa: B008  (measures nothing, keeps nothing)
        now: Now = datetime.now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`notify` hears of every file, `kept` its path, `report` of the encoder taken."""
        self._plan, self._notify, self._stopwatch = plan, notify, stopwatch
        self._clock, self._took, self._is_open = clock, SmoothedDuration(), False
        self._thread: EncoderThread | None = None
        self._was_recording = False
        self._desk = Desk(
            plan,
            guard=guard or DiskGuard(0),
            notify=notify,
            kept=kept,
            report=report,
            now=now,
            clock=clock,
        )

    def __enter__(self) -> Self:
        """Files are opened with the first frame, when its size is known."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Finish the file, whatever ended the run."""
        if self._thread is None:
            return
        try:
            self._thread.close()
        except LivecamError as failure:
            if error is None:
                raise
            self._notify(str(failure))  # what ended the run is told by itself

    def show(self, annotated: AnnotatedFrame) -> None:
        """Record the annotated picture if the view says so.

        Raises:
            SinkError: the recording failed; the file is closed and keeps what it has.
        """
        if not (annotated.view.recording or self._was_recording or self._plan.before_s):
            return
        self._was_recording = annotated.view.recording
        if self._thread is None:
            live = self._plan.wish.live
            self._thread = EncoderThread(self._encode, self._desk.finish, live=live)
        self._thread.give(annotated)

    def _encode(self, annotated: AnnotatedFrame, dropped: int) -> None:
        began_s = self._clock()
        with self._stopwatch.timed("encode"):
            self._desk.handle(annotated, dropped)
        if self._is_open and annotated.view.recording:  # the first one opens the encoder, too
            self._took.add(self._clock() - began_s)
        self._is_open = annotated.view.recording

    def state(self) -> RecorderState:
        """How it goes, for the screen."""
        dropped = self._thread.dropped if self._thread is not None else 0
        return RecorderState(
            dropped=dropped,
            minutes_left=self._desk.minutes_left,
            is_broken=self._desk.is_broken,
            rate=self._took.rate,
        )
