"""A look at the whole frame and at a finer map, over LiteRT's bare `invoke` of the same graph."""

from typing import Any

from benchmarks.harness.subprocesses import json_of
from benchmarks.inputs.scratch_folder import ScratchFolder
from benchmarks.report.tables import Row


def rows(scratch: ScratchFolder) -> list[Row]:
    """Each size over `invoke`, and per pixel over detail 1."""
    worker = ["-m", "benchmarks.engines.area_and_detail_worker", scratch.folder]
    found: dict[str, Any] = json_of(worker, scratch)
    judged = []
    for model, sizes in found.items():
        for name, size in sizes.items():
            over, each = size["over_invoke"], size["over_detail_1"]
            judged.append(
                Row(f"a look over bare `invoke`, {model}, {name}", "at most 1.10 x",
                    f"{over:.3f} x ({size['look_ms']:.1f} ms)", over <= 1.10)
            )  # fmt: skip
            if each is not None:
                judged.append(
                    Row(f"a look per pixel over detail 1, {model}, {name}", "at most 1.05 x",
                        f"{each:.3f} x", each <= 1.05)
                )  # fmt: skip
    return judged
