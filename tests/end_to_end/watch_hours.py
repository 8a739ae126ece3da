"""Hours in front of two cameras that are lost at times, ended and killed at times: by hand.

PYTHONPATH=.:tests python tests/end_to_end/watch_hours.py [SECONDS] [FOLDER]

Daisies come and go at known pictures, single ones and flicker among them. Every event is compared
with the pictures of its clip; memory, threads, open files and the size of the folder are told.
"""

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2  # noqa: F401  (before av)
import psutil
from sources.live.senders import SYSTEM_PYTHON, free_port
from support import MAIN, ROOT, program_env
from watched_garden import RATE, Visit, numbers_in, visits_of, write_garden

from benchmarks.watching.packets_file import write_packets
from livecam.core.watching.watch_event import WatchEvent
from livecam.sinks.events.event_log import read_events

CAMERA = ROOT / "benchmarks" / "watching" / "rtsp_camera.py"
LENGTHS = [1, 1, 2, 3, 5, 13, 30, 100, 300]
BEFORE_S, AFTER_S, RELEASE_S = 2, 1, 0.5
FAULT_EVERY_S, LOOK_EVERY_S = 600, 20
BOUND_MB = 60
SETTINGS = f"""
model = "flowers"
when = "daisy > 0.5"
looks = "1/1"
look-every = 0
release = {RELEASE_S}
before = {BEFORE_S}
after = {AFTER_S}
keep = "both"
timelapse = 60
keep-gb = {BOUND_MB / 1000}
"""


def tell(text: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()


@dataclass
class Counted:
    """What was seen of the events of one camera.

    Attributes:
        visits: of the clip that the camera sends again and again.
        known: the events that were looked at.
        last: which visit the last one was; None after a fault, when any may come.
    """

    visits: Sequence[Visit]
    known: set[str] = field(default_factory=set)
    last: int | None = None
    right: int = 0
    cut: int = 0
    wrong: list[str] = field(default_factory=list)

    def look_at(self, event: WatchEvent, folder: Path) -> None:
        self.known.add(event.event)
        numbers = numbers_in(folder / event.files["clean"])
        if event.state == "cut":
            self.cut, self.last = self.cut + 1, None
            return
        first = numbers[0] + BEFORE_S * RATE
        found = [n for n, one in enumerate(self.visits) if abs(one.first - first) <= 1]
        whole = numbers == list(range(numbers[0], numbers[-1] + 1))
        begun_late = self.last is None and not found  # the stream began in a visit or before it
        if begun_late:
            return
        visit = self.visits[found[0]] if found else None
        lasts = round(((event.end_s or 0) - event.start_s) * RATE) + 1
        follows = self.last is None or found == [(self.last + 1) % len(self.visits)]
        if visit and whole and follows and abs(lasts - (visit.last - visit.first + 1)) <= 1:
            self.right += 1
        else:
            self.wrong.append(f"{event.event}: {found} after {self.last}, {lasts}, {whole}")
            tell(f"WRONG {self.wrong[-1]}")
        self.last = found[0] if found else None


def garden(folder: Path) -> tuple[Path, list[Visit]]:
    """Packets of nine minutes, and the visits in them."""
    seeded = random.Random(1)
    visits = visits_of([(seeded.randint(50, 180), seeded.choice(LENGTHS)) for _ in range(34)])
    clip = write_garden(folder / "garden.mp4", visits, visits[-1].last + 60, key_every=RATE)
    return write_packets(clip, folder / "garden.packets"), visits


def state_of(program: psutil.Process, events: Path) -> str:
    size = sum(p.stat().st_size for p in events.rglob("*") if p.is_file())
    files = sum(1 for p in events.rglob("*") if p.is_file())
    return (
        f"{program.memory_info().rss / 1e6:.0f} MB, {program.num_threads()} threads, "
        f"{program.num_fds()} open files; folder {size / 1e6:.1f} MB, {files} files"
    )


class Hours:
    """Two cameras, the program that watches them, and what was found of its events."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.events = folder, folder / "events"
        self.packets, visits = garden(folder)
        self.cameras = {name: Counted(visits) for name in ("bed", "pot")}
        self.ports = {name: free_port() for name in self.cameras}
        tables = [
            f'[camera.{name}]\nsource = "rtsp://127.0.0.1:{port}/camera"'
            for name, port in self.ports.items()
        ]
        (folder / "garden.toml").write_text(SETTINGS + "\n".join(tables))
        self.senders = {name: self.send(name) for name in self.cameras}
        time.sleep(1)  # until they listen
        self.program = self.watch()

    def send(self, name: str) -> "subprocess.Popen[bytes]":
        sender = [SYSTEM_PYTHON, CAMERA, str(self.ports[name]), str(self.packets)]
        return subprocess.Popen(sender, stdout=subprocess.DEVNULL)

    def watch(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-c", MAIN, "watch", "garden.toml", "--no-window"]
        with (self.folder / "watch.log").open("a") as log:
            return subprocess.Popen(
                command, cwd=self.folder, env=program_env(), stdout=log, stderr=log
            )

    def look_at_new(self) -> None:
        for event in read_events(self.events).values():
            is_new = event.event not in self.cameras[event.camera].known
            is_drawn = event.state == "ended" and "annotated" in event.files  # some time later
            if is_new and (is_drawn or event.state == "cut"):
                self.cameras[event.camera].look_at(event, self.events)

    def lose_the_camera(self) -> None:
        self.senders["bed"].kill()
        self.senders["bed"].wait()
        time.sleep(5)
        self.senders["bed"] = self.send("bed")

    def end(self, *, kill: bool) -> None:
        self.program.kill() if kill else self.program.terminate()
        self.program.wait(60)
        self.look_at_new()

    def fault(self, number: int) -> None:
        """The camera lost, the program ended, the program killed, in turn."""
        tell(("killed", "a camera is lost for 5 s", "ended in order")[number % 3])
        if number % 3 == 1:
            self.lose_the_camera()
        else:
            self.end(kill=number % 3 == 0)
            self.program = self.watch()
        for one in self.cameras.values():
            one.last = None

    def close(self) -> None:
        for each in (self.program, *self.senders.values()):
            each.kill()
            each.wait()


def watch_for(seconds: float, folder: Path) -> None:
    """Watch, with a fault every ten minutes."""
    hours = Hours(folder)
    try:
        faults, began_s = 0, time.monotonic()
        while (gone_s := time.monotonic() - began_s) < seconds:
            time.sleep(LOOK_EVERY_S)
            hours.look_at_new()
            right = {name: (one.right, one.cut) for name, one in hours.cameras.items()}
            state = state_of(psutil.Process(hours.program.pid), hours.events)
            tell(f"{state}; right and cut {right}")
            if gone_s > (faults + 1) * FAULT_EVERY_S and seconds - gone_s > FAULT_EVERY_S / 2:
                faults += 1
                hours.fault(faults)
        hours.end(kill=False)
    finally:
        hours.close()
    for name, one in hours.cameras.items():
        tell(f"{name}: {one.right} right, {one.cut} cut, wrong: {one.wrong}")
    still_open = sum(event.state == "open" for event in read_events(hours.events).values())
    tell(f"{faults} faults; {still_open} events still open")


if __name__ == "__main__":
    given = [*sys.argv[1:], "7200", "watched_hours"][:2] if len(sys.argv) > 2 else ["7200", "."]
    target = Path(given[1])
    target.mkdir(parents=True, exist_ok=True)
    watch_for(float(given[0]), target)
