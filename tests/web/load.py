"""Many viewers at once: does the loop keep its rate, does memory stay flat?

In the folder above tests with PYTHONPATH=tests:. : python -m web.load [SECONDS] [VIEWERS]

It takes the rate with one viewer, then with all of them, one of which never reads a byte; each has
the picture and the figures, as the page has. It fails where the rate falls by more than a tenth or
memory grows.
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
from web.serving import LivecamProcess, serving

PICTURE = b"GET /api/stream.mjpg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
FIGURES = (
    b"GET /api/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
PING, PONG = b"\x89\x04", b"\x8a\x84\0\0\0\0"
KINDS = ("picture", "figures")
LEAST_SHARE = 0.9
MOST_GROWTH_MB = 10.0
# Whoever never reads is disconnected after a while: from then on memory has to stay constant.
SETTLED = 3


@dataclass(frozen=True)
class Loaded:
    """What was measured.

    Attributes:
        rate: frames per second of the loop.
        cpu_per_frame_ms: time of the processor for each frame, all threads.
        received_mb: what the viewers read.
        viewers: connections with the picture and with the figures, towards the end.
        memory_mb: resident, ten times.
    """

    rate: float
    cpu_per_frame_ms: float
    received_mb: float
    viewers: dict[str, int]
    memory_mb: list[float]


def measured(served: LivecamProcess, seconds: float, viewers: int) -> Loaded:
    """Measure with `viewers` viewers for a while; one of several is stalled."""
    ready, done = multiprocessing.Event(), multiprocessing.Event()
    results: Any = multiprocessing.Queue()
    arguments = (served.port, viewers, ready, done, results)
    crowd = multiprocessing.Process(target=_watch, args=arguments)
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
    counted = {kind: int(_metric(served, f'livecam_viewers{{kind="{kind}"}}')) for kind in KINDS}
    done.set()
    received = results.get(timeout=30)
    crowd.join(30)
    return Loaded(frames / wall_s, 1000.0 * cpu_s / max(1, frames), received / 1e6, counted, memory)


def _watch(port: int, viewers: int, ready: Any, done: Any, results: Any) -> None:
    """Read from all but the last one of several, in a process of its own."""
    reading, stalled = selectors.DefaultSelector(), []
    for number in range(viewers):
        for request in (PICTURE, FIGURES):
            raw = socket.create_connection(("127.0.0.1", port))
            raw.sendall(request)
            if number < max(1, viewers - 1):
                raw.setblocking(False)
                reading.register(raw, selectors.EVENT_READ)
            else:
                stalled.append(raw)
    ready.set()
    received = 0
    space = memoryview(bytearray(1 << 20))
    while not done.is_set():
        for key, _ in reading.select(0.2):
            count = key.fileobj.recv_into(space)
            received += count
            if not count:
                reading.unregister(key.fileobj)
            elif count < 4096:
                _answer_ping(key.fileobj, bytes(space[:count]))
        time.sleep(0.005)
    results.put(received)


def _answer_ping(raw: socket.socket, data: bytes) -> None:
    """Answer pings: the figures are ASCII, these two bytes occur nowhere else."""
    _, found, rest = data.partition(PING)
    if found:
        raw.sendall(PONG + rest[:4])


def _frames(served: LivecamProcess) -> float:
    return _metric(served, "livecam_frames_total")


def _metric(served: LivecamProcess, name: str) -> float:
    for line in served.get("/metrics").body.decode().splitlines():
        if line.startswith(name):
            return float(line.split()[1])
    return 0.0


def _cpu_s(program: psutil.Process) -> float:
    times = program.cpu_times()
    return times.user + times.system


def main(seconds: float, viewers: int) -> int:
    """One viewer, all of them, one again (the machine varies); returns an exit code."""
    with tempfile.TemporaryDirectory() as place, serving(Path(place)) as served:
        few = [measured(served, seconds / 4, 1)]
        program = psutil.Process(served.process.pid)
        files = program.num_fds()
        many = measured(served, seconds, viewers)
        few.append(measured(served, seconds / 4, 1))
        left = program.num_fds() - files
        share = many.rate / statistics.mean(run.rate for run in few)
        growth_mb = many.memory_mb[-1] - many.memory_mb[SETTLED]
        report = {
            "rate with one viewer": [round(run.rate, 2) for run in few],
            f"rate with {viewers}": round(many.rate, 2),
            "share": round(share, 3),
            "cpu per frame, ms": [round(run.cpu_per_frame_ms, 1) for run in (few[0], many, few[1])],
            "received, MB": round(many.received_mb, 1),
            "viewers at the end": many.viewers,
            "memory, MB": [round(mb, 1) for mb in many.memory_mb],
            "growth, MB": round(growth_mb, 1),
            "files left open": left,
            "ended after, s": round(served.stop(), 2),
        }
    sys.stdout.write(json.dumps(report, indent=1) + "\n")
    faults = {
        f"the rate fell to {share:.3f} of that with one viewer": share < LEAST_SHARE,
        f"memory grew by {growth_mb:.1f} MB": growth_mb > MOST_GROWTH_MB,
        "not all viewers are served": min(many.viewers.values()) < viewers - 1,
    }
    sys.stderr.writelines(words + "\n" for words, is_so in faults.items() if is_so)
    return int(any(faults.values()))


if __name__ == "__main__":
    texts = [*sys.argv[1:], *("120", "50")[len(sys.argv) - 1 :]]
    sys.exit(main(float(texts[0]), int(texts[1])))
