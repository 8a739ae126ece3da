"""Memory for pictures that come and go with every frame, used again instead of allocated anew.

The system has to clear each new page before it gives it away: at 1280 x 720 that takes as long as
the drawing.
"""

import sys
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

MOST_BUFFERS = 32  # as many pictures as wait for a slow encoder, and some more


class PictureBuffers:
    """Gives arrays of uint8 whose content does not matter; used in one thread.

    An array is given again when nobody refers to it any more, nor to a part of it: whoever keeps
    one longer keeps it unchanged.
    """

    def __init__(self) -> None:
        """There are none before the first is asked for."""
        self._buffers: list[npt.NDArray[np.uint8]] = []

    def take(self, shape: Sequence[int]) -> npt.NDArray[np.uint8]:
        """An array of this shape that nobody else has."""
        if self._buffers and self._buffers[0].shape != tuple(shape):
            self._buffers.clear()
        for number in range(len(self._buffers)):
            if self._references(number) == _UNUSED:
                return self._buffers[number]
        buffer = np.empty(shape, np.uint8)
        if len(self._buffers) < MOST_BUFFERS:
            self._buffers.append(buffer)
        return buffer

    def _references(self, number: int) -> int:
        return sys.getrefcount(self._buffers[number])


def _references_of_unused() -> int:
    """What is counted for an array that is in the list alone; it depends on Python's version."""
    buffers = PictureBuffers()
    buffers.take((1,))
    return buffers._references(0)  # noqa: SLF001  (its own module)


_UNUSED = _references_of_unused()
