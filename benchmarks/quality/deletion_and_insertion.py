"""Deletion and insertion of maps at their measured place against those of the original page."""

from typing import Any

from benchmarks.harness.subprocesses import json_of
from benchmarks.inputs.scratch_folder import SHARED, ScratchFolder
from benchmarks.report.tables import Row

WHAT = "place of the map, measured less page"
NEEDED = {"small pasted daisies": {"insertion": "better"}}
"""Where a figure is to be better. Elsewhere it is only not to be much worse: things that fill much
of the picture are hit by either map (docs/judging.md)."""

MOST_WORSE = 0.01


def rows(scratch: ScratchFolder) -> list[Row]:
    """Differences in pictures with their 95 % intervals, and what a picture takes."""
    if not (SHARED / "photos").is_dir():
        return [Row(WHAT, "better", "needs the photographs of ../shared")]
    found = {
        name: json_of(
            ["-m", "benchmarks.quality.deletion_and_insertion_worker", SHARED, name], scratch
        )
        for name in ("imagenet", "flowers", "pasted")
    }
    return [row for of_set in found.values() for row in _rows_of(of_set)]


def _rows_of(of_set: dict[str, Any]) -> list[Row]:
    """One row for each figure, all pictures and thirds of them by the size of what is shown."""
    name, judged = of_set["title"], []
    for figure, groups in of_set["differences"].items():
        needed = NEEDED.get(name, {}).get(figure, f"worse by at most {MOST_WORSE}")
        for group, q in groups.items():
            is_all = group == "all"
            shown = (
                f"{q['mean']:+.4f} [{q['low']:+.4f}, {q['high']:+.4f}], {q['pictures']} pictures"
            )
            worst = q["high"] if figure == "deletion" else -q["low"]
            passed = q["verdict"] == "better" if needed == "better" else worst <= MOST_WORSE
            what = f"{figure}, {WHAT}, {name}" + ("" if is_all else f": {group}")
            judged.append(Row(what, needed if is_all else "", shown, passed if is_all else None))
    judged.append(Row(f"judging a picture, {name}", "", f"{of_set['each_s']:.2f} s"))
    return judged
