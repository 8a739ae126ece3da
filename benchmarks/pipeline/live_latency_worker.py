"""A camera of 30 frames a second, window and recording on: how old is what is shown?

`python -m benchmarks.live FOLDER SECONDS THREADS`, the threads being OpenCV's; prints JSON. The
camera is a clip's pictures given out at the pace of a clock; everything after it is the real thing:
network, window, encoder.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

import cv2

from benchmarks.make import CLASS_INDEX, Scratch, opened
from livecam.assembly.open_pipeline import first_view
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.timing import Pacer, Stopwatch
from livecam.core.types import Frame
from livecam.pipeline import loop
from livecam.pipeline.notifications import Notifications
from livecam.pipeline.run_limits import RunLimits
from livecam.settings.schema import Settings
from livecam.sinks.display import display_problem
from livecam.sources.clip import Clip

RATE = 30.0
WARM_UP = 30


@dataclass
class Metronome:
    """A camera: the newest picture at each beat, the beats that were missed are lost."""

    pictures: list[Frame]
    seconds: float
    arrived_s: dict[int, float] = field(default_factory=dict)
    title = "metronome"
    is_live = True
    holds_last = False
    frame_count = None
    rate = RATE

    def __iter__(self) -> Iterator[Frame]:
        """Until the time is over."""
        began_s, beat = time.perf_counter(), 0
        while beat < self.seconds * RATE:
            late_s = time.perf_counter() - (began_s + beat / RATE)
            if late_s < 0:
                time.sleep(-late_s)
            self.arrived_s[beat] = began_s + beat / RATE
            yield replace(self.pictures[beat % len(self.pictures)], index=beat, time_s=beat / RATE)
            beat = max(beat + 1, int((time.perf_counter() - began_s) * RATE))


class Eye:
    """Before the window: notes how old each picture is when the window has painted it."""

    def __init__(self, camera: Metronome, screen: Any) -> None:
        self._camera, self._screen, self.ages_ms = camera, screen, list[float]()
        self.processor_s = 0.0

    def show(self, annotated: AnnotatedFrame) -> None:
        """Hand it on."""
        if len(self.ages_ms) == WARM_UP:
            self.processor_s = time.process_time()
        if self._screen is not None:
            self._screen.show(annotated)  # it is painted here
        age_s = time.perf_counter() - self._camera.arrived_s[annotated.frame.index]
        self.ages_ms.append(1000 * age_s)

    def events(self, wait_s: float) -> Sequence[Any]:
        """What the user does."""
        return self._screen.events(wait_s) if self._screen is not None else []


class Nobody:
    """No album."""

    def show(self, annotated: AnnotatedFrame) -> None:
        """See nothing."""


def main(folder: str, seconds: float, threads: int) -> None:
    """Measure and print."""
    from livecam.sinks.recording.encoders import Wish
    from livecam.sinks.recording.options import Plan
    from livecam.sinks.recording.recorder import Recorder

    cv2.setNumThreads(threads)
    place = Scratch(Path(folder))
    model, stopwatch = opened(place), Stopwatch(time.perf_counter)
    with Clip(place.clip) as clip:
        pictures = [frame for frame, _ in zip(clip, range(60), strict=False)]
    camera = Metronome(pictures, seconds)
    view = replace(first_view(Settings(), [CLASS_INDEX], model.class_choices), recording=True)
    with ExitStack() as stack:
        windowed = display_problem() is None
        screen = None
        if windowed:
            from livecam.sinks.window import Window

            screen = stack.enter_context(Window())
        eye = Eye(camera, screen)
        plan = Plan(place.folder / "live.mp4", place.folder, Wish(rate=RATE, live=True), force=True)
        recorder = stack.enter_context(Recorder(plan, notify=lambda _: None, stopwatch=stopwatch))
        pipeline = loop.Pipeline(
            source=camera, model=model, sinks=[recorder], snapshot_writer=Nobody(), screens=[eye],
            pacer=Pacer(real_time=False), limits=RunLimits(),
            notifications=Notifications(lambda _: None),
            stopwatch=stopwatch,
        )  # fmt: skip
        loop.run(pipeline, view)
        processor_s = time.process_time() - eye.processor_s
    ages = sorted(eye.ages_ms[WARM_UP:])
    if not ages:
        sys.exit(f"fewer than {WARM_UP} frames in {seconds:.0f} s: this machine is too busy")
    print(json.dumps({
        "windowed": windowed,
        "frames": len(ages),
        "beats": int(seconds * RATE) - WARM_UP,
        "age_p50_ms": median(ages),
        "age_p95_ms": ages[int(0.95 * (len(ages) - 1))],
        "processor_ms": 1000 * processor_s / len(ages),
    }))  # fmt: skip


def on_a_screen(command: list[str], env: dict[str, str]) -> str:
    """Run it on a display: the user's, else one of Xvfb where that is installed."""
    if "DISPLAY" in os.environ or sys.platform != "linux":
        env = env | {k: v for k, v in os.environ.items() if k in ("DISPLAY", "WAYLAND_DISPLAY")}
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
    if shutil.which("Xvfb") is None:
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
    xvfb = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1600x1000x24"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert xvfb.stdout is not None
        env = env | {"DISPLAY": f":{xvfb.stdout.readline().strip()}"}  # it tells when it is ready
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
    finally:
        xvfb.terminate()
        xvfb.wait(10)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
