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
from typing import Any

import cv2  # noqa: F401  (before av)
import psutil
from programs import started
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


def look_at_new(events: Path, cameras: dict[str, Counted]) -> None:
    for event in read_events(events).values():
        if event.state in {"ended", "cut"} and event.event not in cameras[event.camera].known:
            if "annotated" in event.files or event.state == "cut":  # drawn after the event
                cameras[event.camera].look_at(event, events)


def watch_for(seconds: float, folder: Path) -> None:
    """Watch, with a fault every ten minutes: camera lost, program ended, program killed."""
    packets, visits = garden(folder)
    cameras = {name: Counted(visits) for name in ("bed", "pot")}
    ports = {name: free_port() for name in cameras}
    tables = [
        f'[camera.{name}]\nsource = "rtsp://127.0.0.1:{ports[name]}/camera"' for name in cameras
    ]
    (folder / "garden.toml").write_text(SETTINGS + "\n".join(tables))
    command = [sys.executable, "-c", MAIN, "watch", folder / "garden.toml", "--no-window"]
    faults, until = 0, time.monotonic() + seconds
    senders: dict[str, Any] = {}
    log = (folder / "watch.log").open("w")

    def send(name: str) -> None:
        sender = [SYSTEM_PYTHON, CAMERA, str(ports[name]), str(packets)]
        senders[name] = subprocess.Popen(sender, stdout=subprocess.DEVNULL)

    def watch() -> Any:
        return subprocess.Popen(
            [*map(str, command)], cwd=folder, env=program_env(), stdout=log, stderr=log
        )

    for name in cameras:
        send(name)
    time.sleep(1)
    program = watch()
    events = folder / "events"
    try:
        next_fault = time.monotonic() + FAULT_EVERY_S
        while time.monotonic() < until:
            time.sleep(LOOK_EVERY_S)
            look_at_new(events, cameras)
            right = {name: (one.right, one.cut) for name, one in cameras.items()}
            tell(f"{state_of(psutil.Process(program.pid), events)}; right and cut {right}")
            if time.monotonic() < next_fault or until - time.monotonic() < FAULT_EVERY_S / 2:
                continue
            next_fault, faults = next_fault + FAULT_EVERY_S, faults + 1
            if faults % 3 == 1:
                tell("the camera bed is lost for 5 s")
                senders["bed"].kill()
                senders["bed"].wait()
                time.sleep(5)
                send("bed")
            else:
                tell("ended in order" if faults % 3 == 2 else "killed")
                program.terminate() if faults % 3 == 2 else program.kill()
                program.wait(60)
                look_at_new(events, cameras)
                program = watch()
            for one in cameras.values():
                one.last = None
        program.terminate()
        program.wait(60)
        look_at_new(events, cameras)
    finally:
        for each in (program, *senders.values()):
            each.kill()
            each.wait()
    every = read_events(events).values()
    for name, one in cameras.items():
        tell(f"{name}: {one.right} right, {one.cut} cut, wrong: {one.wrong}")
    tell(f"{faults} faults; {sum(e.state == 'open' for e in every)} events still open")


if __name__ == "__main__":
    given = [*sys.argv[1:], "7200", "watched_hours"][:2] if len(sys.argv) > 2 else ["7200", "."]
    target = Path(given[1])
    target.mkdir(parents=True, exist_ok=True)
    watch_for(float(given[0]), target)
