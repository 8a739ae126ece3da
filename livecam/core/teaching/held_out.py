"""What a head that was taught is worth: held-out figures, confusion, contradicted samples."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from livecam.core.teaching.fit import TaughtHead
from livecam.core.teaching.samples import TaughtSample


@dataclass(frozen=True, slots=True)
class ClassFigure:
    """How many samples of a class the others recognise.

    Attributes:
        name: of the class.
        samples: how many there are.
        judged: how many of them the others can judge: none where all were taken together.
        right: how many of these the others take for this class.
        taken_for: how many are taken for each class, in the order of the classes; those of this
            row of the confusion table.
    """

    name: str
    samples: int
    judged: int
    right: int
    taken_for: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A sample that all others take for another class.

    Attributes:
        place: which sample.
        class_name: what it was taught as.
        taken_for: what the others take it for.
        margin: by how much the logit of that is larger, in temperatures.
    """

    place: int
    class_name: str
    taken_for: str
    margin: float


def class_figures(taught: TaughtHead, samples: Sequence[TaughtSample]) -> list[ClassFigure]:
    """The figures of every class, in order; "other" is among them where there are samples of it."""
    names = taught.classes.all_names
    said = _said(taught)
    of_sample = np.array([sample.class_index for sample in samples])
    figures = []
    for k, name in enumerate(names):
        own = of_sample == k
        counts = np.bincount(said[own & (said >= 0)], minlength=len(names))
        figure = ClassFigure(
            name, int(own.sum()), int(counts.sum()), int(counts[k]), tuple(counts.tolist())
        )
        figures.append(figure)
    return figures


def share_right(figures: Sequence[ClassFigure]) -> float | None:
    """The mean share of samples that the others recognise, every class the same; None unknown."""
    shares = [figure.right / figure.judged for figure in figures if figure.judged]
    return float(np.mean(shares)) if shares else None


def contradictions(taught: TaughtHead, samples: Sequence[TaughtSample]) -> list[Contradiction]:
    """The samples that all others take for another class, the worst first."""
    names, found = taught.classes.all_names, []
    for place, (sample, k) in enumerate(zip(samples, _said(taught), strict=True)):
        if k in (sample.class_index, -1):
            continue
        logits = taught.held_out[place]
        margin = (logits[k] - logits[sample.class_index]) / taught.temperature
        found.append(Contradiction(place, names[sample.class_index], names[k], float(margin)))
    return sorted(found, key=lambda one: -one.margin)


def _said(taught: TaughtHead) -> npt.NDArray[np.intp]:
    """What the others take each sample for; -1 where they cannot say."""
    known = ~np.isnan(taught.held_out).any(axis=1)
    said = np.full(len(taught.held_out), -1)
    said[known] = taught.held_out[known].argmax(axis=1)
    return said
