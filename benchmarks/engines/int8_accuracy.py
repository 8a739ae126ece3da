"""How near int8 comes to float32, for each model with real weights."""

from typing import Any

from benchmarks.harness.subprocesses import json_of
from benchmarks.inputs.scratch_folder import ScratchFolder
from benchmarks.report.tables import Row


def rows(scratch: ScratchFolder) -> list[Row]:
    """Correlation of the maps, and the pointing game."""
    found = json_of(["-m", "benchmarks.engines.int8_accuracy_worker", scratch.folder], scratch)
    judged = []
    for name, q in found.items():
        worse = q["points_float32"] - q["points_int8"]
        judged += [
            Row(f"int8 maps against float32, {name}, {q['on']}", "median at least 0.98",
                f"{q['median']:.4f}, worst twentieth {q['p5']:.3f}", q["median"] >= 0.98),
            *detail_2_rows(name, q["detail_2"]),
            Row(f"pointing game on rendered daisies, {name}", "at most 1 point worse",
                f"{q['points_int8']:.1f} % (float32 {q['points_float32']:.1f} %)", worse <= 1.0),
        ]  # fmt: skip
    return judged


def detail_2_rows(name: str, finer: dict[str, Any] | None) -> list[Row]:
    """The same at detail 2; none where there are no photographs."""
    if finer is None:
        return []
    what = f"int8 maps against float32 at detail 2, {name}, {finer['photographs']} photographs"
    measured = f"{finer['median']:.4f}, worst twentieth {finer['p5']:.3f}"
    return [Row(what, "median at least 0.98", measured, finer["median"] >= 0.98)]
