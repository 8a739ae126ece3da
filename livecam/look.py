"""Looking at frames: the network's evidence for each, made when asked for or ahead in a thread."""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import TypeVar

from livecam.geometry import centred_square, network_view
from livecam.overlap import Ahead
from livecam.pace import Stopwatch
from livecam.ports import HeatModel
from livecam.values import Evidence, Frame, Look

T = TypeVar("T")


class Looker:
    """Looks at each frame once: a frame that is drawn again costs no network.

    The class is chosen afterwards (ports.HeatModel.activation), so a key acts on the very next
    picture, however far ahead the network is.
    """

    def __init__(
        self,
        model: HeatModel,
        *,
        every: int = 1,
        overlapped: bool = False,
        stopwatch: Stopwatch = Stopwatch(),  # noqa: B008  (measures nothing, keeps nothing)
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Prepare.

        Args:
            model: the network.
            every: the network looks at every so many frames; what it said is held in between.
            overlapped: whether `ahead` works in threads.
            stopwatch: hears how long decoding, cropping and the network took.
            clock: seconds, monotonic.
        """
        self.model = model
        self._every, self._overlapped, self._stopwatch = every, overlapped, stopwatch
        self._clock = clock
        self._looks: deque[tuple[Frame, Look]] = deque()  # in order, the one drawn now first
        self._seen = 0
        self._evidence: Evidence | None = None

    def ahead(self, items: Iterable[T]) -> Generator[T, None, None]:
        """The items as they are, in order; overlapped, the frames among them are looked at ahead.

        Decoding, the network and whatever the caller does then work at the same time.
        """
        decoded = self._stopwatch.timed_items("decode", items)
        if not self._overlapped:
            yield from decoded
            return
        with Ahead(decoded) as frames, Ahead(self._looked_at(frames)) as looked:
            yield from looked

    def look(self, frame: Frame) -> Look:
        """What the network says about a frame: known already, or found out now."""
        while self._looks and self._looks[0][0] is not frame:
            self._looks.popleft()
        if not self._looks:
            self._looks.append((frame, self._new_look(frame)))
        return self._looks[0][1]

    def _looked_at(self, items: Iterable[T]) -> Iterator[T]:
        for item in items:
            if isinstance(item, Frame):
                self._looks.append((item, self._new_look(item)))
            yield item

    def _new_look(self, frame: Frame) -> Look:
        began_s = self._clock()
        height, width = frame.bgr.shape[:2]
        box = centred_square(width, height)
        network_s = 0.0
        if self._evidence is None or self._seen % self._every == 0:
            with self._stopwatch.timed("crop"):
                rgb = network_view(frame.bgr, box)
            asked_s = self._clock()
            with self._stopwatch.timed("network"):
                self._evidence = self.model.infer(rgb)
            network_s = self._clock() - asked_s
        self._seen += 1
        return Look(box, self._evidence, self._clock() - began_s, network_s)
