"""The slot between reader thread and loop: it holds the newest picture, or a few in order."""

import threading
from collections import deque
from dataclasses import dataclass

from livecam.core.types import BgrImage

EVERY_FRAME_CAPACITY = 8


@dataclass(frozen=True, slots=True, eq=False)
class ReceivedPicture:
    """A picture that is worth showing.

    Attributes:
        bgr: its pixels, read-only.
        arrived_s: when it arrived, on the program's clock.
        captured_s: when it was captured, as well as can be known; the same clock.
        due_s: what its own time is counted by: `arrived_s`, unless its sender says better.
    """

    bgr: BgrImage
    arrived_s: float
    captured_s: float
    due_s: float


class FrameSlot:
    """Holds the newest picture only, or, where every frame is wanted, a few in order."""

    def __init__(self, *, every_frame: bool = False) -> None:
        """`every_frame`: no picture is overwritten; before `put`, wait until it `is_full` no more.

        Such a slot holds up to EVERY_FRAME_CAPACITY pictures.
        """
        self._every_frame = every_frame
        self._pictures: deque[ReceivedPicture] = deque()
        self._lock = threading.Lock()
        self._closed = False
        self.overwritten = 0

    @property
    def is_full(self) -> bool:
        """Whether the next picture has to wait."""
        return self._every_frame and len(self._pictures) >= EVERY_FRAME_CAPACITY

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to take."""
        return not self._pictures

    def put(self, picture: ReceivedPicture) -> None:
        """Put one in; one that was not taken is overwritten and counted."""
        with self._lock:
            if self._closed:
                return
            if self._pictures and not self._every_frame:
                self._pictures.clear()
                self.overwritten += 1
            self._pictures.append(picture)

    def close(self) -> None:
        """Empty it; pictures that are put in later are discarded."""
        with self._lock:
            self._closed = True
            self._pictures.clear()

    def take(self) -> ReceivedPicture | None:
        """The oldest one in it, each once; None where it is empty."""
        with self._lock:
            return self._pictures.popleft() if self._pictures else None
