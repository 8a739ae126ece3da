"""How fast the scene of `livecam daisy` is rendered."""

from benchmarks.harness.subprocesses import json_of
from benchmarks.inputs.scratch_folder import ScratchFolder
from benchmarks.report.tables import Row

MOST_MS = 1000.0 / 60.0


def rows(scratch: ScratchFolder) -> list[Row]:
    """One picture of 640 x 480 on one core, near and far."""
    worker = ["-m", "benchmarks.sources.synthetic_scene_worker"]
    found: dict[str, float] = json_of(worker, scratch)
    measured = ", ".join(f"{what} {ms:.1f} ms" for what, ms in found.items())
    passed = max(found.values()) <= MOST_MS
    return [Row("a picture of the daisy scene, 640 x 480, one core", "at least 60 a second",
                measured, passed)]  # fmt: skip
