"""How well boxes fit, for each model with real weights, and what they cost a frame."""

from typing import Any

from benchmarks.harness.subprocesses import json_of
from benchmarks.inputs.scratch_folder import ScratchFolder
from benchmarks.report.tables import Row

SMALL_TARGET, SHARP_TARGET, COST_TARGET_MS = 0.97, 0.80, 1.0
SCENES_TARGETS = {"flowers": 0.90, "imagenet 0.75": 0.65}
"""F1 at detail 2. The maps of imagenet blur flowers that touch into each other: docs/boxes.md says
how far any rule could come."""


def rows(scratch: ScratchFolder) -> list[Row]:
    """Quality at detail 1 and 2, then the cost."""
    found = json_of(["-m", "benchmarks.objects.box_quality_worker", scratch.folder], scratch)
    judged = []
    for name, q in found.items():
        for detail in (1, 2):
            judged += _quality(name, detail, q)
        judged.append(_cost(name, q["cost"]))
    return judged


def _quality(name: str, detail: int, q: dict[str, Any]) -> list[Row]:
    where = f"{name}, detail {detail}"
    scenes, photographs, others = (
        q[f"{what} {detail}"] for what in ("scenes", "photographs", "others")
    )
    found = [
        _pasted(f"boxes of small pasted daisies{ground}, IoU 0.5, {where}", detail, target, small)
        for ground, target, small in (
            ("", SMALL_TARGET, q[f"small {detail}"]),
            (" in front of sharp photographs", SHARP_TARGET, q[f"sharp {detail}"]),
        )
        if small["pictures"]
    ]
    is_judged, target = detail == 2, SCENES_TARGETS[name]
    found.append(
        Row(
            f"boxes in scenes with one to five flowers, F1, {where}",
            f"at least {target:.2f}" if is_judged else "",
            f"{scenes['f1']:.3f} ({scenes['pictures']} pictures)",
            scenes["f1"] >= target if is_judged else None,
        )
    )
    if photographs["pictures"]:
        said = f"IoU 0.5 in {photographs['found']:.2f}, mean {photographs['overlap']:.2f}"
        found.append(Row(f"boxes of the largest daisy of photographs, {where}", "", said))
    if others["pictures"]:
        said = f"{others['with_boxes']} boxes in {others['pictures']} pictures"
        found.append(Row(f"boxes where no daisy is, {where}", "", said))
    return found


def _pasted(what: str, detail: int, target: float, small: dict[str, float]) -> Row:
    is_judged = detail == 2
    return Row(
        what,
        f"at least {target:.2f}" if is_judged else "",
        f"{small['found']:.3f} (mean IoU {small['overlap']:.2f})",
        small["found"] >= target if is_judged else None,
    )


def _cost(name: str, cost: dict[str, float]) -> Row:
    took_ms = cost["with"] - cost["without"]
    return Row(
        f"boxes of a frame of 1280 x 720 at detail 2: found, followed, drawn, {name}",
        f"less than {COST_TARGET_MS:.0f} ms",
        f"{took_ms:.2f} ms (the network takes {cost['network']:.1f} ms)",
        took_ms < COST_TARGET_MS,
    )
