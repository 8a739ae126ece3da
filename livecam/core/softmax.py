"""Probabilities of logits."""

import numpy as np
import numpy.typing as npt


def softmax(logits: npt.NDArray[np.float32], temperature: float = 1.0) -> npt.NDArray[np.float64]:
    """Probabilities of logits divided by a temperature, in double precision; the same shape.

    Over the last axis.
    """
    # ufuncs themselves: the methods `max` and `sum` cost as much again, of a few classes.
    powers = logits.astype(np.float64)
    powers -= np.maximum.reduce(powers, axis=-1, keepdims=True)
    powers /= temperature
    np.exp(powers, out=powers)
    powers /= np.add.reduce(powers, axis=-1, keepdims=True)
    return powers
