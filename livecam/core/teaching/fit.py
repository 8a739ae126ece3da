"""Fits a linear head to samples: class columns, the scale of their maps, and an honest figure.

The base stays as it is, and the head is linear on its pooled features, so a class's map stays
exact: A = F @ w, and mean(A) + bias is its logit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from livecam.core.head import Head
from livecam.core.softmax import softmax
from livecam.core.teaching.least_squares import (
    LeastSquaresFit,
    fit_least_squares,
    groups_of,
)
from livecam.core.teaching.samples import TaughtClasses, TaughtSample, bursts_of

Floats = npt.NDArray[np.float64]

STRENGTH = 3.0
"""Of the penalty, in mean variances of a channel: 3 is worth half a point over 1 with 3 and with 8
pictures a class, and as much as 5 (benchmarks/quality/taught_classes)."""

PEAK = 36.0
"""Where the maps of samples peak, in the median: what --act-max means everywhere."""

NAMED_SHARE = 0.03
"""Such a share of other things, held out, is still named as one of the classes; of things of kinds
that are not among them it is twice as many."""


_SINGLE_SAMPLE_PEAK = 0.3
"""How high the map of another picture peaks where one picture was taught, by that one's peak."""

_USUAL_TEMPERATURE, _USUAL_WEIGHT = 0.12, 0.1
"""Of logits that are 1 for a class and 0 for the others; it counts where there is little else."""


@dataclass(frozen=True, slots=True, eq=False)
class TaughtHead:
    """What was learnt.

    Attributes:
        classes: the classes, of all of which there are samples, or other things.
        head: class columns and biases, scaled.
        temperature: divides the logits in the softmax.
        held_out: float64 [samples, classes], the logits of each sample by all others, without it
            and what was taken together with it; rows of NaN where the class has nothing else.
        peaks: float64 [samples], the largest value of each sample's own map.
    """

    classes: TaughtClasses
    head: Head
    temperature: float
    held_out: Floats
    peaks: Floats


def fit_head(
    samples: Sequence[TaughtSample],
    classes: TaughtClasses,
    other_things: npt.NDArray[np.float32],
) -> TaughtHead:
    """The head that the samples teach.

    Args:
        samples: of every class one at least, of two classes with "other" counted.
        classes: their classes.
        other_things: float32 [pictures, channels], pooled features of pictures that show none of
            the classes; [0, channels] where there are none. They belong to "other".
    """
    fit, groups = _fit(samples, classes, other_things)
    told = _told_by_others(fit, groups, samples, classes, has_things=len(other_things) > 0)
    things = np.array([fit.without(group)[0][0] for group in groups[len(samples) :]])
    bias, held_out = fit.bias.copy(), told.held_out
    if classes.has_other:
        shift = _shift_of_other(samples, held_out, things)
        bias[-1] += shift
        held_out[:, -1] += shift
        things = things + shift * np.eye(len(bias))[-1] if len(things) else things
    scale = PEAK / _usual_peak(samples, classes, told)
    head = Head(
        np.asfortranarray(scale * fit.kernel, dtype=np.float32),
        np.asarray(scale * bias, dtype=np.float32),
    )
    temperature = scale * _temperature(held_out, things, samples)
    return TaughtHead(classes, head, temperature, scale * held_out, scale * told.peaks)


@dataclass(frozen=True, slots=True, eq=False)
class _ToldByOthers:
    """What the others say of each sample, before anything is scaled; NaN where they cannot.

    Attributes:
        held_out: float64 [samples, classes], logits of the fit without it and its burst.
        held_out_peaks: float64 [samples], the largest value of its map by that fit.
        peaks: float64 [samples], the same by the fit with it.
    """

    held_out: Floats
    held_out_peaks: Floats
    peaks: Floats


def _told_by_others(
    fit: LeastSquaresFit,
    groups: Sequence[npt.NDArray[np.intp]],
    samples: Sequence[TaughtSample],
    classes: TaughtClasses,
    *,
    has_things: bool,
) -> _ToldByOthers:
    held_out = np.full((len(samples), len(classes.all_names)), np.nan)
    held_out_peaks = np.full(len(samples), np.nan)
    kernel, solved = fit.kernel.astype(np.float32), fit.solved.astype(np.float32)
    cells = [one.cells.astype(np.float32) for one in samples]
    grids = [one @ kernel[:, s.class_index] for one, s in zip(cells, samples, strict=True)]
    for class_index, bursts in _bursts(samples).items():
        if len(bursts) < 2 and not (_is_other(class_index, classes) and has_things):
            continue  # without it nothing of the class is left
        for burst in bursts:
            rows = np.concatenate([groups[place] for place in burst])
            said, factor = fit.without(rows)
            firsts = np.searchsorted(rows, [groups[place][0] for place in burst])
            held_out[burst] = said[firsts]
            change = solved[:, rows] @ factor[:, class_index].astype(np.float32)
            for place in burst:
                held_out_peaks[place] = (grids[place] - cells[place] @ change).max()
    peaks = np.array([grid.max() for grid in grids])
    return _ToldByOthers(held_out, held_out_peaks, peaks)


def _bursts(samples: Sequence[TaughtSample]) -> dict[int, list[list[int]]]:
    """The places of samples, those that were taken together together, by class."""
    places: dict[int, list[int]] = {}
    for place, sample in enumerate(samples):
        places.setdefault(sample.class_index, []).append(place)
    return {
        class_index: [
            [of_class[one] for one in burst]
            for burst in bursts_of([samples[place].name for place in of_class])
        ]
        for class_index, of_class in places.items()
    }


def _is_other(class_index: int, classes: TaughtClasses) -> bool:
    return class_index == len(classes.names)


def _fit(
    samples: Sequence[TaughtSample],
    classes: TaughtClasses,
    other_things: npt.NDArray[np.float32],
) -> tuple[LeastSquaresFit, list[npt.NDArray[np.intp]]]:
    """The fit, and the rows of each sample, then of each other thing.

    Every class weighs the same, and every sample of a class; in "other" all that was taught
    weighs as much as all that was there before.
    """
    sizes = [len(sample.views) for sample in samples] + [1] * len(other_things)
    of_row = np.repeat(
        [sample.class_index for sample in samples] + [len(classes.names)] * len(other_things),
        sizes,
    )
    source = np.repeat([0] * len(samples) + [1] * len(other_things), sizes)
    views = [sample.views for sample in samples]
    rows = np.concatenate([*views, other_things]) if len(other_things) else np.concatenate(views)
    share = 1.0 / np.repeat(sizes, sizes)
    weights = np.zeros(len(rows))
    for k in range(len(classes.all_names)):
        parts = [(of_row == k) & (source == part) for part in (0, 1)]
        parts = [part for part in parts if part.any()]
        for part in parts:
            weights[part] = share[part] / share[part].sum() / len(parts)
    targets = np.eye(len(classes.all_names))[of_row]
    return fit_least_squares(rows, targets, weights, STRENGTH), groups_of(sizes)


def _shift_of_other(samples: Sequence[TaughtSample], held_out: Floats, things: Floats) -> float:
    """What is added to "other", so that few other things are named as a class.

    Where hardly any sample of a class would be lost by it, it is more: half the way to these.

    Args:
        samples: which class each sample has.
        held_out: float64 [samples, classes], their logits without themselves.
        things: float64 [things, classes], those of other things.
    """
    other = held_out.shape[1] - 1
    of_sample = np.array([sample.class_index for sample in samples])
    known = ~np.isnan(held_out).any(axis=1)
    unwanted = np.array([*held_out[known & (of_sample == other)], *things])
    if not len(unwanted):
        return 0.0
    shift = float(np.quantile(_margins(unwanted), 1.0 - NAMED_SHARE))
    wanted = held_out[known & (of_sample != other)]
    if not len(wanted):
        return shift
    lost_from = float(np.quantile(_margins(wanted), NAMED_SHARE))
    return max(shift, (shift + lost_from) / 2)


def _margins(logits: Floats) -> Floats:
    """By how much the best class is above "other"."""
    return np.asarray(logits[:, :-1].max(axis=1) - logits[:, -1])


def _usual_peak(
    samples: Sequence[TaughtSample], classes: TaughtClasses, told: _ToldByOthers
) -> float:
    """How high the map of a class peaks on a picture of it that was not taught: the median."""
    is_class = np.array([not _is_other(sample.class_index, classes) for sample in samples])
    held_out = told.held_out_peaks[is_class & ~np.isnan(told.held_out_peaks)]
    own = float(np.median(told.peaks[is_class]))
    usual = float(np.median(held_out)) if len(held_out) else 0.0
    # Samples that contradict each other have no map without themselves.
    return max(usual, _SINGLE_SAMPLE_PEAK * own, 1e-6)


def _temperature(held_out: Floats, things: Floats, samples: Sequence[TaughtSample]) -> float:
    """The temperature at which the held-out probabilities are likeliest; every class the same."""
    of_sample = np.array([sample.class_index for sample in samples])
    known = ~np.isnan(held_out).any(axis=1)
    logits, truth = held_out[known], of_sample[known]
    if len(things):
        logits = np.concatenate([logits, things])
        truth = np.concatenate([truth, np.full(len(things), held_out.shape[1] - 1)])
    choices = _USUAL_TEMPERATURE * np.exp2(np.arange(-3.0, 3.01, 0.1))
    # Without enough samples the usual one is as good as any.
    losses = _USUAL_WEIGHT * np.log2(choices / _USUAL_TEMPERATURE) ** 2
    if len(logits):
        weights = 1.0 / np.bincount(truth)[truth]
        losses += [_loss(logits, truth, weights, choice) for choice in choices]
    return float(choices[np.argmin(losses)])


def _loss(
    logits: Floats, truth: npt.NDArray[np.intp], weights: Floats, temperature: float
) -> float:
    probabilities = softmax(logits.astype(np.float32), temperature)
    of_truth = probabilities[np.arange(len(truth)), truth]
    return float(-(weights * np.log(np.maximum(of_truth, 1e-9))).sum())
