"""A look with exports of Teachable Machine, over LiteRT's bare `invoke` of the same file."""

from typing import Any

from benchmarks.harness.subprocesses import json_of
from benchmarks.inputs.scratch_folder import SHARED, ScratchFolder
from benchmarks.report.tables import Row

MOST = 1.10
WHAT = "a look with a foreign network over bare `invoke`"


def rows(scratch: ScratchFolder) -> list[Row]:
    """Each export over `invoke`, and where the time between them goes."""
    if not (SHARED / "models").is_dir():
        return [Row(WHAT, f"at most {MOST:.2f} x", "needs the networks of ../shared")]
    worker = ["-m", "benchmarks.engines.foreign_networks_worker", SHARED]
    found: dict[str, dict[str, Any]] = json_of(worker, scratch)
    return [row for name, one in found.items() for row in _rows_of(name, one)]


def _rows_of(name: str, one: dict[str, Any]) -> list[Row]:
    over = one["look_us"] / one["invoke_us"]
    measured = (
        f"{over:.3f} x ({one['look_us']:.0f} over {one['invoke_us']:.0f} us; the fastest of each "
        f"{one['fastest']:.3f} x)"
    )
    stages = ", ".join(f"{stage} {us:.0f}" for stage, us in one["stages_us"].items())
    return [
        Row(f"{WHAT}, {name}", f"at most {MOST:.2f} x", measured, over <= MOST),
        Row(f"stages of that look, {name}, processor time in us", "", stages),
    ]
