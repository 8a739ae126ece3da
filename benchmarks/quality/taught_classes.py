"""Flowers taught with few photographs: how many others are recognised, and how soon."""

from benchmarks.harness.subprocesses import json_of
from benchmarks.inputs.scratch_folder import SHARED, ScratchFolder
from benchmarks.report.tables import Row

MOST_NAMED = 0.10
MOST_FIT_S = 0.5


def rows(scratch: ScratchFolder) -> list[Row]:
    """Shares over all draws, beside a plain linear head on the same photographs."""
    if not (SHARED / "photos").is_dir():
        return [Row("flowers taught", "", "needs the photographs of ../shared")]
    found = json_of(["-m", "benchmarks.quality.taught_classes_worker", SHARED], scratch)
    shown = []
    for draw in found["draws"]:
        count = draw["pictures"]
        words = f"{draw['teach']:.3f}, plain head {draw['plain']:.3f}"
        is_better = draw["teach"] >= draw["plain"]
        shown.append(
            Row(f"kinds told apart, {count} taught a class", ">= plain head", words, is_better)
        )
        shown.append(
            Row(f"recognised beside other, {count} taught a class", "", f"{draw['named']:.3f}")
        )
        for name, share in draw["things_named"].items():
            target = f"<= {MOST_NAMED:.2f}"
            what = f"{name} named as a flower, {count} taught a class"
            shown.append(Row(what, target, f"{share:.3f}", share <= MOST_NAMED))
    fit_s = found["fit_s"]
    shown.append(
        Row("a fit of 300 samples", f"<= {MOST_FIT_S} s", f"{fit_s:.2f} s", fit_s <= MOST_FIT_S)
    )
    return shown
