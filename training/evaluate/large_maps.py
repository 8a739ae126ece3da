"""The network on more cells than it was trained for: the whole frame, detail 2, detail 3.

All is asked of the program itself: its pictures, its windows of 7 x 7 cells, its answers. There
"other" leads wherever nothing is, and of many windows some flower leads one by chance: both levels
of core/seen_class.py depend on how many there are, and are measured here.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from livecam.assembly.open_model import OpenedModel, open_model
from livecam.core.crop import network_view
from livecam.core.network_size import Look
from livecam.core.seen_class import AnswerLevels, leader_of
from livecam.core.types import BgrImage
from livecam.models.catalogue import flowers_spec
from training.data.picture_store import Picture, PictureStore
from training.evaluate.calibration import Certainty, balanced, sure_figures, sure_from
from training.evaluate.metrics import share
from training.output_files import FINAL_WEIGHTS, HEAD, PICTURES
from training.settings import CLASSES, OTHER, CalibrationSettings, Settings, Split

LOOKS = {
    "whole_frame": Look("frame"),
    "detail_2": Look(detail=2),
    "detail_3": Look(detail=3),
}
FLOWERS = range(OTHER)


class Leading(NamedTuple):
    """What leads in the windows of pictures: `[N, classes]`, see seen_class.leader_of."""

    probabilities: npt.NDArray[np.float64]
    labels: npt.NDArray[np.int64]

    def answers(self, seen_from: float) -> Certainty:
        """What the program answers: how probable it is, and whether it is right."""
        found = [leader_of(leading, FLOWERS, seen_from) for leading in self.probabilities]
        named, chances = zip(*found, strict=True)
        return Certainty(np.array(chances), np.array(named) == self.labels)


def large_map_figures(out: Path, settings: Settings, split: Split) -> dict[str, Any]:
    """How often flowers and other things are right on larger maps, and which levels fit best."""
    network, store = _exported(out), PictureStore(out / PICTURES)
    entries = list(store.pick(split, *CLASSES[:OTHER], "photo"))
    labels = np.array([entry.label for entry in entries])
    found = {}
    for detail, (name, look) in zip((1, 2, 3), LOOKS.items(), strict=True):
        rows = [_leading(network, store.picture(entry), look) for entry in entries]
        leading = Leading(np.stack(rows), labels)
        levels = flowers_spec().levels[detail - 1]
        found[name] = figures_of(leading, levels, settings.calibration)
    return found


def figures_of(leading: Leading, levels: AnswerLevels, plan: CalibrationSettings) -> dict[str, Any]:
    """What is named rightly at these levels, and the levels that these pictures would give."""
    answers, is_other = leading.answers(levels.seen_from), leading.labels == OTHER
    right, sure = answers.right, answers.chances >= levels.sure_from
    weights = balanced(leading.labels, plan.others_share)
    of_kinds = {c: share(right[leading.labels == i]) for i, c in enumerate(CLASSES[:OTHER])}
    return {
        "flowers_right": share(right[~is_other]),
        "per_class": of_kinds,
        "others_called_other": share(right[is_other]),
        "others": int(is_other.sum()),
        "others_surely_a_flower": share((sure & ~right)[is_other]),
        "seen_from": levels.seen_from,
        "sure": sure_figures(answers, weights, levels.sure_from),
        "best_levels": best_levels(leading, plan)._asdict(),
    }


def best_levels(leading: Leading, plan: CalibrationSettings) -> AnswerLevels:
    """The levels that fit these pictures best.

    A class is seen from the smallest level whose shares of flowers and of other things named
    rightly have a mean within `seen_within` of the best: what is higher would hide small flowers.
    """
    weights = balanced(leading.labels, 0.5)
    means = {at: float(weights @ leading.answers(at).right) for at in plan.seen_levels}
    enough = max(means.values()) - plan.seen_within
    seen_from = next(at for at, mean in means.items() if mean >= enough)
    weights = balanced(leading.labels, plan.others_share)
    sure = sure_from(leading.answers(seen_from), weights, plan.sure_precision)
    return AnswerLevels(seen_from, sure)


def _exported(out: Path) -> OpenedModel:
    """The student as it was exported, in the program."""
    temperature = json.loads((out / HEAD).read_text())["temperature"]
    weights = (out / FINAL_WEIGHTS).resolve()
    spec = replace(flowers_spec(), bundle=None, weights_file=weights, temperature=temperature)
    return open_model(spec, engine="litert")


def _leading(network: OpenedModel, rgb: Picture, look: Look) -> npt.NDArray[np.float64]:
    height, width = rgb.shape[:2]
    bgr = BgrImage(np.ascontiguousarray(rgb[..., ::-1]))
    size_px = look.network_size_px(width, height)
    return network.infer(network_view(bgr, look.box_in(width, height), size_px)).leading
