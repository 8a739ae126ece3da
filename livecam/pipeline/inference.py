"""Looking at frames: the network's evidence for each, made when asked for or ahead in a thread."""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from livecam.core.crop import centred_square, network_view
from livecam.core.protocols import HeatModel
from livecam.core.timing import Stopwatch
from livecam.core.types import CropBox, Evidence, Frame, Look, RgbImage
from livecam.pipeline.prefetch import Ahead

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class _Crop:
    """What the network gets of a frame; no picture where it is not asked about this one."""

    box: CropBox
    rgb: RgbImage | None
    took_s: float


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

    def ahead(self, items: Iterable[T], *, idle: T | None = None) -> Generator[T, None, None]:
        """The items as they are, in order; overlapped, the frames among them are looked at ahead.

        Decoding, the network and whatever the caller does then work at the same time; where the
        next item takes long, the caller gets `idle` in between.
        """
        decoded = self._stopwatch.timed_items("decode", items)
        if not self._overlapped:
            yield from decoded
            return
        # Cropping goes with decoding: the network has a thread for itself, the busiest of all.
        with (
            Ahead(self._cropped(decoded)) as cropped,
            Ahead(self._looked_at(cropped), idle=idle) as looked,
        ):
            yield from looked

    def look(self, frame: Frame) -> Look:
        """What the network says about a frame: known already, or found out now."""
        while self._looks and self._looks[0][0] is not frame:
            self._looks.popleft()
        if not self._looks:
            self._looks.append((frame, self._look_at(self._crop(frame))))
        return self._looks[0][1]

    def _cropped(self, items: Iterable[T]) -> Iterator[tuple[T, _Crop | None]]:
        for item in items:
            yield item, self._crop(item) if isinstance(item, Frame) else None

    def _looked_at(self, items: Iterable[tuple[T, _Crop | None]]) -> Iterator[T]:
        for item, crop in items:
            if isinstance(item, Frame) and crop is not None:
                self._looks.append((item, self._look_at(crop)))
            yield item

    def _crop(self, frame: Frame) -> _Crop:
        began_s = self._clock()
        height, width = frame.bgr.shape[:2]
        box = centred_square(width, height)
        rgb = None
        if self._seen % self._every == 0:
            with self._stopwatch.timed("crop"):
                rgb = network_view(frame.bgr, box)
        self._seen += 1
        return _Crop(box, rgb, self._clock() - began_s)

    def _look_at(self, crop: _Crop) -> Look:
        began_s = self._clock()
        if crop.rgb is not None:
            with self._stopwatch.timed("network"):
                self._evidence = self.model.infer(crop.rgb)
        if self._evidence is None:
            raise RuntimeError("the first frame is always looked at")
        network_s = self._clock() - began_s if crop.rgb is not None else 0.0
        return Look(crop.box, self._evidence, crop.took_s + self._clock() - began_s, network_s)
