"""Where the map says that small daisies are, and what each way to look costs."""

from benchmarks.harness.subprocesses import json_of
from benchmarks.inputs.scratch_folder import ScratchFolder
from benchmarks.report.tables import Row

TARGETS = {
    ("imagenet 0.75", "1"): 0.85,
    ("imagenet 0.75", "2"): 0.98,
    ("flowers", "1"): 0.97,
    ("flowers", "2"): 0.99,
}
"""Share of the pictures whose centre is to lie within half a radius, as `--place measured`."""


def rows(scratch: ScratchFolder) -> list[Row]:
    """For each network and detail: the three places side by side, quality and time of a look."""
    found = json_of(["-m", "benchmarks.quality.small_daisies_worker", scratch.folder], scratch)
    if not found:
        return [Row("small pasted daisies", "", "not measured: ../shared has no photographs")]
    judged = []
    for name, details in found.items():
        for detail, figures in details.items():
            target, reached = TARGETS[name, detail], figures["measured"]["centre"]
            judged.append(
                Row(
                    f"small daisies ({figures['pictures']} pictures), {name}, detail {detail}: "
                    "centre within half a radius; a look",
                    f"at least {target:.2f}",
                    _in_words(figures),
                    reached >= target,
                )
            )
    return judged


def _in_words(figures: dict[str, dict[str, float]]) -> str:
    places = "; ".join(
        f"{place} {figures[place]['centre']:.3f} ({figures[place]['ms']:.1f} ms)"
        for place in ("measured", "exact", "page")
    )
    return f"{places}; largest cell inside {figures['page']['largest_cell']:.3f}"
