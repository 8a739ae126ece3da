"""The scale of the maps: one height of the peaks for every kind of flower.

The columns of `conv_preds` may be multiplied by one number (the inverse of a softmax temperature),
and one and the same vector may be added to all of them: this adds one map to every class's map and
changes no probability. The vector used here is a mixture of the five flowers' evidence against
"other", so that the median peak of each flower's own map is `ACT_MAX` on photographs of it.
"""

from pathlib import Path

import numpy as np
import torch

from training.data.picture_store import PictureStore
from training.evaluate.metrics import negative_log_likelihood, softmax
from training.network.inference import head_bias, maps_and_labels
from training.network.mobilenet import MobileNet
from training.output_files import PICTURES
from training.settings import ACT_MAX, OTHER, Settings

Array = np.ndarray
ROUNDS = 60
STEP = 0.02  # of the coefficients, to measure how the medians follow them
LARGEST_STEP = 0.3


def scale_like_imagenet(network: MobileNet, out: Path, settings: Settings) -> None:
    """Give the student's head the scale of maps that it is shipped with.

    The scale is the likeliest one on validation photographs times `scale_factor`.
    """
    maps, labels = maps_and_labels(network, PictureStore(out / PICTURES), "validation")
    logits = maps.mean((2, 3)) + head_bias(network)
    scale = likeliest_scale(logits - logits.mean(1, keepdims=True), labels)
    scale *= settings.student.scale_factor
    with torch.no_grad():
        weight, bias = network.conv_preds.weight, network.conv_preds.bias
        assert bias is not None
        weight.copy_(scale * (weight - weight.mean(0, keepdim=True)))
        bias.copy_(scale * (bias - bias.mean()))
    centred = scale * (maps - maps.mean(1, keepdims=True))
    decay = settings.calibration.common_decay
    add_common(network, equal_heights(centred, labels, decay))


def likeliest_scale(logits: Array, labels: Array) -> float:
    """Return the factor on the logits that makes the labels likeliest."""
    choices = np.exp(np.linspace(np.log(0.1), np.log(6.0), 250))
    return float(min(choices, key=lambda s: negative_log_likelihood(softmax(s * logits), labels)))


def equal_heights(maps: Array, labels: Array, decay: float) -> Array:
    """Return how much of each flower's evidence to add to all maps, `[5]`.

    With it the median peak of a flower's own map is `ACT_MAX` for each kind, as nearly as `decay`
    lets it (Levenberg-Marquardt on five medians; `maps` `[N, classes, h, w]`).
    """
    evidence = maps[:, :OTHER] - maps[:, OTHER:]
    found, damping = np.zeros(OTHER), 1.0

    def errors(coefficients: Array) -> Array:
        heights = own_heights(maps, evidence, labels, coefficients)
        return np.r_[(heights - ACT_MAX) / ACT_MAX, np.sqrt(decay) * 0.1 * coefficients]

    for _ in range(ROUNDS):
        now = errors(found)
        slopes = np.stack([(errors(found + STEP * e) - now) / STEP for e in np.eye(OTHER)], 1)
        system = slopes.T @ slopes + damping * 1e-3 * np.eye(OTHER)
        step = np.clip(-np.linalg.solve(system, slopes.T @ now), -LARGEST_STEP, LARGEST_STEP)
        better = np.square(errors(found + step)).sum() < np.square(now).sum()
        found = found + step if better else found
        damping = damping / 3.0 if better else damping * 4.0
    return found


def own_heights(maps: Array, evidence: Array, labels: Array, coefficients: Array) -> Array:
    """Return the median peak of each flower's own map, `[5]`; `ACT_MAX` where there is none."""
    heights = np.full(OTHER, ACT_MAX)
    for label in range(OTHER):
        of_class = labels == label
        if of_class.any():
            common = np.tensordot(evidence[of_class], coefficients, axes=(1, 0))
            heights[label] = np.median((maps[of_class, label] + common).max((1, 2)))
    return heights


def add_common(network: MobileNet, coefficients: Array) -> None:
    """Add a mixture of the flowers' evidence to all columns of the last layer."""
    with torch.no_grad():
        weight = network.conv_preds.weight
        evidence = weight[:OTHER] - weight[OTHER:]
        mixture = torch.from_numpy(coefficients.astype(np.float32))
        weight.add_(torch.tensordot(mixture, evidence, dims=1)[None])
