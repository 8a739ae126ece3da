"""Memory for pictures that come and go with every frame, used again instead of allocated anew.

The system has to clear each new page before it gives it away: at 1280 x 720 that takes as long as
the drawing.
"""

import math
import mmap
import sys
import threading
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

MOST_BUFFERS = 32  # as many pictures as wait for a slow encoder, and some more
TAKES_UNTIL_FREED = 30  # so often another one is given before one that is not needed is freed


class PictureBuffers:
    """Gives arrays of uint8 whose content does not matter; used in any thread.

    An array is given again when nobody refers to it any more, nor to a part of it: whoever keeps
    one longer keeps it unchanged. Those that were needed for a moment alone, as while an encoder
    is being opened, are freed.
    """

    def __init__(self) -> None:
        """There are none before the first is asked for."""
        self._buffers: list[npt.NDArray[np.uint8]] = []
        self._takes = self._needed = 0
        self._lock = threading.Lock()

    def take(self, shape: Sequence[int]) -> npt.NDArray[np.uint8]:
        """An array of this shape that nobody else has.

        Raises:
            MemoryError: there is no room for it.
        """
        with self._lock:
            if self._buffers and self._buffers[0].shape != tuple(shape):
                self._buffers.clear()
            number = self._first_unused()
            self._free_unneeded(number)
            if number < len(self._buffers):
                return self._buffers[number]
            buffer = _pages(shape)
            if len(self._buffers) < MOST_BUFFERS:
                self._buffers.append(buffer)
            return buffer

    def _first_unused(self) -> int:
        """The number of the first array that nobody has; how many there are where all are used."""
        unused = (n for n in range(len(self._buffers)) if self._references(n) == _UNUSED)
        return next(unused, len(self._buffers))

    def _free_unneeded(self, taken: int) -> None:
        """Every so many times, free what was not given since the last time: those at the end."""
        self._needed = max(self._needed, taken + 1)
        self._takes += 1
        if self._takes >= TAKES_UNTIL_FREED:
            del self._buffers[self._needed :]
            self._takes = self._needed = 0

    def _references(self, number: int) -> int:
        return sys.getrefcount(self._buffers[number])


def _pages(shape: Sequence[int]) -> npt.NDArray[np.uint8]:
    """An array in pages of its own: freed in the middle of others' memory, they would stay ours."""
    try:
        return np.ndarray(shape, np.uint8, buffer=mmap.mmap(-1, math.prod(shape)))
    except OSError as error:
        raise MemoryError(f"there is no memory for a picture of {tuple(shape)}") from error


def _references_of_unused() -> int:
    """What is counted for an array that is in the list alone; it depends on Python's version."""
    buffers = PictureBuffers()
    buffers.take((1,))
    return buffers._references(0)  # noqa: SLF001  (its own module)


_UNUSED = _references_of_unused()
