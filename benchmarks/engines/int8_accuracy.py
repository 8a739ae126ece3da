"""How near int8 comes to float32, for each model with real weights."""

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
            Row(f"pointing game on rendered daisies, {name}", "at most 1 point worse",
                f"{q['points_int8']:.1f} % (float32 {q['points_float32']:.1f} %)", worse <= 1.0),
        ]  # fmt: skip
    return judged
