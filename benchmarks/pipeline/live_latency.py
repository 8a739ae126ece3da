"""The rows of the live run: age of what is shown, and the processor time of a frame."""

import json
import os
import subprocess
import sys
from typing import Any

from benchmarks.child import environment, python
from benchmarks.live import on_a_screen
from benchmarks.make import Scratch
from benchmarks.pipeline import make_annotated
from benchmarks.table import Row

SECONDS = 15
ONE_THREAD = 1  # of OpenCV, as in the program itself


def live_rows(place: Scratch) -> list[Row]:
    """Live runs, and the processor time of network and encoder alone for comparison."""
    if not place.annotated.exists():
        make_annotated(place)
    many = live(place, os.cpu_count() or 1)
    found = live(place, ONE_THREAD)
    alone = json.loads(python(["-m", "benchmarks.alone", place.folder], place).stdout)
    least = alone["network_ms"] + alone["encoder_ms"]
    times = found["processor_ms"] / least
    where = "window and recording" if found["windowed"] else "recording, no display for a window"
    age = found["age_p95_ms"]
    return [
        Row(f"live at 30 FPS, 1280 x 720, {where}: age when shown", "p95 at most 20 ms",
            f"p95 {age:.1f} ms, median {found['age_p50_ms']:.1f} ms, "
            f"{found['frames']} of {found['beats']} frames", age <= 20.0),
        Row("processor time of such a frame over network + encoder", "at most 1.3 x",
            f"{times:.2f} x ({found['processor_ms']:.1f} ms over {alone['network_ms']:.1f} + "
            f"{alone['encoder_ms']:.1f})", times <= 1.3),
        Row("lever, processor of such a frame: OpenCV on all cores, on one", "",
            f"{many['processor_ms']:.1f} ms, {found['processor_ms']:.1f} ms "
            f"({many['processor_ms'] / found['processor_ms']:.1f} x)"),
    ]  # fmt: skip


def live(place: Scratch, threads: int) -> dict[str, Any]:
    """One live run with so many threads of OpenCV."""
    command = [sys.executable, "-m", "benchmarks.live", place.folder, SECONDS, threads]
    try:
        said = on_a_screen(list(map(str, command)), environment(place))
    except subprocess.CalledProcessError as error:
        raise RuntimeError(" / ".join(error.stderr.strip().splitlines()[-3:])) from error
    return json.loads(said)
