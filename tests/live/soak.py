"""A long run with a camera that fails every ten seconds: memory, threads and files stay flat?

In real time, with a scripted camera of 30 pictures a second. Run it in the folder above tests:
PYTHONPATH=tests:. python -m live.soak [SECONDS]
"""

import os
import sys
import threading
import time
from dataclasses import dataclass, field
from itertools import cycle

import psutil
from live.simulated import World
from recording.soak import resident_mb
from support import FakeModel

from livecam.loop import Rig, run
from livecam.notices import Notices
from livecam.pace import Pacer
from livecam.settings import CameraSettings
from livecam.sources.camera import camera
from livecam.sources.live.times import REAL_TIMES
from livecam.tally import Limits
from livecam.values import Shot, View

EVERY_S, FOR_S = 10.0, 3.0
FAULTS = ("fails", "blocks", "gone", "repeats", "raises", "small")
BLOCK_S = 8.0


@dataclass
class RealTime:
    """The real clock, with the one name that a scripted world asks for; no block is a minute."""

    @property
    def now_s(self) -> float:
        return time.perf_counter()

    def sleep(self, seconds: float) -> None:
        time.sleep(min(seconds, BLOCK_S))


@dataclass
class Soaked:
    """What was measured, once a minute."""

    lines: list[tuple[float, float, int, int, int]] = field(default_factory=list)

    def note(self, since_s: float, frames: int) -> None:
        files = psutil.Process().num_fds() if sys.platform != "win32" else 0
        line = (since_s, resident_mb(), threading.active_count(), files, frames)
        self.lines.append(line)
        told = f"{since_s:.0f} s: {line[1]:.1f} MB, {line[2]} threads, {files} files"
        print(f"{told}, {frames} frames", flush=True)  # noqa: T201  (a script)


class Meter:
    """A sink that measures once in a while."""

    def __init__(self, every_s: float) -> None:
        self.soaked, self._every_s = Soaked(), every_s
        self._began = time.perf_counter()
        self._next = self._began + EVERY_S / 2  # between two faults
        self._frames = 0

    def show(self, shot: Shot) -> None:
        self._frames += 1
        now_s = time.perf_counter()
        if now_s >= self._next:
            self._next += self._every_s
            self.soaked.note(now_s - self._began, self._frames)


def soak(seconds: float, every_s: float = 60.0) -> Soaked:
    """Run the whole loop for so long."""
    kinds = cycle(FAULTS)
    world = World(RealTime())
    plan: dict[int, str] = {}

    def behaviour(since_s: float) -> str:
        number = int(since_s // EVERY_S)
        if number and number not in plan:
            plan[number] = next(kinds)
        return plan.get(number, "ok") if since_s % EVERY_S < FOR_S else "ok"

    world.behaviour = behaviour
    meter = Meter(every_s)
    source = camera("0", CameraSettings(), driver=world.open, times=REAL_TIMES)
    with source:
        rig = Rig(
            source=source, model=FakeModel(), sinks=[meter], album=Meter(1e9), screens=[],
            pacer=Pacer(real_time=False), limits=Limits(seconds=seconds), notices=Notices(),
        )  # fmt: skip
        run(rig, View(class_index=1, class_cycle=(1,)))
    return meter.soaked


if __name__ == "__main__":
    os.nice(5)
    done = soak(float(sys.argv[1]) if len(sys.argv) > 1 else 1200.0)
