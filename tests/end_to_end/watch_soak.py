"""Hundreds of events, and kills at random moments: by hand, because it takes ten minutes.

PYTHONPATH=.:tests python tests/end_to_end/watch_soak.py [events|kills] [COUNT]
"""

import random
import signal
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import cv2  # noqa: F401  (before av)
from programs import started
from sources.live.senders import SYSTEM_PYTHON, free_port
from support import MAIN, ROOT, eventually, livecam, program_env
from watched_garden import RATE, numbers_in, visits_of, write_garden

from benchmarks.watching.packets_file import write_packets
from livecam.core.watching.watch_event import WatchEvent
from livecam.sinks.events.event_log import read_events

FLAGS = ["--model", "flowers", "--when", "daisy > 0.5", "--release", "0.5", "--before", "1"]
CAMERA = ROOT / "benchmarks" / "watching" / "rtsp_camera.py"


def tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def many_events(folder: Path, count: int) -> None:
    """Short and long ones, single pictures and flicker: each there, to the picture, once."""
    seeded = random.Random(count)
    lengths = [seeded.choice([1, 1, 2, 3, 5, 8, 13, 30]) for _ in range(count)]
    visits = visits_of([(seeded.randint(14, 30), length) for length in lengths])
    for first in range(0, visits[-1].last, 7000):  # the numbers of pictures have 14 bits
        part = [one for one in visits if first <= one.first < first + 7000]
        shift = part[0].first - 20
        moved = [type(one)(one.first - shift, one.last - shift) for one in part]
        clip = folder / f"garden{first}.mp4"
        write_garden(clip, moved, moved[-1].last + 30, key_every=RATE)
        events = folder / f"events{first}"
        run = livecam(
            "watch", clip, *FLAGS, "--looks", "1/1", "--look-every", "0", "--after", "0.5",
            "--events", events, cwd=folder, timeout_s=3000,
        )  # fmt: skip
        found = list(read_events(events).values())
        seen = [(round(e.start_s * RATE), round(e.end_s * RATE)) for e in found]
        wanted = [(one.first, one.last) for one in moved]
        off = []
        for event, one in zip(found, moved, strict=False):
            numbers = numbers_in(events / event.files["clean"])
            off.append((numbers[0] - one.first + RATE, numbers[-1] - one.last - RATE // 2 + 1))
            if numbers != list(range(numbers[0], numbers[-1] + 1)):
                tell(f"{event.event}: a picture is missing or there twice: {numbers}")
        tell(
            f"{len(moved)} visits, {len(found)} events, exit code {run.returncode}; "
            f"missing {len(set(wanted) - set(seen))}, wrong {len(set(seen) - set(wanted))}; "
            f"first picture off by {min(a for a, _ in off)} to {max(a for a, _ in off)}, "
            f"last one by {min(b for _, b in off)} to {max(b for _, b in off)}"
        )


def random_kills(folder: Path, count: int) -> None:
    """kill -9 at random moments of a stream, and what the events of then have lost."""
    seeded, events, port = random.Random(count), folder / "events", free_port()
    visits = visits_of([(25, 60), (25, 90), (25, 20)])
    clip = write_garden(folder / "garden.mp4", visits, visits[-1].last + 15, key_every=RATE)
    packets = write_packets(clip, folder / "garden.packets")
    address = f"rtsp://127.0.0.1:{port}/camera"
    command = [sys.executable, "-c", MAIN, "watch", address, *FLAGS, "--look-every", "0.2"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    lost = []
    with started(
        [SYSTEM_PYTHON, CAMERA, str(port), str(packets)], stdout=subprocess.PIPE
    ) as camera:
        camera.stdout.readline()
        for _ in range(count):
            before = len(read_events(events))
            with started(command, cwd=folder, env=program_env(), **quiet) as program:
                eventually(lambda before=before: len(read_events(events)) > before, 120)
                time.sleep(seeded.uniform(0.0, 6.0))
                killed_at = datetime.now().astimezone()
                program.kill()
            open_ones = [e for e in read_events(events).values() if e.state == "open"]
            lost += [(event.event, killed_at) for event in open_ones]
        with started(command, cwd=folder, env=program_env(), **quiet) as program:
            eventually(lambda: not still_open(events, lost), 120)
            program.send_signal(signal.SIGTERM)
            program.wait(120)
    every = read_events(events)
    tell(f"{count} kills, {len(lost)} in an event, {len(every)} events; still open: "
         f"{sum(e.state == 'open' for e in every.values())}")  # fmt: skip
    seconds = [lost_seconds(events, every[name], killed_at) for name, killed_at in lost]
    tell(f"lost at the end: {min(seconds):.2f} to {max(seconds):.2f} s, in order: "
         f"{[round(one, 2) for one in sorted(seconds)]}")  # fmt: skip


def still_open(events: Path, lost: list[tuple[str, datetime]]) -> bool:
    found = read_events(events)
    return any(found[name].state == "open" for name, _ in lost)


def lost_seconds(events: Path, event: WatchEvent, killed_at: datetime) -> float:
    """From the last picture of the clip to the kill, or to the end that the clip had to have."""
    shown = len(numbers_in(events / event.files["clean"]))
    has_s = shown / RATE - 1.0  # after the event's start, a second before which it begins
    wanted_s = (killed_at - event.start).total_seconds()
    if event.end_s is not None and event.end_s - event.start_s + 5.0 < wanted_s:
        wanted_s = event.end_s - event.start_s + 5.0
    return wanted_s - has_s


if __name__ == "__main__":
    what, number = [*sys.argv[1:], "events", "200"][:2] if len(sys.argv) > 2 else ("events", "200")
    with tempfile.TemporaryDirectory() as scratch:
        (many_events if what == "events" else random_kills)(Path(scratch), int(number))
