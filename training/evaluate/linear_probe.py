"""A linear probe: a head fitted on pooled ImageNet features, to compare the student with."""

import numpy as np

from training.evaluate.metrics import softmax

STEPS, RATE, DECAY = 1500, 0.05, 1e-4


def fit_linear_probe(
    features: np.ndarray, labels: np.ndarray, classes: int
) -> tuple[np.ndarray, ...]:
    """Return weights `[C, classes]`, bias, and the features' mean and spread.

    Multinomial logistic regression, each class weighing the same, by Adam on the whole set.
    """
    mean, spread = features.mean(0), features.std(0) + 1e-3
    inputs = np.c_[(features - mean) / spread, np.ones(len(features))]
    targets = np.eye(classes)[labels]
    weights = 1.0 / np.maximum(1, np.bincount(labels, minlength=classes))[labels]
    weights = (weights / weights.sum())[:, None]
    matrix = np.zeros((inputs.shape[1], classes))
    first, second = np.zeros_like(matrix), np.zeros_like(matrix)
    for step in range(1, STEPS + 1):
        slope = inputs.T @ (weights * (softmax(inputs @ matrix) - targets)) + DECAY * matrix
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        corrected = first / (1 - 0.9**step), second / (1 - 0.999**step)
        matrix -= RATE * (1 - step / STEPS) * corrected[0] / (np.sqrt(corrected[1]) + 1e-8)
    return matrix[:-1], matrix[-1], mean, spread


def linear_probe_logits(features: np.ndarray, head: tuple[np.ndarray, ...]) -> np.ndarray:
    """Return logits `[N, classes]`."""
    matrix, bias, mean, spread = head
    return np.asarray((features - mean) / spread @ matrix + bias)
