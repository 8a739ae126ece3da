"""The loop: take a frame, measure it, paint it, hand it on, listen. Knows Protocols only."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from livecam import controls
from livecam.errors import SourceLostError
from livecam.geometry import centred_square, network_view
from livecam.heat import stats_of
from livecam.hud import draw_hud
from livecam.notices import Notices
from livecam.pace import Pacer, RateMeter
from livecam.paint import paint_heat
from livecam.ports import Drag, Event, HeatModel, Screen, Sink, Source, Turnable, Wheel
from livecam.tally import Limits, Tally
from livecam.values import Frame, RecorderState, Shot, View

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
        screen: the window, None without one.
        pacer: when frames are due.
        limits: when to stop.
        notices: news for the person.
        recorder_state: how the recorder is doing.
        pauses_are_cut: whether a pause leaves no time in a recording.
        stop_asked: whether a signal asked to stop.
        sleep: how to wait where there is no window.
        clock: seconds, monotonic.
    """

    source: Source
    model: HeatModel
    sinks: Sequence[Sink]
    album: Sink
    screen: Screen | None
    pacer: Pacer
    limits: Limits
    notices: Notices
    recorder_state: Callable[[], RecorderState] = RecorderState
    pauses_are_cut: bool = True
    stop_asked: Callable[[], bool] = lambda: False
    sleep: Callable[[float], None] = time.sleep
    clock: Clock = time.perf_counter


def take_shot(
    frame: Frame,
    model: HeatModel,
    view: View,
    *,
    fps: float | None = None,
    recording_s: float | None = None,
    recorder: RecorderState = RecorderState(),  # noqa: B008  (frozen)
    notice: str = "",
    pauses: int = 0,
    clock: Clock = time.perf_counter,
) -> Shot:
    """Measure and paint one frame."""
    arrived_s = clock()
    height, width = frame.bgr.shape[:2]
    box = centred_square(width, height)
    activation = model.measure(network_view(frame.bgr, box), view.class_index)
    picture = paint_heat(frame.bgr, box, activation.grid, view)
    stats = stats_of(
        activation,
        view.class_index,
        model.labels,
        model.class_choices,
        fps=fps,
        latency_ms=1000.0 * (clock() - arrived_s),
    )
    draw_hud(
        picture,
        box,
        activation,
        stats,
        view,
        engine=model.engine,
        recording_s=recording_s,
        recorder=recorder,
        notice=notice,
        help_rows=controls.help_rows(),
    )
    return Shot(frame, box, activation, stats, view, picture, pauses)


def annotate(
    frames: Iterable[Frame], model: HeatModel, view: View, *, clock: Clock = time.perf_counter
) -> Iterator[Shot]:
    """Measure and paint every frame with one fixed view: the loop without a window."""
    rate = RateMeter()
    for frame in frames:
        yield take_shot(frame, model, view, fps=rate.tick(clock()), clock=clock)


def run(rig: Rig, view: View) -> Tally:
    """Show frames until the source ends, the limits are reached or the person leaves.

    A source that is lost on the way ends the run in order; the error stands in the tally.
    """
    session = _Session(rig, view)
    began_s = rig.clock()
    lost: SourceLostError | None = None
    try:
        for frame, next_time_s in _with_next_times(
            _until_limits(rig), look_ahead=rig.pacer.real_time
        ):
            session.one_frame(frame, next_time_s)
            if session.is_over():
                break
    except SourceLostError as error:
        lost = error
    tally = replace(session.tally, wall_s=rig.clock() - began_s, lost=lost)
    if rig.source.holds_last and rig.limits == Limits():
        session.hold_last()
    return tally


def _until_limits(rig: Rig) -> Iterator[Frame]:
    """The source's frames, as far as the limits allow."""
    for shown, frame in enumerate(rig.source):
        if rig.limits.reached(frame, shown):
            return
        yield frame
        if rig.limits.reached_after(shown + 1):
            return


def _with_next_times(
    frames: Iterator[Frame], *, look_ahead: bool
) -> Iterator[tuple[Frame, float | None]]:
    """Each frame with the time of the one after it, None where nobody looks ahead.

    Looking ahead decodes the next frame while the present one waits on the screen. An error on
    the way ahead is raised after the present frame has been handed out: no frame is lost.
    """
    if not look_ahead:
        yield from ((frame, None) for frame in frames)
        return
    present = next(frames, None)
    while present is not None:
        error: SourceLostError | None = None
        following: Frame | None = None
        try:
            following = next(frames, None)
        except SourceLostError as caught:
            error = caught
        yield present, following.time_s if following else None
        if error:
            raise error
        present = following


class _Session:
    """The loop's own state: view, rate, tally, since when we record."""

    def __init__(self, rig: Rig, view: View) -> None:
        self.rig, self.view, self.tally = rig, view, Tally()
        self.rate = RateMeter()
        self.fps: float | None = None
        self.told_waiting = self.after_pause = False
        self.recording_since_s: float | None = None
        self.last: Frame | None = None
        self.pauses = 0

    def is_over(self) -> bool:
        return self.view.leaving or self.rig.stop_asked()

    def one_frame(self, frame: Frame, next_time_s: float | None) -> None:
        """Shoot, hand on, listen; hold the frame while paused."""
        rig = self.rig
        self.fps = self.rate.tick(rig.clock())
        if self.after_pause and rig.pauses_are_cut:
            self._leave_out_pause(frame)
        self.after_pause = False
        if self.view.recording and self.recording_since_s is None:
            self.recording_since_s = frame.time_s
        shot = self._shoot(frame, self.fps)
        self._show(shot)
        for sink in rig.sinks:
            sink.show(shot)
        self.last, self.tally = frame, self.tally.plus(shot)
        self._listen(frame, rig.pacer.wait_s(frame.time_s, next_time_s, rig.clock()))
        if self.view.paused and not self.is_over():
            self._hold(frame, until=lambda view: not view.paused)
            self.pauses += 1
            self.after_pause = True
            rig.pacer.restart()
            self.rate.forget()

    def hold_last(self) -> None:
        """Keep the window open on the last picture until the person leaves."""
        if self.last is not None and self.rig.screen is not None:
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
        if wanted and not begun and is_last:
            self.view = replace(self.view, recording=False)
            self.rig.notices.post("nothing to record: the picture stands still")
        elif wanted and not begun and not self.told_waiting:
            self.rig.notices.post("the recording begins when the pause ends")
        self.told_waiting = wanted

    def _show(self, shot: Shot) -> None:
        if self.rig.screen is not None:
            self.rig.screen.show(shot)
        self.rig.album.show(shot)

    def _shoot(self, frame: Frame, fps: float | None) -> Shot:
        return take_shot(
            frame,
            self.rig.model,
            self.view,
            fps=fps,
            recording_s=self._recording_s(frame.time_s),
            recorder=self.rig.recorder_state(),
            notice=self.rig.notices.current(),
            pauses=self.pauses,
            clock=self.rig.clock,
        )

    def _leave_out_pause(self, frame: Frame) -> None:
        """The recording's clock stands still in a pause, as the recording itself does."""
        if self.recording_since_s is not None and self.last is not None:
            self.recording_since_s += frame.time_s - self.last.time_s

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
        if self.rig.screen is not None:
            for event in self.rig.screen.events(wait_s):
                self._obey(event)
        elif wait_s > 0:
            self.rig.sleep(wait_s)

    def _obey(self, event: Event) -> None:
        self.view = controls.after_event(self.view, event)
        scene = self.rig.source
        if isinstance(scene, Turnable):
            if isinstance(event, Drag):
                scene.drag(event.dx_px, event.dy_px)
            elif isinstance(event, Wheel):
                scene.wheel(event.steps)
