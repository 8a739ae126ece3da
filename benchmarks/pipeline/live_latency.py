"""A live camera, window and recording on: latency until a frame is shown, and processor time."""

import os
from typing import Any

from benchmarks.harness.subprocesses import json_of
from benchmarks.harness.virtual_display import display_environment
from benchmarks.inputs.clips import make_annotated_clip
from benchmarks.inputs.scratch_folder import ScratchFolder
from benchmarks.report.tables import Row

SECONDS = 15
ONE_THREAD = 1  # of OpenCV, as in the program itself


def rows(scratch: ScratchFolder) -> list[Row]:
    """Live runs, and the processor time of network and encoder alone for comparison."""
    if not scratch.annotated_clip.exists():
        make_annotated_clip(scratch)
    many_threads = live_run(scratch, os.cpu_count() or 1)
    live = live_run(scratch, ONE_THREAD)
    whole = live_run(scratch, ONE_THREAD, "frame")
    worker = ["-m", "benchmarks.pipeline.network_and_encoder_worker", scratch.folder]
    alone = json_of(worker, scratch)
    times = live["processor_ms"] / (alone["network_ms"] + alone["encoder_ms"])
    where = "window and recording" if live["windowed"] else "recording, no display for a window"
    age_ms = live["age_p95_ms"]
    return [
        Row(f"live at 30 FPS, 1280 x 720, {where}: age when shown", "p95 at most 20 ms",
            f"p95 {age_ms:.1f} ms, median {live['age_p50_ms']:.1f} ms, "
            f"{live['frames']} of {live['ticks']} frames", age_ms <= 20.0),
        Row(f"live at 30 FPS, 1280 x 720, whole frame, flowers, {where}: age when shown",
            "p95 at most 40 ms, 98 % of the frames",
            f"p95 {whole['age_p95_ms']:.1f} ms, median {whole['age_p50_ms']:.1f} ms, "
            f"{whole['frames']} of {whole['ticks']} frames",
            whole["age_p95_ms"] <= 40.0 and whole["frames"] >= 0.98 * whole["ticks"]),
        Row("processor time of such a frame over network + encoder", "at most 1.3 x",
            f"{times:.2f} x ({live['processor_ms']:.1f} ms over {alone['network_ms']:.1f} + "
            f"{alone['encoder_ms']:.1f})", times <= 1.3),
        Row("optimisation, processor of such a frame: OpenCV on all cores, on one", "",
            f"{many_threads['processor_ms']:.1f} ms, {live['processor_ms']:.1f} ms "
            f"({many_threads['processor_ms'] / live['processor_ms']:.1f} x)"),
    ]  # fmt: skip


def live_run(scratch: ScratchFolder, threads: int, area: str = "square") -> dict[str, Any]:
    """One live run with so many threads of OpenCV."""
    worker = ["-m", "benchmarks.pipeline.live_latency_worker", scratch.folder, SECONDS]
    worker += [threads, area]
    with display_environment() as display:
        return json_of(worker, scratch, display)
