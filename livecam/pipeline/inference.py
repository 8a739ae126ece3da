"""The network run on each frame once: when its result is asked for, or ahead in a thread."""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from livecam.core.crop import centred_square, network_view
from livecam.core.protocols import ActivationModel
from livecam.core.timing import Stopwatch
from livecam.core.types import CropBox, Frame, InferenceResult, NetworkOutput, RgbImage
from livecam.pipeline.prefetch import Prefetcher

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class _Crop:
    """What the network gets of a frame; no picture where it is not asked about this one."""

    box: CropBox
    rgb: RgbImage | None
    took_s: float


class Inference:
    """Runs the network on each frame once: a frame that is drawn again costs nothing.

    The class is chosen afterwards (protocols.ActivationModel.activation), so a key acts on the
    very next picture, however far ahead the network is.
    """

    def __init__(
        self,
        model: ActivationModel,
        *,
        every: int = 1,
        overlapped: bool = False,
        stopwatch: Stopwatch = Stopwatch(),  # noqa: B008  (measures nothing, keeps nothing)
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Prepare.

        Args:
            model: the network.
            every: the network runs on every so many frames; its output is kept in between.
            overlapped: whether `ahead` works in threads.
            stopwatch: measures how long decoding, cropping and the network take.
            clock: seconds, monotonic.
        """
        self.model, self.stopwatch, self.clock = model, stopwatch, clock
        self._every, self._overlapped = every, overlapped
        # In order, the one that is drawn now first.
        self._results: deque[tuple[Frame, InferenceResult]] = deque()
        self._count = 0
        self._network_output: NetworkOutput | None = None

    def ahead(self, items: Iterable[T], *, idle: T | None = None) -> Generator[T, None, None]:
        """The items as they are, in order; overlapped, the network runs ahead on their frames.

        Decoding, the network and whatever the caller does then work at the same time; where the
        next item takes long, the caller gets `idle` in between.
        """
        decoded = self.stopwatch.timed_items("decode", items)
        if not self._overlapped:
            yield from decoded
            return
        # Cropping goes with decoding: the network has a thread for itself, the busiest of all.
        with (
            Prefetcher(self._cropped(decoded)) as cropped,
            Prefetcher(self._inferred(cropped), idle=idle) as inferred,
        ):
            yield from inferred

    def result_for(self, frame: Frame) -> InferenceResult:
        """What the network says about a frame: known already, or computed now."""
        while self._results and self._results[0][0] is not frame:
            self._results.popleft()
        if not self._results:
            self._results.append((frame, self._infer(self._crop(frame))))
        return self._results[0][1]

    def _cropped(self, items: Iterable[T]) -> Iterator[tuple[T, _Crop | None]]:
        for item in items:
            yield item, self._crop(item) if isinstance(item, Frame) else None

    def _inferred(self, items: Iterable[tuple[T, _Crop | None]]) -> Iterator[T]:
        for item, crop in items:
            if isinstance(item, Frame) and crop is not None:
                self._results.append((item, self._infer(crop)))
            yield item

    def _crop(self, frame: Frame) -> _Crop:
        began_s = self.clock()
        height, width = frame.bgr.shape[:2]
        box = centred_square(width, height)
        rgb = None
        if self._count % self._every == 0:
            with self.stopwatch.timed("crop"):
                rgb = network_view(frame.bgr, box)
        self._count += 1
        return _Crop(box, rgb, self.clock() - began_s)

    def _infer(self, crop: _Crop) -> InferenceResult:
        began_s = self.clock()
        if crop.rgb is not None:
            with self.stopwatch.timed("network"):
                self._network_output = self.model.infer(crop.rgb)
        if self._network_output is None:
            raise RuntimeError("the network runs on the first frame in any case")
        network_s = self.clock() - began_s if crop.rgb is not None else 0.0
        took_s = crop.took_s + self.clock() - began_s
        return InferenceResult(crop.box, self._network_output, took_s, network_s)
