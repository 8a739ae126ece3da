"""Everything that the loop works with, opened and ready."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from livecam.core.annotated_frame import RecorderState
from livecam.core.bottleneck import BottleneckMonitor
from livecam.core.labels import Labels
from livecam.core.playback_pacing import Pacer
from livecam.core.protocols import ActivationModel, BoundedSink, Screen, Sink, Source
from livecam.core.timing import Stopwatch
from livecam.pipeline.capture_time import Now, local_now
from livecam.pipeline.inference import Inference
from livecam.pipeline.run_limits import RunLimits
from livecam.pipeline.screen_messages import ScreenMessages

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True, eq=False)
class Pipeline:
    """Everything the loop works with, opened and ready.

    Attributes:
        source: where frames come from.
        model: the network.
        sinks: what receives every annotated frame, in this order, each frame once.
        snapshot_writer: takes snapshots; also gets a paused frame again when the view changes.
        screens: windows and pages; the first one does the waiting, so a window comes first.
        pacer: when frames are due.
        limits: when to stop.
        screen_messages: messages to the user.
        recorder_state: how the recorder is doing.
        pauses_are_cut: whether a pause leaves no time in a recording.
        holds_end: whether screens stay on the last picture when the source is at its end.
        losses_are_cut: whether the time without a source leaves none in a recording.
        bottleneck: measures what limits the rate of a live source.
        recorder: the sink that also receives the status card of a source that is lost.
        on_leaving: called when the user quits, before anything is closed.
        stop_asked: whether a signal asked to stop.
        sleep: how to wait where there is no screen.
        clock: seconds, monotonic.
        now: the wall clock.
        every: the network runs on every so many frames.
        overlapped: whether source, network and drawing work at the same time.
        stopwatch: measures how long each stage takes.
        labels: the classes of the network, for the search by name; None where there is none.
        shows_rate: whether pictures have the frames per second written on them.
    """

    source: Source
    model: ActivationModel
    sinks: Sequence[Sink]
    snapshot_writer: Sink
    screens: Sequence[Screen]
    pacer: Pacer
    limits: RunLimits
    screen_messages: ScreenMessages
    recorder_state: Callable[[], RecorderState] = RecorderState
    pauses_are_cut: bool = True
    losses_are_cut: bool = False
    holds_end: bool = False
    recorder: BoundedSink | None = None
    on_leaving: Callable[[], None] = lambda: None
    bottleneck: BottleneckMonitor = field(default_factory=lambda: BottleneckMonitor(None))
    stop_asked: Callable[[], bool] = lambda: False
    sleep: Callable[[float], None] = time.sleep
    clock: Clock = time.perf_counter
    now: Now = local_now
    every: int = 1
    overlapped: bool = False
    stopwatch: Stopwatch = Stopwatch()  # noqa: RUF009  (measures nothing, keeps nothing)
    labels: Labels | None = None
    shows_rate: bool = True

    def create_inference(self) -> Inference:
        """What runs the network on the frames of one run."""
        return Inference(
            self.model,
            every=self.every,
            overlapped=self.overlapped,
            alternates=self.source.is_live,
            stopwatch=self.stopwatch,
            clock=self.clock,
        )
