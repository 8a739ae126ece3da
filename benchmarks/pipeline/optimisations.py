"""What each optimisation is worth: the time of a step without it and with it."""

from benchmarks.harness.subprocesses import json_of
from benchmarks.harness.virtual_display import display_environment
from benchmarks.inputs.scratch_folder import ScratchFolder
from benchmarks.report.tables import Row


def rows(scratch: ScratchFolder) -> list[Row]:
    """One row for each optimisation."""
    worker = ["-m", "benchmarks.pipeline.optimisations_worker", scratch.folder]
    with display_environment() as display:
        found: dict[str, list[float]] = json_of(worker, scratch, display)
    return [
        Row(
            f"optimisation, {what}", "", f"{before:.2f} ms, {after:.2f} ms ({before / after:.1f} x)"
        )
        for what, (before, after) in found.items()
    ]
