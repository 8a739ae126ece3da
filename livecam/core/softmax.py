"""Probabilities of logits."""

import numpy as np
import numpy.typing as npt


def softmax(logits: npt.NDArray[np.float32], temperature: float = 1.0) -> npt.NDArray[np.float64]:
    """Probabilities of logits divided by a temperature, in double precision; the same shape.

    Over the last axis.
    """
    exponents = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    powers = np.exp(exponents / temperature)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float64)
