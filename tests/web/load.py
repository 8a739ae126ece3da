"""Many viewers at once: does the loop keep its rate, does memory stay flat?

In the folder above tests with PYTHONPATH=tests:. : python -m web.load [SECONDS] [VIEWERS]

It takes the rate with one viewer, then with all of them, one of which never reads a byte.
"""

import json
import multiprocessing
import selectors
import socket
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from web.serving import Served, serving

REQUEST = b"GET /api/stream.mjpg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@dataclass(frozen=True)
class Loaded:
    """What it was like.

    Attributes:
        rate: frames per second of the loop.
        cpu_per_frame_ms: time of the processor for each frame, all threads.
        received_mb: what the viewers read.
        memory_mb: resident, ten times.
    """

    rate: float
    cpu_per_frame_ms: float
    received_mb: float
    memory_mb: list[float]


def measured(served: Served, seconds: float, viewers: int) -> Loaded:
    """Look with so many viewers for a while; one of several is stalled."""
    ready, done = multiprocessing.Event(), multiprocessing.Event()
    told: Any = multiprocessing.Queue()
    crowd = multiprocessing.Process(target=_look, args=(served.port, viewers, ready, done, told))
    crowd.start()
    ready.wait(60)
    time.sleep(2.0)
    memory, program = [], psutil.Process(served.process.pid)
    began, frames, cpu_s = time.monotonic(), _frames(served), _cpu_s(program)
    for _ in range(10):
        time.sleep(seconds / 10)
        memory.append(program.memory_info().rss / 1e6)
    frames, cpu_s = _frames(served) - frames, _cpu_s(program) - cpu_s
    wall_s = time.monotonic() - began
    done.set()
    received = told.get(timeout=30)
    crowd.join(30)
    return Loaded(frames / wall_s, 1000.0 * cpu_s / max(1, frames), received / 1e6, memory)


def _look(port: int, viewers: int, ready: Any, done: Any, told: Any) -> None:
    """Read from all but the last one of several, in a process of its own."""
    crowd = [socket.create_connection(("127.0.0.1", port)) for _ in range(viewers)]
    reading = selectors.DefaultSelector()
    for raw in crowd:
        raw.sendall(REQUEST)
    for raw in crowd[: max(1, viewers - 1)]:
        raw.setblocking(False)
        reading.register(raw, selectors.EVENT_READ)
    ready.set()
    received = 0
    space = bytearray(1 << 20)
    while not done.is_set():
        for key, _ in reading.select(0.2):
            received += key.fileobj.recv_into(space)
        time.sleep(0.005)
    told.put(received)


def _frames(served: Served) -> float:
    for line in served.get("/metrics").body.decode().splitlines():
        if line.startswith("livecam_frames_total"):
            return float(line.split()[1])
    return 0.0


def _cpu_s(program: psutil.Process) -> float:
    times = program.cpu_times()
    return times.user + times.system


def main(seconds: float, viewers: int) -> None:
    """One viewer, all of them, one again: the machine's own mood shows."""
    with tempfile.TemporaryDirectory() as place, serving(Path(place)) as served:
        few = [measured(served, seconds / 4, 1)]
        program = psutil.Process(served.process.pid)
        files = program.num_fds()
        many = measured(served, seconds, viewers)
        few.append(measured(served, seconds / 4, 1))
        left = program.num_fds() - files
        alone = statistics.mean(run.rate for run in few)
        report = {
            "rate with one viewer": [round(run.rate, 2) for run in few],
            f"rate with {viewers}": round(many.rate, 2),
            "share": round(many.rate / alone, 3),
            "cpu per frame, ms": [round(run.cpu_per_frame_ms, 1) for run in (few[0], many, few[1])],
            "received, MB": round(many.received_mb, 1),
            "memory, MB": [round(mb, 1) for mb in many.memory_mb],
            "files left open": left,
            "ended after, s": round(served.end(), 2),
        }
        sys.stdout.write(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main(
        *(
            kind(text)
            for kind, text in zip((float, int), [*sys.argv[1:], "120", "50"], strict=False)
        )
    )
