"""What the offsets that models carry leave: the mirror test on photographs, class by class."""

from typing import Any

from benchmarks.harness.subprocesses import json_of
from benchmarks.inputs.scratch_folder import SHARED, ScratchFolder
from benchmarks.report.tables import Row

WHAT = "place of the map after correction"
LEAST_PICTURES = 30
"""A class is judged from so many photographs on, in y from a third as many laid on their side."""

LIMITS_PX = (1.0, 2.0)


def rows(scratch: ScratchFolder) -> list[Row]:
    """For both models, the classes with enough photographs."""
    if not (SHARED / "photos").is_dir():
        return [Row(WHAT, "within 1 / 2 px", "needs the photographs of ../shared")]
    judged = []
    for name in ("imagenet", "flowers"):
        found = json_of(["-m", "benchmarks.quality.mirror_test_worker", SHARED, name], scratch)
        judged += [
            _row(f"{found['title']}, {of_class['name']}", of_class)
            for of_class in found["classes"]
            if of_class["pictures"] >= LEAST_PICTURES
        ]
    return judged


def _row(what: str, of_class: dict[str, Any]) -> Row:
    """Judged in x by upright photographs, in y by those laid on their side (docs/place.md)."""
    x, y, laid = of_class["x"], of_class["y"], of_class["laid"]
    is_told = laid is not None and laid["pictures"] >= LEAST_PICTURES / 3
    down = _in_words(laid) if is_told else "cannot be told"
    return Row(
        f"{WHAT}, {what} ({of_class['pictures']} photographs)",
        "within 1 px in x, 2 px in y",
        f"x {_in_words(x)}; y {down}; y of upright ones {_in_words(y)}",
        abs(x["left"]) <= LIMITS_PX[0] and (not is_told or abs(laid["left"]) <= LIMITS_PX[1]),
    )


def _in_words(figures: dict[str, float]) -> str:
    return f"{figures['left']:+.1f} [{figures['low']:+.1f}, {figures['high']:+.1f}]"
