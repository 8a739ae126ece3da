"""The judgement of one frame in a thread: deletion and insertion, look by look."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from livecam.core.frame_judgement import FrameJudgement
from livecam.core.heat_overlay import paint_heat
from livecam.core.map_quality.deletion_insertion import deletion_and_insertion
from livecam.core.types import BgrImage, Frame, InferenceResult, RgbImage
from livecam.core.view import View
from livecam.pipeline.class_maps import SeenArea, class_map_of
from livecam.pipeline.inference import Inference
from livecam.pipeline.judging import placed_map, probability_in

PICTURE_HEIGHT_PX = 240
CLOSE_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class JudgingRequest:
    """What is judged: a frame of a view, and what the network gave for it."""

    number: int
    view: View
    frame: Frame
    result: InferenceResult


class JudgingTask:
    """The judgement of one frame in a daemon thread."""

    def __init__(
        self,
        request: JudgingRequest,
        inference: Inference,
        clock: Callable[[], float],
        rest: Callable[[float], object] | None,
    ) -> None:
        self._request, self._inference = request, inference
        self.newest: FrameJudgement | None = None
        self._error: BaseException | None = None
        self._is_stopped = threading.Event()
        self._clock, self._rest = clock, rest or self._is_stopped.wait
        self._thread = threading.Thread(target=self._run, name="livecam-judge", daemon=True)
        self._thread.start()

    def result(self) -> FrameJudgement | None:
        """What there is so far, or the error."""
        if self._error is not None:
            raise self._error
        return self.newest

    def stop(self) -> None:
        """Let the thread end, after the look that it is at."""
        self._is_stopped.set()

    def is_alive(self) -> bool:
        """Whether the thread has not ended."""
        return self._thread.is_alive()

    def join(self) -> None:
        """Wait for its end, which is near after `stop`."""
        self._thread.join(CLOSE_TIMEOUT_S)

    def _run(self) -> None:
        try:
            self._judge()
        except _StoppedError:
            pass
        except BaseException as error:  # raised again in result()
            self._error = error

    def _judge(self) -> None:
        request, model = self._request, self._inference.model
        view, box, bgr = request.view, request.result.box, request.frame.bgr
        seen = SeenArea(box, view.area, view.place)
        shown = class_map_of(model, request.result.network_output, view.class_index, seen)
        painted = paint_heat(bgr, shown.placement, shown.grid, replace(view, mirror=False))
        picture = _small(box.part_of(painted), mirror=view.mirror)
        rgb = self._inference.network_view(bgr, request.result)
        heat = placed_map(shown.grid, rgb, shown.placement.offset_px).heat
        name = model.labels[view.class_index]
        for curves in deletion_and_insertion(rgb, heat, self._probability):
            self.newest = FrameJudgement(request.number, name, curves, picture)

    def _probability(self, rgb: RgbImage) -> float:
        """One look; afterwards the network is free for as long as that took."""
        if self._is_stopped.is_set():
            raise _StoppedError
        began_s = self._clock()
        output = self._inference.look_at(rgb)
        self._rest(max(0.0, self._clock() - began_s))
        return probability_in(self._inference.model, output, self._request.view.class_index)


class _StoppedError(Exception):
    """Nobody asks for the judgement any more."""


def _small(painted: npt.NDArray[np.uint8], *, mirror: bool) -> BgrImage:
    height, width = painted.shape[:2]
    scale = min(1.0, PICTURE_HEIGHT_PX / height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    shrunk = cv2.resize(painted, size, interpolation=cv2.INTER_AREA)
    if mirror:
        shrunk = cv2.flip(shrunk, 1)
    return BgrImage(np.asarray(shrunk, dtype=np.uint8))
