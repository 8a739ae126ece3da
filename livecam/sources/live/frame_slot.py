"""The mailbox between the reader's thread and the loop: one slot, the newest picture wins."""

import threading
from collections import deque
from dataclasses import dataclass

from livecam.core.types import BgrImage

EVERY_CAPACITY = 8


@dataclass(frozen=True, slots=True, eq=False)
class Letter:
    """A picture that is worth showing.

    Attributes:
        bgr: its pixels.
        arrived_s: when it came.
        captured_s: when it was taken, as well as can be known; the same clock.
    """

    bgr: BgrImage
    arrived_s: float
    captured_s: float


class Mailbox:
    """Holds the newest letter only, or, where every one counts, a few in order."""

    def __init__(self, *, every: bool = False) -> None:
        """`every`: no letter is overwritten; whoever puts them has to look at `is_full`."""
        self._every = every
        self._letters: deque[Letter] = deque()
        self._lock = threading.Lock()
        self._closed = False
        self.overwritten = 0

    @property
    def is_full(self) -> bool:
        """Whether the next letter has to wait."""
        return self._every and len(self._letters) >= EVERY_CAPACITY

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to take."""
        return not self._letters

    def put(self, letter: Letter) -> None:
        """Put one in; the one that nobody took is overwritten and counted."""
        with self._lock:
            if self._closed:
                return
            if self._letters and not self._every:
                self._letters.clear()
                self.overwritten += 1
            self._letters.append(letter)

    def close(self) -> None:
        """Nobody looks into it any more; what still comes is thrown away."""
        with self._lock:
            self._closed = True
            self._letters.clear()

    def take(self) -> Letter | None:
        """The oldest one in it, each once; None where it is empty."""
        with self._lock:
            return self._letters.popleft() if self._letters else None
