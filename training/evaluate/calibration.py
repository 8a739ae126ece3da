"""Calibration of probabilities: a temperature and constants of the classes, and "not sure".

The map's scale is chosen for the eye (peaks of `ACT_MAX`), so the logits, which are means of the
maps, are too large for a softmax that means what it says. The temperature stays beside the head and
divides the logits in the softmax alone; the constants go into the head's bias. So
mean(map) + bias = logit holds, and the maps keep their scale.
"""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from training.evaluate.metrics import softmax
from training.settings import OTHER, CalibrationSettings

Array = np.ndarray
STEPS, RATE, DECAY = 1500, 0.03, 1e-3


@dataclass(frozen=True, slots=True)
class Calibration:
    """Probabilities are softmax((logits + constants) / temperature)."""

    temperature: float
    constants: tuple[float, ...]

    def probabilities(self, logits: Array) -> Array:
        """Return calibrated probabilities `[N, classes]` of the logits before the constants."""
        return softmax((logits + np.array(self.constants)) / self.temperature)


def fit_calibration(logits: Array, labels: Array, weights: Array) -> Calibration:
    """Return the calibration with the greatest likelihood; `weights` `[N]` of the pictures."""
    weights = (weights / weights.sum())[:, None]
    targets = np.eye(logits.shape[1])[labels]
    spread = float(logits.std()) + 1e-6
    scaled = logits / spread
    values = np.zeros(1 + logits.shape[1])  # log of the inverse temperature, constants
    first, second = np.zeros_like(values), np.zeros_like(values)
    for step in range(1, STEPS + 1):
        inverse = np.exp(values[0])
        errors = weights * (softmax(inverse * scaled + values[1:]) - targets)
        slope = np.r_[inverse * (errors * scaled).sum(), errors.sum(0) + DECAY * values[1:]]
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        corrected = first / (1 - 0.9**step), second / (1 - 0.999**step)
        rate = RATE * (1 - step / STEPS)
        values -= rate * corrected[0] / (np.sqrt(corrected[1]) + 1e-8)
    temperature = spread / float(np.exp(values[0]))
    constants = (values[1:] - values[1:].mean()) * temperature
    return Calibration(temperature, tuple(float(c) for c in constants))


def naming_more_flowers(
    calibration: Calibration, logits: Array, labels: Array, plan: CalibrationSettings
) -> Calibration:
    """Return the calibration with "other" made less likely, for more flowers to be named.

    Of the shifts that leave `least_others_right` of the other things right it is the one with most
    flowers right; of equal ones the smallest, as the likeliest probabilities are without any.
    """

    def shifted(shift: float) -> Calibration:
        *flowers, other = calibration.constants
        constants = *flowers, other - shift * calibration.temperature
        return Calibration(calibration.temperature, constants)

    def flowers_right(shift: float) -> float:
        right = shifted(shift).probabilities(logits).argmax(1) == labels
        if right[labels == OTHER].mean() < plan.least_others_right:
            return -1.0
        return float(right[labels != OTHER].mean())

    return shifted(max(plan.shifts, key=flowers_right))  # the first of equal ones


def balanced(labels: Array, others_share: float) -> Array:
    """Return weights `[N]`: other things weigh this share of the whole, flowers the rest."""
    others = labels == OTHER
    weights = np.where(others, others_share / max(1, others.sum()), 0.0)
    return np.where(others, weights, (1.0 - others_share) / max(1, (~others).sum()))


class Certainty(NamedTuple):
    """How probable the named classes `[N]` are, and which of them are right."""

    chances: Array
    right: Array

    @classmethod
    def of(cls, probabilities: Array, labels: Array) -> Self:
        """That of the most probable class, of `[N, classes]` and the true ones `[N]`."""
        return cls(probabilities.max(1), probabilities.argmax(1) == labels)


def sure_from(certainty: Certainty, weights: Array, precision: float) -> float:
    """Return the smallest probability from which on the answers are right so often.

    Below it the program says "not sure". 1.0 where no threshold gives that precision.
    """
    order = np.argsort(-certainty.chances)
    share_right = np.cumsum((weights * certainty.right)[order]) / np.cumsum(weights[order])
    enough = np.flatnonzero(share_right >= precision)
    return float(certainty.chances[order][enough[-1]]) if len(enough) else 1.0


def sure_figures(certainty: Certainty, weights: Array, threshold: float) -> dict[str, float]:
    """Return how many answers are sure, and how many of those, and of the others, are right."""
    sure, right = certainty.chances >= threshold, certainty.right
    return {
        "threshold": threshold,
        "sure": _share(sure, weights),
        "right_when_sure": _share(right[sure], weights[sure]),
        "right_when_not_sure": _share(right[~sure], weights[~sure]),
    }


def _share(which: Array, weights: Array) -> float:
    return float((which * weights).sum() / weights.sum()) if len(which) else float("nan")
