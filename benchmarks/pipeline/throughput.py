"""Clip to annotated clip, against bare transcoding and against the first script one would write."""

import os
from statistics import median
from typing import Any

from benchmarks.harness.subprocesses import json_of
from benchmarks.inputs.clips import CLIP_FRAMES, make_annotated_clip
from benchmarks.inputs.scratch_folder import ScratchFolder
from benchmarks.report.tables import Row

WARM_UP = 30  # as livecam bench leaves out
TURNS = 3
SCRIPT_FRAMES = 65
LEAST_SHARE = {"float32": 0.75, "int8": 0.85}
"""Of the frames per second of bare transcoding."""

Run = dict[str, Any]
"""What `livecam bench --json` prints; bare transcoding prints its `fps` and `processor_ms`."""


def rows(scratch: ScratchFolder) -> list[Row]:
    """Frames per second of each way, their ratios with targets, and the stages of livecam's."""
    make_annotated_clip(scratch)
    runs: dict[str, list[Run]] = {"bare": [], "ffmpeg": [], "float32": [], "int8": []}
    for _ in range(TURNS):
        runs["bare"].append(transcode(scratch))
        runs["ffmpeg"].append(transcode(scratch, "ffmpeg"))
        for precision in LEAST_SHARE:
            runs[precision].append(livecam_bench(scratch, precision))
    script_fps = opencv_keras_script(scratch)["fps"]
    times = median_of(runs["float32"], "fps") / script_fps
    return [
        *(run_row(name, found) for name, found in runs.items()),
        Row("plain OpenCV + Keras `predict` + `VideoWriter` script", "", f"{script_fps:.1f} FPS"),
        *(share_row(name, least, runs) for name, least in LEAST_SHARE.items()),
        Row("float32 over the plain script", "at least 5 x", f"{times:.1f} x", times >= 5),
        stage_row(runs["float32"]),
    ]


def livecam_bench(scratch: ScratchFolder, precision: str) -> Run:
    """livecam's whole pipeline on the clip."""
    arguments = ["-m", "livecam", "bench", scratch.clip, "--json", "--weights", scratch.weights]
    arguments += ["--frames", CLIP_FRAMES, "--precision", precision]
    return json_of(arguments, scratch)


def transcode(scratch: ScratchFolder, *encoder: str) -> Run:
    """Decoding and encoding alone."""
    arguments = ["-m", "benchmarks.pipeline.transcode_worker"]
    arguments += [scratch.annotated_clip, scratch.folder / "bare.mp4", CLIP_FRAMES, WARM_UP]
    return json_of([*arguments, *encoder], scratch)


def opencv_keras_script(scratch: ScratchFolder) -> Run:
    """OpenCV and Keras, as one would write it first."""
    arguments = ["-m", "benchmarks.pipeline.opencv_keras_script_worker"]
    arguments += [scratch.clip, scratch.folder / "plain.mp4", scratch.weights, SCRIPT_FRAMES]
    return json_of(arguments, scratch)


def median_of(runs: list[Run], figure: str) -> float:
    return median(run[figure] for run in runs)


def run_row(name: str, runs: list[Run]) -> Row:
    transcoding = "bare decoding and encoding of the same pictures"
    what = {
        "bare": transcoding,
        "ffmpeg": f"{transcoding}, the encoder as FFmpeg sets it (B-frames)",
    }.get(name, f"clip to annotated clip, {name}")
    limit = f"; the limit is {runs[-1]['limit']}" if runs[-1].get("limit") else ""
    fps, processor_ms = (median_of(runs, figure) for figure in ("fps", "processor_ms"))
    return Row(what, "", f"{fps:.0f} FPS, {processor_ms:.1f} ms of processor a frame{limit}")


def share_row(name: str, least: float, runs: dict[str, list[Run]]) -> Row:
    """How near livecam comes to bare transcoding, and how near it could come at most."""
    fps = {way: median_of(found, "fps") for way, found in runs.items()}
    share = fps[name] / fps["bare"]
    most_fps = 1000 * (os.cpu_count() or 1) / median_of(runs[name], "processor_ms")
    measured = (
        f"{share:.2f}; {most_fps / fps['bare']:.2f} if no core ever waited; "
        f"{fps[name] / fps['ffmpeg']:.2f} of one with B-frames, as FFmpeg sets the encoder"
    )
    return Row(f"{name} over bare transcode", f"at least {least}", measured, share >= least)


def stage_row(runs: list[Run]) -> Row:
    """How long each stage of the pipeline takes while the others run beside it."""
    medians_ms: dict[str, float] = {}
    for stage in (s["stage"] for s in runs[0]["stages"]):
        laps_ms = [s["median_ms"] for run in runs for s in run["stages"] if s["stage"] == stage]
        medians_ms[stage] = median(laps_ms)
    measured = ", ".join(f"{stage} {ms:.2f}" for stage, ms in medians_ms.items())
    return Row("stages of that run, in parallel, median ms", "", measured)
