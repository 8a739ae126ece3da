"""Processor time of a frame beside decoding, network and encoding: crop, heat, statistics."""

from benchmarks.harness.subprocesses import json_of
from benchmarks.inputs.scratch_folder import ScratchFolder
from benchmarks.report.tables import Row


def rows(scratch: ScratchFolder) -> list[Row]:
    """The stages one after the other, on one core."""
    worker = ["-m", "benchmarks.pipeline.frame_overhead_worker", scratch.folder]
    stages_ms: dict[str, float] = json_of(worker, scratch)
    colouring_ms = stages_ms.pop("colouring alone")
    total_ms = sum(stages_ms.values())
    stages = " + ".join(f"{stage} {ms:.2f}" for stage, ms in stages_ms.items())
    measured = f"{total_ms:.2f} ms ({stages}); "
    measured += f"OpenCV's upscaling, colouring and blending alone {colouring_ms:.2f}"
    what = "all but decoding, network and encoding, 1280 x 720"
    return [Row(what, "at most 2 ms", measured, total_ms <= 2.0)]
