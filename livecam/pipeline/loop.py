"""The main loop: take a frame, annotate it, hand it to the sinks, handle events."""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from functools import partial

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.seek_and_speed import TO_START, Jump
from livecam.core.timing import RateMeter, with_next_times
from livecam.core.types import Frame, Waiting
from livecam.core.view import View
from livecam.errors import SourceLostError
from livecam.pipeline.backlog import Backlog
from livecam.pipeline.event_handling import WAIT_SLICE_S, EventHandler
from livecam.pipeline.pipeline import Pipeline
from livecam.pipeline.recording_clock import RecordingClock
from livecam.pipeline.recording_key import RecordingKey
from livecam.pipeline.run_annotator import RunAnnotator
from livecam.pipeline.run_limits import RunLimits
from livecam.pipeline.run_summary import RunSummary
from livecam.pipeline.seeking import Seeking
from livecam.pipeline.signal_loss_handling import SignalLoss


def run(pipeline: Pipeline, view: View) -> RunSummary:
    """Show frames until the source ends, the limits are reached or the user leaves.

    A source that is lost on the way ends the run in order; the error stands in the summary.
    """
    session = _Session(pipeline, view)
    with closing(session.annotator.judge):  # that may take long: the recording has ended before
        return session.run()


class _Session:
    """The state of one run of the loop."""

    def __init__(self, pipeline: Pipeline, view: View) -> None:
        self.pipeline, self.summary = pipeline, RunSummary()
        self.recording = RecordingClock(pipeline.pauses_are_cut)
        self.recording_key = RecordingKey(pipeline, self.recording)
        self.last: AnnotatedFrame | None = None
        self.rate, self.backlog = RateMeter(), Backlog(pipeline)
        self.seeking = Seeking(pipeline.source, pipeline.screen_messages)
        self.events = EventHandler(pipeline, replace(view, is_seekable=self.seeking.is_seekable))
        self.annotator = RunAnnotator(pipeline, self.events, self.recording, self.seeking)
        self.signal_loss = SignalLoss(pipeline)

    def run(self) -> RunSummary:
        """Play the source, from where jumps lead, until the run is over."""
        pipeline = self.pipeline
        began_s = pipeline.clock()
        lost: SourceLostError | None = None
        items: Iterable[Frame | Waiting] | None = pipeline.source
        while items is not None:
            try:
                self.play(items)
            except SourceLostError as error:
                lost = error
            wall_s = pipeline.clock() - began_s
            items = self.following_items()
        if not self.signal_loss.is_on:
            self.recording_key.end_run(self.view, self.last)
        self.wait_for_backlog()
        return replace(self.summary, wall_s=wall_s, lost=lost)

    @property
    def last_time_s(self) -> float | None:
        """The source's time of the last frame; None before the first."""
        return None if self.last is None else self.last.frame.time_s

    @property
    def view(self) -> View:
        """What the user chose to see."""
        return self.events.view

    def is_interrupted(self) -> bool:
        """Whether the frames that come next are not wanted any more."""
        return self.events.is_over() or self.seeking.jump_asked(self.view) is not None

    def play(self, items: Iterable[Frame | Waiting]) -> None:
        """Show what the source gives, until its end, a jump or the end of the run."""
        pipeline = self.pipeline
        within_limits = pipeline.limits.within(items, self.summary.frames)
        with closing(self.annotator.inference.ahead(within_limits, idle=Waiting(0.0))) as ahead:
            for item, next_time_s in with_next_times(ahead, look_ahead=pipeline.pacer.real_time):
                if isinstance(item, Waiting):
                    self.without_frame(item)
                else:
                    self.one_frame(item, next_time_s)
                if self.is_interrupted():
                    break

    def following_items(self) -> Iterable[Frame | Waiting] | None:
        """What is played after a jump, or at the end; None where the run is over."""
        if self.events.is_over() or self.last is None:
            return None
        jump = self.seeking.jump_asked(self.view)
        if jump is None:
            jump = self._jump_at_end()
        if jump is None or self.events.is_over():
            return None
        self.pipeline.pacer.restart()
        self.rate.forget()
        self.recording.gaps += 1  # what waits to become the beginning of a recording ends here
        shown = self.last.frame
        return self.seeking.frames_after(jump, self.view, shown, self.pipeline.clock())

    def one_frame(self, frame: Frame, next_time_s: float | None) -> None:
        """Annotate, hand to the sinks, handle events; stay on the frame while paused."""
        pipeline = self.pipeline
        after_gap = self._is_after_gap(frame)
        annotator = self.annotator
        annotator.fps = self.rate.tick(pipeline.clock())
        recording, before_s = self.view.recording, self.last_time_s
        self.recording.add(frame.time_s, before_s, recording=recording, after_gap=after_gap)
        annotated = annotator.annotated(frame)
        with pipeline.stopwatch.timed("hand-over"):
            self._hand_over(annotated)
        self.last = annotated
        self.summary = self.summary.plus(annotated)
        self._wait_for_next(frame, next_time_s)
        if self.backlog.is_full():
            self._show_still(frame, until=lambda _: not self.backlog.is_full())
        if self.view.paused and not self.is_interrupted():
            self._pause(frame)

    def without_frame(self, waiting: Waiting) -> None:
        """Handle events without a frame; where the source is lost, show the status card."""
        before = self.view
        self.events.handle_events(0.0)
        if waiting.reason:
            self._show_loss(waiting)
        elif self.view != before and self.last is not None:
            self._show(self.annotator.annotated(self.last.frame))

    def wait_for_backlog(self) -> None:
        """Stay on the last picture until the sinks have written everything."""
        if self.last is not None and not self.backlog.is_empty():
            self._show_still(self.last.frame, until=lambda _: self.backlog.is_empty(), is_last=True)

    def _wait_s(self, frame: Frame, next_time_s: float | None) -> float:
        """Seconds until the next frame is due, at the speed of playing."""
        pipeline = self.pipeline
        return pipeline.pacer.wait_s(
            frame.time_s, next_time_s, pipeline.clock(), speed=self.view.speed
        )

    def _pause(self, frame: Frame) -> None:
        """Stay on a frame until playing goes on, or one more frame is asked for."""
        seeking, clock = self.seeking, self.pipeline.clock
        self.recording.begin_pause(clock())
        self._show_still(frame, until=lambda view: not view.paused or seeking.is_frame_asked(view))
        if self.view.paused and seeking.is_frame_asked(self.view):
            seeking.frame_given()
        self.recording.end_pause(clock())
        self.pipeline.pacer.restart()
        self.rate.forget()

    def _jump_at_end(self) -> Jump | None:
        """Again from the start where that is asked for; meanwhile the last picture stays."""
        pipeline, loops = self.pipeline, self.view.loop and self.seeking.is_seekable
        if not (loops or pipeline.holds_end) or pipeline.limits != RunLimits():
            return None
        self._end_recording()
        if loops:
            return TO_START
        if self.last is None or not pipeline.screens:
            return None
        goes_on = partial(self._goes_on, was_paused=self.view.paused)
        self._show_still(self.last.frame, until=goes_on, is_last=True)
        jump = self.seeking.jump_asked(self.view)
        if jump is None and not self.events.is_over():
            self.events.view = replace(self.view, paused=False)
            return TO_START
        return jump

    def _goes_on(self, view: View, *, was_paused: bool) -> bool:
        """Whether playing goes on from the end: by a jump, the loop or the key of the pause."""
        while self.seeking.is_frame_asked(view):  # there is none
            self.seeking.frame_given()
            self.events.view = view = replace(view, paused=was_paused)
        is_played = self.seeking.is_seekable and self.summary.frames > 1
        return is_played and (view.loop or view.paused != was_paused)

    def _end_recording(self) -> None:
        """The source is at its end: what is recorded is closed now."""
        if not self.view.recording:
            return
        self.events.view = replace(self.view, recording=False)
        self._apply_recording_key(is_last=True)

    def _apply_recording_key(self, *, is_last: bool) -> None:
        key, last = self.recording_key, self.last
        self.events.view = key.view_after(self.view, last, is_last=is_last)

    def _hand_over(self, annotated: AnnotatedFrame) -> None:
        pipeline, captured_s = self.pipeline, annotated.frame.captured_s
        ready_s = pipeline.clock()
        self._show(annotated)
        shown_s = pipeline.clock()
        if captured_s is not None:
            took_s = shown_s - ready_s if pipeline.screens else None
            rates = pipeline.bottleneck.after(annotated, shown_s, took_s, pipeline.recorder_state())
            self.annotator.age_ms = 1000.0 * (shown_s - captured_s)
            self.annotator.rates = rates
        for sink in pipeline.sinks:
            if sink is not pipeline.recorder or self.events.await_recorder(annotated):
                sink.show(annotated)
        self.recording.shown_s = pipeline.clock()  # what went before is no silence of the source

    def _show_loss(self, waiting: Waiting) -> None:
        """The source is lost: show the status card, and record it where it is not cut."""
        at_s = (self.last_time_s or 0.0) if self.signal_loss.gap else waiting.time_s
        self.rate.forget()
        self._record_status_card(waiting)
        last = self.last and self.annotator.with_present_status(self.last)
        self.signal_loss.show(waiting, self.view, last, self.annotator.recording_s(at_s))
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
        shown: tuple[View, str, int] | None = None
        while not self.is_interrupted() and not until(self.view):
            message = self.pipeline.screen_messages.current()
            wanted = (self.view, message, self.annotator.judge.points)
            if wanted != shown:
                self._show(self.annotator.annotated(frame, stands_still=True))
                shown = wanted
            self.events.handle_events(WAIT_SLICE_S)
            self._apply_recording_key(is_last=is_last)

    def _show(self, annotated: AnnotatedFrame) -> None:
        for screen in self.pipeline.screens:
            screen.show(annotated)
        self.pipeline.snapshot_writer.show(annotated)

    def _record_status_card(self, waiting: Waiting) -> None:
        """Where the status card is recorded, the recording's clock goes on with it."""
        if not self.signal_loss.gap and self.last is not None:
            is_recorded = self.view.recording
            self.recording.add(waiting.time_s, self.last_time_s, recording=is_recorded)

    def _wait_for_next(self, frame: Frame, next_time_s: float | None) -> None:
        """Wait until the next frame is due, in slices: keys and signals are handled at once.

        A key changes the view of the frame that is on the screen; the wait goes on, where that is
        another speed for as long as that says.
        """
        wait_s, speed = self._wait_s(frame, next_time_s), self.view.speed
        until_s = self.pipeline.clock() + wait_s
        before = (self.view, self.annotator.judge.points)
        self.events.handle_events(min(wait_s, WAIT_SLICE_S))
        while not (self.is_interrupted() or self.view.paused):
            if self.view.speed != speed:
                speed = self.view.speed
                until_s = self.pipeline.clock() + self._wait_s(frame, next_time_s)
            left_s = until_s - self.pipeline.clock()
            if left_s <= 0:
                return
            if (now := (self.view, self.annotator.judge.points)) != before:
                self._show(self.annotator.annotated(frame))
                before = now
            self.events.handle_events(min(left_s, WAIT_SLICE_S))
