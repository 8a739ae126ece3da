"""The main loop: take a frame, annotate it, hand it to the sinks, handle events."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

from livecam.core import key_bindings
from livecam.core.annotated_frame import AnnotatedFrame, RunStatus
from livecam.core.events import Drag, Event, Wheel
from livecam.core.protocols import Turnable
from livecam.core.timing import RateMeter, with_next_times
from livecam.core.types import Frame, Waiting
from livecam.core.view import View
from livecam.errors import SourceLostError
from livecam.pipeline.annotate import annotate_frame
from livecam.pipeline.inference import Inference
from livecam.pipeline.notifications import NOTHING_TO_RECORD, RECORDING_AFTER_PAUSE
from livecam.pipeline.pipeline import Pipeline
from livecam.pipeline.recording_clock import RecordingClock
from livecam.pipeline.run_limits import RunLimits
from livecam.pipeline.run_summary import RunSummary
from livecam.pipeline.signal_loss import SignalLoss

Clock = Callable[[], float]
WAIT_SLICE_S = 0.05


def run(pipeline: Pipeline, view: View) -> RunSummary:
    """Show frames until the source ends, the limits are reached or the user leaves.

    A source that is lost on the way ends the run in order; the error stands in the summary.
    """
    session = _Session(pipeline, view)
    began_s = pipeline.clock()
    lost: SourceLostError | None = None
    try:
        with closing(session.inference.ahead(_until_limits(pipeline), idle=Waiting(0.0))) as items:
            for item, next_time_s in with_next_times(items, look_ahead=pipeline.pacer.real_time):
                if isinstance(item, Waiting):
                    session.without_frame(item)
                else:
                    session.one_frame(item, next_time_s)
                if session.is_over():
                    break
    except SourceLostError as error:
        lost = error
    summary = replace(session.summary, wall_s=pipeline.clock() - began_s, lost=lost)
    if pipeline.source.holds_last and pipeline.limits == RunLimits():
        session.show_last()
    return summary


def _until_limits(pipeline: Pipeline) -> Iterator[Frame | Waiting]:
    """What the source gives, as far as the limits allow."""
    shown = 0
    for item in pipeline.source:
        if pipeline.limits.reached(item, shown):
            return
        yield item
        shown += isinstance(item, Frame)
        if pipeline.limits.reached_after(shown):
            return


class _Session:
    """The state of one run of the loop."""

    def __init__(self, pipeline: Pipeline, view: View) -> None:
        self.pipeline, self.view, self.summary = pipeline, view, RunSummary()
        self.inference = Inference(
            pipeline.model,
            every=pipeline.every,
            overlapped=pipeline.overlapped,
            stopwatch=pipeline.stopwatch,
            clock=pipeline.clock,
        )
        self.rate = RateMeter()
        self.status = RunStatus()
        self.recording = RecordingClock()
        self.is_wait_reported = False
        self.last: AnnotatedFrame | None = None
        self.signal_loss = SignalLoss(
            pipeline.screens,
            pipeline.recorder,
            pipeline.notifications,
            gap=pipeline.losses_are_cut,
        )

    @property
    def last_time_s(self) -> float | None:
        """The source's time of the last frame; None before the first."""
        return None if self.last is None else self.last.frame.time_s

    def is_over(self) -> bool:
        return self.view.leaving or self.pipeline.stop_asked()

    def one_frame(self, frame: Frame, next_time_s: float | None) -> None:
        """Annotate, hand to the sinks, handle events; stay on the frame while paused."""
        pipeline = self.pipeline
        after_gap = self._is_after_gap(frame)
        self.status = replace(self.status, fps=self.rate.tick(pipeline.clock()))
        if after_gap or (self.recording.after_pause and pipeline.pauses_are_cut):
            self.recording.cut(self.last_time_s, frame.time_s)
        self.recording.after_pause = False
        self.recording.begin(frame.time_s, recording=self.view.recording)
        annotated = self._annotated(frame)
        with pipeline.stopwatch.timed("hand-over"):
            self._hand_over(annotated)
        self.last = annotated
        self.summary = self.summary.plus(annotated)
        self._wait_for_next(
            frame, pipeline.pacer.wait_s(frame.time_s, next_time_s, pipeline.clock())
        )
        if self.view.paused and not self.is_over():
            self._show_still(frame, until=lambda view: not view.paused)
            self.recording.end_pause()
            pipeline.pacer.restart()
            self.rate.forget()

    def without_frame(self, waiting: Waiting) -> None:
        """Handle events without a frame; where the source is lost, show the status card."""
        before = self.view
        self._handle_events(0.0)
        if waiting.reason:
            self._show_loss(waiting)
        elif self.view != before and self.last is not None:
            self._show(self._annotated(self.last.frame))

    def show_last(self) -> None:
        """Keep the screens on the last picture until the user leaves."""
        if self.last is not None and self.pipeline.screens:
            self._show_still(self.last.frame, until=lambda _: False, is_last=True)

    def _hand_over(self, annotated: AnnotatedFrame) -> None:
        pipeline, captured_s = self.pipeline, annotated.frame.captured_s
        ready_s = pipeline.clock()
        self._show(annotated)
        shown_s = pipeline.clock()
        if captured_s is not None:
            took_s = shown_s - ready_s if pipeline.screens else None
            rates = pipeline.bottleneck.after(annotated, shown_s, took_s, pipeline.recorder_state())
            age_ms = 1000.0 * (shown_s - captured_s)
            self.status = replace(self.status, age_ms=age_ms, rates=rates)
        for sink in pipeline.sinks:
            sink.show(annotated)

    def _show_loss(self, waiting: Waiting) -> None:
        """The source is lost: show the status card, and record it where it is not cut."""
        at_s = (self.last_time_s or 0.0) if self.signal_loss.gap else waiting.time_s
        self.rate.forget()
        self._record_status_card(waiting)
        last = self.last and replace(self.last, status=self._current_status(self.last.status))
        self.signal_loss.show(waiting, self.view, last, self._recording_s(at_s))
        if last is not None:
            self.pipeline.snapshot_writer.show(replace(last, view=self.view))

    def _is_after_gap(self, frame: Frame) -> bool:
        """Report a frame that comes after a loss; whether the time of the loss is cut."""
        if not self.signal_loss.is_on:
            return False
        away_s = frame.time_s - (self.last_time_s or 0.0)
        self.signal_loss.end(self.pipeline.source.title, away_s, is_still=frame.is_still)
        self.recording.gaps += self.signal_loss.gap
        self.pipeline.pacer.restart()
        return self.signal_loss.gap

    def _show_still(
        self, frame: Frame, until: Callable[[View], bool], *, is_last: bool = False
    ) -> None:
        """Stay on a frame, responsive: keys change the view, nothing is recorded twice."""
        shown: tuple[View, str] | None = None
        while not self.is_over() and not until(self.view):
            wanted = (self.view, self.pipeline.notifications.current())
            if wanted != shown:
                self._show(self._annotated(frame, replace(self.status, fps=None)))
                shown = wanted
            self._handle_events(WAIT_SLICE_S)
            self._update_recording_while_still(is_last=is_last)

    def _update_recording_while_still(self, *, is_last: bool) -> None:
        """What the key `r` does while the picture stands still."""
        wanted, begun = self.view.recording, self.recording.since_s is not None
        if begun and not wanted and self.pipeline.recorder is not None and self.last is not None:
            self.recording.since_s = None
            ending = replace(self.last, view=self.view, waiting_for="the pause's end")
            self.pipeline.recorder.show(ending)  # the file is closed now, not with the next frame
        if wanted and not begun and is_last:
            self.view = replace(self.view, recording=False)
            self.pipeline.notifications.post(NOTHING_TO_RECORD)
        elif wanted and not begun and not self.is_wait_reported:
            self.pipeline.notifications.post(RECORDING_AFTER_PAUSE)
        self.is_wait_reported = wanted

    def _show(self, annotated: AnnotatedFrame) -> None:
        for screen in self.pipeline.screens:
            screen.show(annotated)
        self.pipeline.snapshot_writer.show(annotated)

    def _annotated(self, frame: Frame, status: RunStatus | None = None) -> AnnotatedFrame:
        status = replace(
            self._current_status(status or self.status),
            recording_s=self._recording_s(frame.time_s),
            recorder=self.pipeline.recorder_state(),
            notification=self.pipeline.notifications.current(),
        )
        return annotate_frame(frame, self.inference, self.view, status)

    def _current_status(self, status: RunStatus) -> RunStatus:
        """The status with the pauses and gaps of this moment."""
        return replace(status, pauses=self.recording.pauses, gaps=self.recording.gaps)

    def _recording_s(self, time_s: float) -> float | None:
        return self.recording.seconds(time_s, recording=self.view.recording)

    def _record_status_card(self, waiting: Waiting) -> None:
        """Where the status card is recorded, the recording's clock goes on with it."""
        if self.signal_loss.gap or self.last is None:
            return
        if self.recording.after_pause and self.pipeline.pauses_are_cut:
            self.recording.cut(self.last_time_s, waiting.time_s)
            self.recording.after_pause = False
        self.recording.begin(waiting.time_s, recording=self.view.recording)

    def _wait_for_next(self, frame: Frame, wait_s: float) -> None:
        """Wait until the next frame is due, in slices: keys and signals are handled at once.

        A key changes the view of the frame that is on the screen; the wait goes on.
        """
        until_s = self.pipeline.clock() + wait_s
        before = self.view
        self._handle_events(min(wait_s, WAIT_SLICE_S))
        while not (self.is_over() or self.view.paused):
            left_s = until_s - self.pipeline.clock()
            if left_s <= 0:
                return
            if self.view != before:
                self._show(self._annotated(frame))
                before = self.view
            self._handle_events(min(left_s, WAIT_SLICE_S))

    def _handle_events(self, wait_s: float) -> None:
        """Apply the events that come within this time."""
        for number, screen in enumerate(self.pipeline.screens):
            for event in screen.events(0.0 if number else wait_s):
                self._apply(event)
        if not self.pipeline.screens and wait_s > 0:
            self.pipeline.sleep(wait_s)

    def _apply(self, event: Event) -> None:
        self.view = key_bindings.after_event(self.view, event)
        scene = self.pipeline.source
        if isinstance(scene, Turnable):
            if isinstance(event, Drag):
                scene.drag(-event.dx_px if self.view.mirror else event.dx_px, event.dy_px)
            elif isinstance(event, Wheel):
                scene.wheel(event.steps)
