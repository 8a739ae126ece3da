"""A long run with a camera that fails every ten seconds: memory, threads and files stay flat?

In real time, with a simulated camera of 30 pictures a second in the place of OpenCV's, and all the
rest as it is: source, network, drawing, recorder. Run it in the folder above tests:
PYTHONPATH=tests:. python -m sources.live.soak [SECONDS]
"""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from unittest import mock

import cv2
import psutil
from sources.live.simulated_camera import SimulatedCamera
from sinks.recording.soak import resident_mb

from livecam.pipeline.loop import run
from livecam.assembly.open_pipeline import open_pipeline, with_sink
from livecam.settings.schema import (
    ModelSettings,
    OutputSettings,
    PaceSettings,
    Settings,
    WindowSettings,
)
from livecam.pipeline.run_summary import RunSummary
from livecam.core.annotated_frame import AnnotatedFrame

EVERY_S, FOR_S = 10.0, 3.0
FAULTS = ("fails", "blocks", "gone", "repeats", "raises", "small")
BLOCK_S = 8.0


@dataclass
class RealTime:
    """The real clock for a SimulatedCamera; a driver blocks for seconds, not for a minute."""

    @property
    def now_s(self) -> float:
        return time.perf_counter()

    def sleep(self, seconds: float) -> None:
        time.sleep(min(seconds, BLOCK_S))


@dataclass
class Soaked:
    """What was measured, once in a while.

    Attributes:
        lines: seconds, megabytes, threads, open files, frames so far.
    """

    camera: SimulatedCamera
    lines: list[tuple[float, float, int, int, int]] = field(default_factory=list)
    summary: RunSummary = field(default_factory=RunSummary)
    messages: list[str] = field(default_factory=list)

    def note(self, since_s: float, frames: int) -> None:
        files = psutil.Process().num_fds() if sys.platform != "win32" else 0
        line = (since_s, resident_mb(), threading.active_count(), files, frames)
        self.lines.append(line)
        told = f"{since_s:.0f} s: {line[1]:.1f} MB, {line[2]} threads, {files} files"
        print(f"{told}, {frames} frames", flush=True)  # noqa: T201  (a script)


class Meter:
    """A sink that measures once in a while, between two faults."""

    def __init__(self, soaked: Soaked, every_s: float, first_s: float) -> None:
        self._soaked, self._every_s = soaked, every_s
        self._began = time.perf_counter()
        self._next, self._frames = self._began + first_s, 0

    def show(self, annotated: AnnotatedFrame) -> None:
        self._frames += 1
        now_s = time.perf_counter()
        if now_s >= self._next:
            self._next += self._every_s
            self._soaked.note(now_s - self._began, self._frames)


def soak(
    path: Path,
    seconds: float,
    *,
    note_every_s: float = 60.0,
    fault_every_s: float = EVERY_S,
    fault_for_s: float = FOR_S,
    faults: Sequence[str] = FAULTS,
    size: tuple[int, int] = (320, 240),
) -> Soaked:
    """Run the whole program but its command line for so long; `path` is its recording."""
    kinds, plan = cycle(faults), {}
    camera = SimulatedCamera(RealTime(), size=size)
    soaked = Soaked(camera)

    def behaviour(since_s: float) -> str:
        number = int(since_s // fault_every_s)
        if number and number not in plan:
            plan[number] = next(kinds)
        return plan.get(number, "ok") if since_s % fault_every_s < fault_for_s else "ok"

    camera.behaviour = behaviour
    settings = Settings(
        model=ModelSettings(model="flowers", threads=1),
        output=OutputSettings(record=path),
        window=WindowSettings(window=False),
        pace=PaceSettings(seconds=seconds),
    )
    with mock.patch.object(cv2, "VideoCapture", camera.open), ExitStack() as stack:
        pipeline, view = open_pipeline("0", settings, stack, say=soaked.messages.append)
        # Late in a stretch between two faults: what is lost is back by then.
        first_s = 0.9 * fault_every_s
        soaked.summary = run(with_sink(pipeline, Meter(soaked, note_every_s, first_s)), view)
    return soaked


if __name__ == "__main__":
    os.nice(5)
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "soak.mp4"
        done = soak(video, float(sys.argv[1]) if len(sys.argv) > 1 else 1200.0)
        size_mb = video.stat().st_size / 1e6
    print(done.summary, done.messages[-1], f"{size_mb:.1f} MB")  # noqa: T201
