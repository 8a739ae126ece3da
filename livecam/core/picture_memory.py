"""Memory for pictures: who paints or draws one is told where it comes from."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Allocate = Callable[[Sequence[int]], npt.NDArray[np.uint8]]
"""Gives an array of this shape whose content does not matter; in any thread."""


def fresh(shape: Sequence[int]) -> npt.NDArray[np.uint8]:
    """An array of this shape in new memory."""
    return np.empty(shape, np.uint8)
