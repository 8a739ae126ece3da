"""Flowers taught with few photographs: how many others are recognised, and how soon."""

from typing import Any

from benchmarks.harness.subprocesses import json_of
from benchmarks.inputs.scratch_folder import SHARED, ScratchFolder
from benchmarks.report.tables import Row

MOST_NAMED = 0.10
MOST_FIT_S = 0.5


def rows(scratch: ScratchFolder) -> list[Row]:
    """Shares over all draws on each network, beside a plain linear head on the same photographs."""
    if not (SHARED / "photos").is_dir():
        return [Row("flowers taught", "", "needs the photographs of ../shared")]
    shown = []
    for model in ("imagenet", "flowers"):
        found = json_of(["-m", "benchmarks.quality.taught_classes_worker", SHARED, model], scratch)
        shown += [row for draw in found["draws"] for row in _rows_of(model, draw)]
        fit_s = found["fit_s"]
        what, target = f"a fit of 300 samples on {model}", f"<= {MOST_FIT_S} s"
        shown.append(Row(what, target, f"{fit_s:.2f} s", fit_s <= MOST_FIT_S))
    return shown


def _rows_of(model: str, draw: dict[str, Any]) -> list[Row]:
    """Those of so many pictures of each class."""
    taught = f"{draw['pictures']} taught a class on {model}"
    gain = draw["teach"] - draw["plain"]
    words = (
        f"{draw['teach']:.3f}, plain head {draw['plain']:.3f} "
        f"({gain:+.3f} +- {draw['interval']:.3f} over the draws)"
    )
    shown = [
        Row(f"kinds told apart, {taught}", ">= plain head", words, gain >= 0),
        Row(f"recognised beside other, {taught}", "", f"{draw['named']:.3f}"),
    ]
    for name, share in draw["things_named"].items():
        what, target = f"{name} named as a flower, {taught}", f"<= {MOST_NAMED:.2f}"
        shown.append(Row(what, target, f"{share:.3f}", share <= MOST_NAMED))
    return shown
