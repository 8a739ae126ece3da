"""Where the map says that small flowers are, and what each way to look costs."""

from typing import Any

from benchmarks.harness.subprocesses import json_of
from benchmarks.inputs.scratch_folder import ScratchFolder
from benchmarks.report.tables import Row

TARGETS = {
    ("imagenet 0.75", "1"): 0.85,
    ("imagenet 0.75", "2"): 0.98,
    ("flowers", "1"): 0.97,
    ("flowers", "2"): 0.99,
}
"""Share of the daisies whose centre is to lie within half a radius, as `--place measured`."""
HELD_OUT_TARGET = 0.95
"""The same of each kind of photographs that `flowers` was not trained on, on blurred streets."""


def rows(scratch: ScratchFolder) -> list[Row]:
    """For each network, flower and detail: the places side by side, quality and time of a look."""
    found = json_of(["-m", "benchmarks.quality.small_flowers_worker", scratch.folder], scratch)
    if not found:
        return [Row("small pasted flowers", "", "not measured: ../shared has no photographs")]
    return [
        _row(network, shown, detail, figures)
        for network, sets in found.items()
        for shown, details in sets.items()
        for detail, figures in details.items()
    ]


def _row(network: str, shown: str, detail: str, figures: dict[str, Any]) -> Row:
    target, reached = _target(network, shown, detail), figures["measured"]["centre"]
    return Row(
        f"small {shown} ({figures['pictures']} pictures), {network}, detail {detail}: "
        "centre within half a radius; a look",
        "" if target is None else f"at least {target:.2f}",
        _in_words(figures),
        None if target is None else reached >= target,
    )


def _target(network: str, shown: str, detail: str) -> float | None:
    """What is in focus behind a flower has no target: it depends on what that is."""
    if shown == "daisies":
        return TARGETS[network, detail]
    return None if "sharp" in shown else HELD_OUT_TARGET


def _in_words(figures: dict[str, Any]) -> str:
    looks = {place: one for place, one in figures.items() if place != "pictures"}
    places = "; ".join(
        f"{place} {one['centre']:.3f} ({one['ms']:.1f} ms)" for place, one in looks.items()
    )
    inside = list(looks.values())[-1]["largest_cell"]
    named = figures["measured"]["named"]
    return f"{places}; largest cell inside {inside:.3f}; named rightly {named:.3f}"
