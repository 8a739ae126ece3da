"""The whole way: clip to annotated clip, against a bare transcode and against a plain script."""

import json
import os
from dataclasses import replace
from statistics import median
from typing import Any

from benchmarks.child import python
from benchmarks.make import Scratch
from benchmarks.table import Row

FRAMES, WARM_UP = 330, 30  # as livecam bench leaves out
TURNS = 3
PLAIN_FRAMES = 65


def livecam(place: Scratch, precision: str, *more: object) -> dict[str, Any]:
    """What `livecam bench` says of the clip."""
    arguments = ["-m", "livecam", "bench", place.clip, "--json", "--weights", place.weights]
    arguments += ["--frames", FRAMES, "--precision", precision, *more]
    return json.loads(python(arguments, place).stdout)


def transcode(place: Scratch, *more: object) -> dict[str, Any]:
    """What decoding and encoding alone take."""
    arguments = ["-m", "benchmarks.transcode", place.annotated, place.folder / "bare.mp4"]
    return json.loads(python([*arguments, FRAMES, WARM_UP, *more], place).stdout)


def make_annotated(place: Scratch) -> None:
    """Record what the bare transcode gets: the same pictures that livecam's encoder gets."""
    if not place.clip.exists():
        scene = ["daisy", "--model", "flowers", "--scene-size", "1280x720"]
        python(["-m", "livecam", "run", *scene, "--frames", FRAMES, "--no-window", "--record",
                place.clip], place)  # fmt: skip
    arguments = ["-m", "livecam", "run", place.clip, "--weights", place.weights, "--frames", FRAMES]
    python([*arguments, "--no-window", "--record", place.annotated, "--force"], place)


def pipeline_rows(place: Scratch) -> list[Row]:
    """The rows with their targets."""
    make_annotated(place)
    runs: dict[str, list[dict[str, Any]]] = {"bare": [], "plain": [], "float32": [], "int8": []}
    for _ in range(TURNS):
        runs["bare"].append(transcode(place))
        runs["plain"].append(transcode(place, "plain"))
        for precision in ("float32", "int8"):
            runs[precision].append(livecam(place, precision))
    script = json.loads(
        python(
            ["-m", "benchmarks.plain_script", place.clip, place.folder / "plain.mp4",
             place.weights, PLAIN_FRAMES],
            place,
        ).stdout
    )["fps"]  # fmt: skip
    fps = {name: median(run["fps"] for run in found) for name, found in runs.items()}
    work = {name: median(run["processor_ms"] for run in found) for name, found in runs.items()}
    rows = [
        Row(f"clip to annotated clip, {name}", "", f"{fps[name]:.0f} FPS, {work[name]:.1f} ms of "
            f"processor a frame{limit_of(found)}")
        for name, found in runs.items()
    ]  # fmt: skip
    what = "bare decoding and encoding of the same pictures"
    rows[0] = replace(rows[0], what=what)
    rows[1] = replace(rows[1], what=f"{what}, the encoder as FFmpeg sets it (B-frames)")
    rows.append(
        Row("plain OpenCV + Keras `predict` + `VideoWriter` script", "", f"{script:.1f} FPS")
    )
    for name, least in (("float32", 0.75), ("int8", 0.85)):
        share, cores = fps[name] / fps["bare"], os.cpu_count() or 1
        most = 1000 * cores / work[name] / fps["bare"]  # if no core ever waited
        told = f"{share:.2f}; {most:.2f} if no core ever waited; "
        told += f"{fps[name] / fps['plain']:.2f} of one with B-frames, as FFmpeg sets the encoder"
        rows.append(Row(f"{name} over bare transcode", f"at least {least}", told, share >= least))
    times = fps["float32"] / script
    rows.append(Row("float32 over the plain script", "at least 5 x", f"{times:.1f} x", times >= 5))
    return rows + stage_rows(runs["float32"])


def limit_of(found: list[dict[str, Any]]) -> str:
    return f"; the limit is {found[-1]['limit']}" if found[-1].get("limit") else ""


def stage_rows(found: list[dict[str, Any]]) -> list[Row]:
    """What is neither decoding nor network nor encoding."""
    medians: dict[str, float] = {}
    for stage in (s["stage"] for s in found[0]["stages"]):
        laps = [s["median_ms"] for run in found for s in run["stages"] if s["stage"] == stage]
        medians[stage] = median(laps)
    told = ", ".join(f"{stage} {ms:.2f}" for stage, ms in medians.items())
    return [Row("stages of that run, side by side, median ms", "", told)]


def hot_path_rows(place: Scratch) -> list[Row]:
    """Crop, heat, figures and hand-over, one after the other: the processor time of a frame."""
    done = python(["-m", "benchmarks.hot_path", place.folder], place)
    found: dict[str, float] = json.loads(done.stdout)
    bare_ms = found.pop("bare")
    total = sum(found.values())
    told = " + ".join(f"{stage} {ms:.2f}" for stage, ms in found.items())
    told += f"); OpenCV's upscaling, colouring and blending alone {bare_ms:.2f}"
    return [
        Row("all but decoding, network and encoding, 1280 x 720", "at most 2 ms",
            f"{total:.2f} ms ({told}", total <= 2.0)
    ]  # fmt: skip
