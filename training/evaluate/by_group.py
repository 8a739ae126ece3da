"""Pictures of other things, counted by what they show and by where they are from."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from training.data.other_groups import ASKED_FOR, GROUPS
from training.data.picture_store import Entry
from training.data.splits import source_of
from training.evaluate.metrics import share
from training.network.keras_mobilenet import Predictions
from training.settings import DAISY, OTHER


def group_figures(predictions: Predictions, entries: list[Entry]) -> dict[str, Any]:
    """How often each group, and each source, is called other, a daisy, and surely a flower."""
    sources = sorted({source_of(entry.name) for entry in entries if entry.kind == "photo"})
    of_group = _counted(predictions, [e.group for e in entries], GROUPS)
    named = [source_of(e.name) if e.kind == "photo" else "" for e in entries]
    asked = [of_group[g]["called_other"] for g in ASKED_FOR if g in of_group]
    return {
        "all": _figures(predictions, np.ones(len(entries), bool)),
        "groups": of_group,
        "sources": _counted(predictions, named, sources),
        "worst_group": min(asked, default=float("nan")),
        "groups_without_pictures": [g for g in ASKED_FOR if g not in of_group],
    }


def _counted(
    predictions: Predictions, names: list[str], wanted: Iterable[str]
) -> dict[str, dict[str, float]]:
    marks = {name: np.array([n == name for n in names]) for name in wanted}
    return {name: _figures(predictions, mark) for name, mark in marks.items() if mark.any()}


def _figures(predictions: Predictions, which: np.ndarray) -> dict[str, float]:
    chances = predictions.probabilities[which]
    found, peaks = chances.argmax(1), predictions.maps[which, :OTHER].max((1, 2, 3))
    return {
        "pictures": int(which.sum()),
        "called_other": share(found == OTHER),
        "called_daisy": share(found == DAISY),
        "called_flower_above_0.9": share(chances[:, :OTHER].max(1) > 0.9),
        "peak_median": float(np.median(peaks)),
        "peak_95th_percentile": float(np.percentile(peaks, 95)),
    }
