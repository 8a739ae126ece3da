"""The metrics of the model card: confusion, ROC AUC, likelihood, calibration, peaks of maps."""

import numpy as np

from training.settings import CLASSES

Array = np.ndarray


def softmax(logits: Array) -> Array:
    """Return probabilities `[N, classes]`."""
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True))


def confusion(found: Array, labels: Array) -> list[list[int]]:
    """Return how often each class (row) was classified as each class (column)."""
    table = np.zeros((len(CLASSES), len(CLASSES)), int)
    np.add.at(table, (labels, found), 1)
    return [[int(n) for n in row] for row in table]


def share(which: Array) -> float:
    """Return how many of these `[N]` booleans are true; nan of none."""
    return float(np.mean(which)) if len(which) else float("nan")


def roc_auc(scores: Array, positive: Array) -> float:
    """Return the chance that a positive scores above a negative; ties count half."""
    good, bad = scores[positive], scores[~positive]
    above = (good[:, None] > bad[None]).mean() + 0.5 * (good[:, None] == bad[None]).mean()
    return float(above)


def negative_log_likelihood(probabilities: Array, labels: Array) -> float:
    """Return the mean of -log p(label)."""
    own = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(own, 1e-12)).mean())


def calibration_error(
    probabilities: Array, labels: Array, bins: int = 15, weights: Array | None = None
) -> float:
    """Return the expected calibration error of the top answer.

    The answers are put into equally wide bins by their probability (the last one includes 1); the
    error is the mean over the answers of |mean probability - share right| of their bin.
    """
    sure, right = probabilities.max(1), probabilities.argmax(1) == labels
    weights = np.full(len(labels), 1.0) if weights is None else weights
    bin_of = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [abs((weights * (sure - right))[bin_of == b].sum()) for b in range(bins)]
    return float(sum(gaps) / weights.sum())


def peaks_inside(maps: Array, masks: Array) -> Array:
    """Return for each map `[N, 7, 7]` whether the middle of its highest cell is in `[N, S, S]`.

    That is the pixel at which the map, enlarged to the picture, is highest.
    """
    inside = []
    for (row, column), mask in zip(_peaks(maps), masks, strict=True):
        y, x = (int((v + 0.5) * len(mask) / maps.shape[1]) for v in (row, column))
        inside.append(bool(mask[y, x]))
    return np.array(inside)


def pointing_game_hits(maps: Array, masks: Array) -> Array:
    """Return for each map whether any pixel of its highest cell is in the mask `[N, S, S]`.

    This is the pointing game.
    """
    touched = []
    for position, mask in zip(_peaks(maps), masks, strict=True):
        cell = len(mask) / maps.shape[1]
        rows, columns = (slice(round(v * cell), round((v + 1) * cell)) for v in position)
        touched.append(bool(mask[rows, columns].any()))
    return np.array(touched)


def offsets(maps: Array, masks: Array) -> Array:
    """Return how far, in cells down and to the right, peaks are from the masks' centroids."""
    centroids = [[v.mean() / len(m) * maps.shape[1] - 0.5 for v in np.nonzero(m)] for m in masks]
    return _peaks(maps) - np.array(centroids)


def _peaks(maps: Array) -> Array:
    highest = maps.reshape(len(maps), -1).argmax(1)
    return np.stack(np.unravel_index(highest, maps.shape[1:]), axis=1)
