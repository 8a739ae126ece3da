"""`livecam batch`: looks a second against the bound of decoding and network alone; Ray; memory."""

import os
import shutil
from pathlib import Path
from typing import Any

from benchmarks.harness.subprocesses import json_of, run_python
from benchmarks.inputs.scratch_folder import ScratchFolder
from benchmarks.report.tables import Row

CLIPS, CLIPS_OF_ALL = 10, 2
LEAST_OVER_ALL = {"float32": 6.0, "int8": 9.0}

_SECONDS = 60
_ENCODE = """
import itertools, sys, cv2, av
from fractions import Fraction
source, target, frames = sys.argv[1:]
def pictures():
    while True:
        with av.open(source) as clip:
            for frame in clip.decode(video=0):
                yield frame.reformat(width=1280, height=720, format="yuv420p")
with av.open(target, "w") as made:
    stream = made.add_stream("libx264", rate=30)
    stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
    stream.options = {"g": "30", "keyint_min": "30", "sc_threshold": "0", "preset": "veryfast"}
    for number, picture in enumerate(itertools.islice(pictures(), int(frames))):
        picture.pts, picture.time_base, picture.pict_type = number, Fraction(1, 30), 0
        made.mux(stream.encode(picture))
    made.mux(stream.encode(None))
"""
"""Repeats a clip up to so many frames, with a key frame a second, as cameras record."""


def rows(scratch: ScratchFolder) -> list[Row]:
    """All targets of `livecam batch`; every ratio within one run."""
    clip = _clip(scratch, _SECONDS)
    few, many = (_copies(scratch, count) for count in (CLIPS_OF_ALL, CLIPS))
    cores = os.cpu_count() or 1
    found: list[Row] = []
    for precision, least in LEAST_OVER_ALL.items():
        alone = _worker(scratch, "bound", clip, scratch.weights, precision)
        sparing = _rates(scratch, many, precision, "1", f"{cores}")
        every = _rates(scratch, few, precision, "all", f"{cores}")
        for what, frames, ran in (
            ("one look a second", "key", sparing[f"{cores}"]),
            ("every frame", "frame", every[f"{cores}"]),
        ):
            least_ms = alone[f"{frames}_ms"] + alone["invoke_ms"]
            found.append(_bound_row(what, precision, cores, least_ms, ran))
            found.append(_plain_row(what, precision, alone[f"plain_{frames}_ms"], least_ms, ran))
        found.append(_over_all_row(precision, least, sparing[f"{cores}"], every[f"{cores}"]))
    found += _ways(scratch, many)
    return found


def _bound_row(what: str, precision: str, cores: int, least_ms: float, ran: Any) -> Row:
    bound = 1000.0 * cores / least_ms
    share, processor = ran["rate"] / bound, least_ms / ran["processor_ms"]
    measured = (
        f"{share:.2f} ({ran['rate']:.0f} of {bound:.0f} looks/s; of the processor time of a look "
        f"{processor:.2f} are decoding and network)"
    )
    return Row(f"{what}, 720p, {precision}, over its bound", "at least 0.9", measured, share >= 0.9)


def _plain_row(what: str, precision: str, plain_ms: float, least_ms: float, ran: Any) -> Row:
    """What is livecam's own; and what of the bound the libraries leave to be reached."""
    own, reached = plain_ms / ran["processor_ms"], least_ms / plain_ms
    measured = f"{own:.2f} (such a loop reaches {reached:.2f} of the bound)"
    return Row(f"{what}, {precision}: processor time of a plain loop over ours", "", measured)


def _over_all_row(precision: str, least: float, sparing: Any, every: Any) -> Row:
    """Seconds of clip measured in a second, with one look in each against every frame."""
    times = sparing["rate"] / (every["rate"] / 30.0)
    what = f"one look a second over every frame, {precision}, in seconds of clip"
    return Row(what, f"at least {least:g} x", f"{times:.1f} x", times >= least)


def _ways(scratch: ScratchFolder, clips: Path) -> list[Row]:
    rates = _rates(scratch, clips, "float32", "1", "1,2")
    times = rates["2"]["rate"] / rates["1"]["rate"]
    memory = max(of["worker_mb"] for of in rates.values())
    found = [
        Row("2 processes over 1", "at least 1.8 x", f"{times:.2f} x", times >= 1.8),
        Row("memory of a worker", "at most 400 MB", f"{memory:.0f} MB", memory <= 400),
    ]
    what = "Ray over the process pool, 2 workers, start left out"
    try:
        ray = _rates(scratch, clips, "float32", "1", "2,ray")
    except RuntimeError as error:
        return [*found, Row(what, "at least 0.9 x", f"not measured: {error}")]
    share = ray["ray"]["rate"] / ray["2"]["rate"]
    return [*found, Row(what, "at least 0.9 x", f"{share:.2f} x", share >= 0.9)]


def _rates(scratch: ScratchFolder, clips: Path, precision: str, looks: str, ways: str) -> Any:
    return _worker(scratch, "rate", clips, scratch.weights, precision, looks, ways)


def _worker(scratch: ScratchFolder, *arguments: object) -> Any:
    return json_of(["-m", "benchmarks.archive.batch_worker", *arguments], scratch)


def _clip(scratch: ScratchFolder, seconds: int) -> Path:
    """So many seconds of 720p with a key frame a second."""
    path = scratch.folder / f"key_frame_a_second_{seconds}.mp4"
    if not path.exists():
        half = path.with_suffix(".half.mp4")
        run_python(["-c", _ENCODE, scratch.clip, half, 30 * seconds], scratch)
        half.replace(path)
    return path


def _copies(scratch: ScratchFolder, count: int) -> Path:
    """A folder of so many clips of a minute, and of short ones to begin with."""
    folder = scratch.folder / f"batch_of_{count}"
    folder.mkdir(exist_ok=True)
    for name, seconds in [(f"{number:04d}", _SECONDS) for number in range(count)] + [
        (f"first_{number}", 1) for number in range(8)
    ]:
        copy = folder / f"{name}.mp4"
        if not copy.exists():
            shutil.copyfile(_clip(scratch, seconds), copy)
    return folder
