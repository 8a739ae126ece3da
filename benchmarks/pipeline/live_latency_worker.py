"""A camera of 30 frames a second, window and recording on: the age of each frame when shown.

`python -m benchmarks.pipeline.live_latency_worker FOLDER SECONDS THREADS AREA`, the threads being
OpenCV's; prints JSON. AREA is "square", with a network of random weights, or "frame", with the
bundled one. The camera is simulated: a clip's pictures, thirty a second. Network, window
and encoder are real.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

import cv2

from benchmarks.inputs.random_networks import CLASS_INDEX, open_random_model
from benchmarks.inputs.scratch_folder import ScratchFolder
from livecam.assembly.first_view import first_view
from livecam.assembly.open_model import OpenedModel, open_model
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.map_choices import Area
from livecam.core.playback_pacing import Pacer
from livecam.core.timing import Stopwatch
from livecam.core.types import Frame
from livecam.models.catalogue import flowers_spec
from livecam.pipeline import loop
from livecam.pipeline.pipeline import Pipeline
from livecam.pipeline.run_limits import RunLimits
from livecam.pipeline.screen_messages import ScreenMessages
from livecam.settings.schema import MapSettings, Settings
from livecam.sinks.display_check import display_problem
from livecam.sources.clip import Clip

RATE = 30.0
WARM_UP = 30


@dataclass
class SimulatedCamera:
    """The newest picture at each tick of a clock; ticks that were missed are lost frames."""

    pictures: list[Frame]
    seconds: float
    arrived_s: dict[int, float] = field(default_factory=dict)
    title = "simulated camera"
    is_live = True
    holds_last = False
    frame_count = None
    rate = RATE

    def __iter__(self) -> Iterator[Frame]:
        """Give frames until the time is over."""
        began_s, tick = time.perf_counter(), 0
        while tick < self.seconds * RATE:
            late_s = time.perf_counter() - (began_s + tick / RATE)
            if late_s < 0:
                time.sleep(-late_s)
            self.arrived_s[tick] = began_s + tick / RATE
            yield replace(self.pictures[tick % len(self.pictures)], index=tick, time_s=tick / RATE)
            tick = max(tick + 1, int((time.perf_counter() - began_s) * RATE))


class LatencyProbe:
    """A screen around the window: notes the age of each frame once the window has painted it."""

    def __init__(self, camera: SimulatedCamera, screen: Any) -> None:
        self._camera, self._screen, self.ages_ms = camera, screen, list[float]()
        self.processor_s = 0.0

    def show(self, annotated: AnnotatedFrame) -> None:
        """Show it, and note its age."""
        if len(self.ages_ms) == WARM_UP:
            self.processor_s = time.process_time()
        if self._screen is not None:
            self._screen.show(annotated)  # it is painted here
        age_s = time.perf_counter() - self._camera.arrived_s[annotated.frame.index]
        self.ages_ms.append(1000 * age_s)

    def events(self, wait_s: float) -> Sequence[Any]:
        """What the user does."""
        return self._screen.events(wait_s) if self._screen is not None else []


class NoSnapshots:
    """A sink that saves nothing."""

    def show(self, annotated: AnnotatedFrame) -> None:
        """Ignore it."""


def opened(scratch: ScratchFolder, area: Area) -> OpenedModel:
    """The network of the run."""
    return open_model(flowers_spec()) if area == "frame" else open_random_model(scratch)


def main(folder: str, seconds: float, threads: int, area: Area) -> None:
    """Measure and print."""
    from livecam.sinks.recording.encoder_catalogue import EncoderRequest
    from livecam.sinks.recording.options import RecordingOptions
    from livecam.sinks.recording.recorder import Recorder

    cv2.setNumThreads(threads)
    scratch = ScratchFolder(Path(folder))
    model, stopwatch = opened(scratch, area), Stopwatch(time.perf_counter)
    with Clip(scratch.clip) as clip:
        pictures = [frame for frame, _ in zip(clip, range(60), strict=False)]
    camera = SimulatedCamera(pictures, seconds)
    settings, choices = Settings(map=MapSettings(area)), model.class_choices
    shown = 0 if area == "frame" else CLASS_INDEX
    view = replace(first_view(settings, [shown], choices), recording=True)
    with ExitStack() as stack:
        windowed = display_problem() is None
        screen = None
        if windowed:
            from livecam.sinks.window import Window

            screen = stack.enter_context(Window())
        probe = LatencyProbe(camera, screen)
        request = EncoderRequest(rate=RATE, live=True)
        path = scratch.folder / "live.mp4"
        options = RecordingOptions(path, scratch.folder, request, force=True)
        recorder = stack.enter_context(Recorder(options, stopwatch=stopwatch))
        pipeline = Pipeline(
            source=camera, model=model, sinks=[recorder], screens=[probe],
            snapshot_writer=NoSnapshots(), pacer=Pacer(real_time=False), limits=RunLimits(),
            screen_messages=ScreenMessages(lambda _: None),
            stopwatch=stopwatch,
        )  # fmt: skip
        loop.run(pipeline, view)
        processor_s = time.process_time() - probe.processor_s
    ages = sorted(probe.ages_ms[WARM_UP:])
    if not ages:
        sys.exit(f"fewer than {WARM_UP} frames in {seconds:.0f} s: this machine is too busy")
    print(json.dumps({
        "windowed": windowed,
        "frames": len(ages),
        "ticks": int(seconds * RATE) - WARM_UP,
        "age_p50_ms": median(ages),
        "age_p95_ms": ages[int(0.95 * (len(ages) - 1))],
        "processor_ms": 1000 * processor_s / len(ages),
    }))  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), sys.argv[4])  # type: ignore[arg-type]
