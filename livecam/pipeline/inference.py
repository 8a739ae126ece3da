"""The network run on each frame once: when its result is asked for, or ahead in a thread."""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from livecam.core.crop import network_view
from livecam.core.network_size import Look
from livecam.core.protocols import ActivationModel
from livecam.core.timing import Stopwatch
from livecam.core.types import (
    BgrImage,
    Frame,
    InferenceResult,
    NetworkOutput,
    RgbImage,
    Waiting,
)
from livecam.pipeline.prefetch import Prefetcher
from livecam.pipeline.turned_inference import TurnedInference

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class _Crop:
    """What the network gets of a frame.

    Attributes:
        frame: where it is from.
        look: how it is looked at.
        rgb: the picture; None where the network is not asked about this one.
        took_s: seconds that it took.
        goes_on: whether it shows what the frame before showed, a moment later.
    """

    frame: Frame
    look: Look
    rgb: RgbImage | None
    took_s: float
    goes_on: bool = True


class Inference:
    """Runs the network on each frame once: a frame that is drawn again costs nothing.

    The class is chosen afterwards (protocols.ActivationModel.activation), so a key acts on the
    very next picture, however far ahead the network is. Where `look` changes, the network runs
    again on what it is ahead of.

    Attributes:
        look: area and detail of the frames that come next; may be set at any time.
    """

    def __init__(
        self,
        model: ActivationModel,
        *,
        every: int = 1,
        overlapped: bool = False,
        alternates: bool = False,
        stopwatch: Stopwatch = Stopwatch(),  # noqa: B008  (measures nothing, keeps nothing)
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Prepare.

        Args:
            model: the network.
            every: the network runs on every so many frames; its output is kept in between. Frames
                that do not go on with the one before (photographs, after a jump or a loss) have
                their own.
            overlapped: whether `ahead` works in threads.
            alternates: whether an exact look takes one picture in turns, upright and turned, and
                the mean with the one before, so that it costs no second look: for live pictures.
            stopwatch: measures how long decoding, cropping and the network take.
            clock: seconds, monotonic.
        """
        self.model, self.stopwatch, self.clock = model, stopwatch, clock
        self.look = Look()
        self._every, self._overlapped = every, overlapped
        # In order, the one that is drawn now first.
        self._results: deque[tuple[Frame, Look, InferenceResult]] = deque()
        self._count = 0
        self._before: Frame | None = None
        self._held: tuple[Look, NetworkOutput] | None = None
        self._mean = TurnedInference(model.infer, alternates=alternates)
        self._turn = Lock()  # an engine runs one picture at a time

    def ahead(self, items: Iterable[T], *, idle: T | None = None) -> Generator[T, None, None]:
        """The items as they are, in order; overlapped, the network runs ahead on their frames.

        Decoding, the network and whatever the caller does then work at the same time; where the
        next item takes long, the caller gets `idle` in between.
        """
        self.begin_anew()
        decoded = self._noting_losses(self.stopwatch.timed_items("decode", items))
        if not self._overlapped:
            yield from decoded
            return
        # Cropping goes with decoding: the network has a thread for itself, the busiest of all.
        with (
            Prefetcher(self._crops(decoded)) as cropped,
            Prefetcher(self._inferred(cropped), idle=idle) as inferred,
        ):
            yield from inferred

    def begin_anew(self) -> None:
        """What comes next does not go on with what was shown so far: another place, or camera."""
        self._before = None

    def result_for(self, frame: Frame) -> InferenceResult:
        """What the network says about a frame at this look: known already, or computed now."""
        look, results = self.look, self._results
        while results and results[0][0] is not frame:
            results.popleft()
        if results and results[0][1] != look:
            results[0] = (frame, look, self._infer(self._cropped(frame, look)))
        if not results:
            results.append((frame, look, self._infer(self._next_crop(frame))))
        return results[0][2]

    def look_at(self, rgb: RgbImage) -> NetworkOutput:
        """Run the network on another picture of the same size; in any thread.

        It waits for the frame that the network is at, and a frame waits for it.
        """
        with self._turn:
            return self.model.infer(rgb)

    def network_view(self, bgr: BgrImage, result: InferenceResult) -> RgbImage:
        """What the network saw of a frame when it gave this."""
        rows, columns = result.network_output.features.shape[:2]
        return network_view(bgr, result.box, self.model.input_size.size_of(columns, rows))

    def _noting_losses(self, items: Iterable[T]) -> Iterator[T]:
        for item in items:
            if isinstance(item, Waiting) and item.reason:
                self.begin_anew()
            yield item

    def _crops(self, items: Iterable[T]) -> Iterator[tuple[T, _Crop | None]]:
        for item in items:
            yield item, self._next_crop(item) if isinstance(item, Frame) else None

    def _inferred(self, items: Iterable[tuple[T, _Crop | None]]) -> Iterator[T]:
        for item, crop in items:
            if isinstance(item, Frame) and crop is not None:
                self._results.append((item, crop.look, self._infer(crop)))
            yield item

    def _next_crop(self, frame: Frame) -> _Crop:
        """What the network gets of a frame of the source: of every so many, the picture."""
        goes_on, self._before = self._goes_on(frame), frame
        self._count = self._count + 1 if goes_on else 0
        if self._count % self._every:
            return _Crop(frame, self.look, None, 0.0)
        return self._cropped(frame, self.look, goes_on=goes_on)

    def _goes_on(self, frame: Frame) -> bool:
        before = self._before
        return (
            before is not None
            and not frame.is_photograph
            and frame.name == before.name
            and frame.bgr.shape == before.bgr.shape
        )

    def _cropped(self, frame: Frame, look: Look, *, goes_on: bool = True) -> _Crop:
        began_s = self.clock()
        height, width = frame.bgr.shape[:2]
        with self.stopwatch.timed("crop"):
            size_px = look.network_size_px(width, height, self.model.input_size)
            rgb = network_view(frame.bgr, look.box_in(width, height), size_px)
        return _Crop(frame, look, rgb, self.clock() - began_s, goes_on)

    def _infer(self, crop: _Crop) -> InferenceResult:
        look, held = crop.look, self._held
        if crop.rgb is None and (held is None or held[0] != look):  # the look has changed
            crop = self._cropped(crop.frame, look)
        began_s, network_s = self.clock(), 0.0
        if crop.rgb is not None:
            with self.stopwatch.timed("network"), self._turn:
                if not (crop.goes_on and look.is_exact):
                    self._mean.forget()
                infer = self._mean.infer if look.is_exact else self.model.infer
                held = self._held = (look, infer(crop.rgb))
            network_s = self.clock() - began_s
        assert held is not None  # noqa: S101  (the first crop has its picture)
        took_s = crop.took_s + self.clock() - began_s
        height, width = crop.frame.bgr.shape[:2]
        return InferenceResult(look.box_in(width, height), held[1], took_s, network_s)
