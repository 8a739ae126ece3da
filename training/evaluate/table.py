"""The figures that are asked of the network, beside their targets, as a table in Markdown."""

import json
from pathlib import Path
from typing import Any

from training.settings import Split

Row = tuple[str, str, str]  # what, found, target


def write_table(out: Path, split: Split) -> str:
    """Write `table_<split>.md` from the figures of the other steps; return its text."""
    names = ("metrics", "peaks", "mirror", "int8")
    metrics, peaks, mirror, int8 = (
        json.loads((out / f"{name}_{split}.json").read_text()) for name in names
    )
    rows = [
        *_classes(metrics),
        *_places(metrics, peaks, mirror),
        *_calibration(metrics),
        *_int8(int8),
    ]
    lines = ["| what | found | target |", "|---|---|---|", *(f"| {' | '.join(r)} |" for r in rows)]
    text = "\n".join(lines) + "\n"
    (out / f"table_{split}.md").write_text(text)
    return text


def _classes(metrics: dict[str, Any]) -> list[Row]:
    photographs, others = metrics["photographs"], metrics["others"]["of_cameras"]
    rows = [
        ("five kinds of flowers", f"{photographs['accuracy_flowers_only']:.3f}", ".93"),
        ("other things called other", f"{others['all']['called_other']:.3f}", ".95"),
        ("other things called daisy", f"{others['all']['called_daisy']:.4f}", ".003"),
    ]
    for name, group in others["groups"].items():
        text = f"{group['called_other']:.3f} of {group['pictures']}"
        rows.append((f"{name} called other", text, ".90"))
    rows += [(f"{name} called other", "no pictures", ".90")
             for name in others["groups_without_pictures"]]  # fmt: skip
    for name in ("whole_frame", "detail_2", "detail_3"):
        found, spoken = metrics[name], name.replace("_", " ")
        rows += [
            (f"{spoken}: five kinds of flowers", f"{found['flowers_right']:.3f}", ".93"),
            (f"{spoken}: called other", f"{found['others_called_other']:.3f}", ".95"),
        ]
    return [*rows, ("ROC AUC of daisy", f"{photographs['daisy_auc']:.4f}", ".997")]


def _places(metrics: dict[str, Any], peaks: dict[str, Any], mirror: dict[str, Any]) -> list[Row]:
    rows = []
    for kind, found in peaks["flowers"].items():
        touched = found["peak_cell_touches_flower"]
        rows.append((f"pointing game, daisies: {kind}", f"{touched:.3f}", ".975"))
    for kind, found in metrics["small_flowers"].items():
        inside = f"{found['within_half_a_radius']:.3f}"
        rows.append((f"small {kind}: peak within half a radius", inside, ".95"))
    for kind, found in mirror.items():
        offset = ", ".join(f"{v:+.1f}" for v in found["offset_px"]) if found else "no pictures"
        rows.append((f"mirror test of {kind}: right, down, in pixels", offset, "1"))
    for kind, height in metrics["photographs"]["peak_of_own_map"].items():
        if kind != "other":
            rows.append((f"median peak of {kind}", f"{height:.1f}", "36"))
    return rows


def _calibration(metrics: dict[str, Any]) -> list[Row]:
    found, sure = metrics["calibration"], metrics["calibration"]["sure"]
    sure_text = f"{sure['sure']:.3f} sure, of these {sure['right_when_sure']:.3f} right"
    return [
        ("expected calibration error, 15 bins", f"{found['error']:.3f}", ".03"),
        ("the same, flowers and others weighing the same", f"{found['error_halves']:.3f}", ".03"),
        (f"not sure below {sure['threshold']:.2f}", sure_text, "-"),
    ]


def _int8(int8: dict[str, Any]) -> list[Row]:
    return [
        ("int8: maps alike", f"{int8['maps_alike_median']:.4f}", ".995"),
        ("int8: same class", f"{int8['same_class']:.3f}", ".98"),
    ]
