"""The loop: take a frame, measure it, paint it, hand it on, listen. Knows Protocols only."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from livecam.core import key_bindings
from livecam.core.bottleneck import Gauge
from livecam.core.protocols import Drag, Event, HeatModel, Screen, Sink, Source, Turnable, Wheel
from livecam.core.timing import Pacer, RateMeter, Stopwatch, with_next_times
from livecam.core.types import NO_RATES, Frame, RecorderState, Shot, View, Waiting
from livecam.errors import SourceLostError
from livecam.pipeline.annotate import take_shot
from livecam.pipeline.inference import Looker
from livecam.pipeline.notifications import Notices
from livecam.pipeline.run_summary import Limits, Tally
from livecam.pipeline.signal_loss import Vigil

Clock = Callable[[], float]
WAIT_SLICE_S = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Rig:
    """Everything the loop works with, opened and ready.

    Attributes:
        source: where frames come from.
        model: the network.
        sinks: what receives every shot, in this order, each frame once.
        album: takes snapshots; also sees a held frame again when the view changes.
        screens: windows and pages; the first one does the waiting, so a window comes first.
        pacer: when frames are due.
        limits: when to stop.
        notices: news for the person.
        recorder_state: how the recorder is doing.
        pauses_are_cut: whether a pause leaves no time in a recording.
        losses_are_cut: whether the time without a source leaves none in a recording.
        gauge: measures what limits the rate of a live source.
        recorder: the sink that also receives the placard of a source that is lost.
        stop_asked: whether a signal asked to stop.
        sleep: how to wait where there is no screen.
        clock: seconds, monotonic.
        every: the network looks at every so many frames.
        overlapped: whether source, network and drawing work at the same time.
        stopwatch: hears how long each stage takes.
    """

    source: Source
    model: HeatModel
    sinks: Sequence[Sink]
    album: Sink
    screens: Sequence[Screen]
    pacer: Pacer
    limits: Limits
    notices: Notices
    recorder_state: Callable[[], RecorderState] = RecorderState
    pauses_are_cut: bool = True
    losses_are_cut: bool = False
    recorder: Sink | None = None
    gauge: Gauge = field(default_factory=lambda: Gauge(None))
    stop_asked: Callable[[], bool] = lambda: False
    sleep: Callable[[float], None] = time.sleep
    clock: Clock = time.perf_counter
    every: int = 1
    overlapped: bool = False
    stopwatch: Stopwatch = Stopwatch()  # noqa: RUF009  (measures nothing, keeps nothing)


def run(rig: Rig, view: View) -> Tally:
    """Show frames until the source ends, the limits are reached or the person leaves.

    A source that is lost on the way ends the run in order; the error stands in the tally.
    """
    session = _Session(rig, view)
    began_s = rig.clock()
    lost: SourceLostError | None = None
    try:
        with closing(session.looker.ahead(_until_limits(rig), idle=Waiting(0.0))) as items:
            for item, next_time_s in with_next_times(items, look_ahead=rig.pacer.real_time):
                if isinstance(item, Waiting):
                    session.wait(item)
                else:
                    session.one_frame(item, next_time_s)
                if session.is_over():
                    break
    except SourceLostError as error:
        lost = error
    tally = replace(session.tally, wall_s=rig.clock() - began_s, lost=lost)
    if rig.source.holds_last and rig.limits == Limits():
        session.hold_last()
    return tally


def _until_limits(rig: Rig) -> Iterator[Frame | Waiting]:
    """What the source gives, as far as the limits allow."""
    shown = 0
    for item in rig.source:
        if rig.limits.reached(item, shown):
            return
        yield item
        shown += isinstance(item, Frame)
        if rig.limits.reached_after(shown):
            return


class _Session:
    """The loop's own state: view, rate, tally, since when we record."""

    def __init__(self, rig: Rig, view: View) -> None:
        self.rig, self.view, self.tally = rig, view, Tally()
        self.looker = Looker(
            rig.model,
            every=rig.every,
            overlapped=rig.overlapped,
            stopwatch=rig.stopwatch,
            clock=rig.clock,
        )
        self.rate = RateMeter()
        self.fps: float | None = None
        self.told_waiting = self.after_pause = False
        self.recording_since_s: float | None = None
        self.last: Frame | None = None
        self.last_shot: Shot | None = None
        self.pauses = self.gaps = 0
        self.age_ms: float | None = None
        self.rates, self.last_s = NO_RATES, 0.0
        self.vigil = Vigil(rig.screens, rig.recorder, rig.notices, gap=rig.losses_are_cut)

    def is_over(self) -> bool:
        return self.view.leaving or self.rig.stop_asked()

    def one_frame(self, frame: Frame, next_time_s: float | None) -> None:
        """Shoot, hand on, listen; hold the frame while paused."""
        rig = self.rig
        after_gap = self._found_again(frame)
        self.fps = self.rate.tick(rig.clock())
        if after_gap or (self.after_pause and rig.pauses_are_cut):
            self._leave_out(frame.time_s)
        self.after_pause = False
        if self.view.recording and self.recording_since_s is None:
            self.recording_since_s = frame.time_s
        shot = self._shoot(frame, self.fps)
        with rig.stopwatch.timed("hand-over"):
            self._hand_over(shot)
        self.last, self.last_s, self.last_shot = frame, frame.time_s, shot
        self.tally = self.tally.plus(shot)
        self._listen(frame, rig.pacer.wait_s(frame.time_s, next_time_s, rig.clock()))
        if self.view.paused and not self.is_over():
            self._hold(frame, until=lambda view: not view.paused)
            self.pauses += 1
            self.after_pause = True
            rig.pacer.restart()
            self.rate.forget()

    def _hand_over(self, shot: Shot) -> None:
        rig, captured_s = self.rig, shot.frame.captured_s
        ready_s = rig.clock()
        self._show(shot)
        shown_s = rig.clock()
        if captured_s is not None:
            self.age_ms = 1000.0 * (shown_s - captured_s)
            took_s = shown_s - ready_s if rig.screens else None
            self.rates = rig.gauge.after(shot, shown_s, took_s, rig.recorder_state())
        for sink in rig.sinks:
            sink.show(shot)

    def wait(self, waiting: Waiting) -> None:
        """Stay awake without a frame; where the source is lost, show so."""
        seen = self.view
        self._hear(0.0)
        if waiting.reason:
            at_s = self.last_s if self.vigil.gap else waiting.time_s
            self.rate.forget()
            self._record_placard(waiting)
            last = self.last_shot and replace(self.last_shot, pauses=self.pauses, gaps=self.gaps)
            self.vigil.keep(waiting, self.view, last, self._recording_s(at_s))
            if last is not None:
                self.rig.album.show(replace(last, view=self.view))
        elif self.view != seen and self.last is not None:
            self._show(self._shoot(self.last, self.fps))

    def _found_again(self, frame: Frame) -> bool:
        """A frame after a loss: say so; whether the time of the loss is left out."""
        if not self.vigil.is_on:
            return False
        away_s = frame.time_s - self.last_s
        self.vigil.end(self.rig.source.title, away_s, is_still=frame.is_still)
        self.gaps += self.vigil.gap
        self.rig.pacer.restart()
        return self.vigil.gap

    def hold_last(self) -> None:
        """Keep the screens on the last picture until the person leaves."""
        if self.last is not None and self.rig.screens:
            self._hold(self.last, until=lambda _: False, is_last=True)

    def _hold(self, frame: Frame, until: Callable[[View], bool], *, is_last: bool = False) -> None:
        """Stay on a frame, alive: keys change its look, nothing is recorded twice."""
        shown: tuple[View, str] | None = None
        while not self.is_over() and not until(self.view):
            wanted = (self.view, self.rig.notices.current())
            if wanted != shown:
                self._show(self._shoot(frame, None))
                shown = wanted
            self._hear(WAIT_SLICE_S)
            self._judge_recording(is_last=is_last)

    def _judge_recording(self, *, is_last: bool) -> None:
        """Say what the key `r` means while the picture stands still."""
        wanted, begun = self.view.recording, self.recording_since_s is not None
        if begun and not wanted and self.rig.recorder is not None and self.last_shot is not None:
            self.recording_since_s = None
            ending = replace(self.last_shot, view=self.view, waiting_for="the pause's end")
            self.rig.recorder.show(ending)  # the file is closed now, not with the next frame
        if wanted and not begun and is_last:
            self.view = replace(self.view, recording=False)
            self.rig.notices.post("nothing to record: the picture stands still")
        elif wanted and not begun and not self.told_waiting:
            self.rig.notices.post("the recording begins when the pause ends")
        self.told_waiting = wanted

    def _show(self, shot: Shot) -> None:
        for screen in self.rig.screens:
            screen.show(shot)
        self.rig.album.show(shot)

    def _shoot(self, frame: Frame, fps: float | None) -> Shot:
        shot = take_shot(
            frame,
            self.looker,
            self.view,
            fps=fps,
            recording_s=self._recording_s(frame.time_s),
            recorder=self.rig.recorder_state(),
            notice=self.rig.notices.current(),
            pauses=self.pauses,
            gaps=self.gaps,
            age_ms=self.age_ms,
            limit=self.rates.limit,
            clock=self.rig.clock,
            stopwatch=self.rig.stopwatch,
        )
        return replace(shot, rates=self.rates)

    def _record_placard(self, waiting: Waiting) -> None:
        """Where the placard is recorded, the recording's clock goes on with it."""
        if self.vigil.gap or self.last is None:
            return
        if self.after_pause and self.rig.pauses_are_cut:
            self._leave_out(waiting.time_s)
            self.after_pause = False
        if self.view.recording and self.recording_since_s is None:
            self.recording_since_s = waiting.time_s

    def _leave_out(self, until_s: float) -> None:
        """The recording's clock stands still from the last frame on, as the recording does."""
        if self.recording_since_s is not None and self.last is not None:
            self.recording_since_s += until_s - self.last.time_s

    def _recording_s(self, time_s: float) -> float | None:
        """Seconds since the first recorded frame; None before it and without a recording."""
        if not self.view.recording:
            self.recording_since_s = None
        if self.recording_since_s is None:
            return None
        return time_s - self.recording_since_s

    def _listen(self, frame: Frame, wait_s: float) -> None:
        """Wait until the next frame is due, in slices: keys and signals are heard at once.

        A key changes the look of the frame that stands on the screen; the wait goes on.
        """
        until_s = self.rig.clock() + wait_s
        seen = self.view
        self._hear(min(wait_s, WAIT_SLICE_S))
        while not (self.is_over() or self.view.paused):
            left_s = until_s - self.rig.clock()
            if left_s <= 0:
                return
            if self.view != seen:
                self._show(self._shoot(frame, self.fps))
                seen = self.view
            self._hear(min(left_s, WAIT_SLICE_S))

    def _hear(self, wait_s: float) -> None:
        """Obey what happens within this time."""
        for number, screen in enumerate(self.rig.screens):
            for event in screen.events(0.0 if number else wait_s):
                self._obey(event)
        if not self.rig.screens and wait_s > 0:
            self.rig.sleep(wait_s)

    def _obey(self, event: Event) -> None:
        self.view = key_bindings.after_event(self.view, event)
        scene = self.rig.source
        if isinstance(scene, Turnable):
            if isinstance(event, Drag):
                scene.drag(-event.dx_px if self.view.mirror else event.dx_px, event.dy_px)
            elif isinstance(event, Wheel):
                scene.wheel(event.steps)
