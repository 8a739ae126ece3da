"""Judges the frame on the screen in a thread of its own; source, loop and recording go on.

The frame is the one that is shown when it is asked for. It is kept small in the judgement, because
a live picture has long changed when the curves are there.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from livecam.core.types import Frame, InferenceResult
from livecam.core.view import View
from livecam.pipeline.inference import Inference

if TYPE_CHECKING:  # imported where a judgement is asked for
    from livecam.core.frame_judgement import FrameJudgement
    from livecam.pipeline.judging_task import JudgingTask


class FrameJudge:
    """One judgement at a time, begun and ended by `View.judged`. Used in the loop's thread."""

    def __init__(
        self,
        inference: Inference,
        *,
        clock: Callable[[], float] = time.perf_counter,
        rest: Callable[[float], object] | None = None,
    ) -> None:
        """Nothing is judged yet.

        Args:
            inference: runs the network between the looks at frames.
            clock: seconds, of the same time as `rest`. Not the pipeline's: that one may run ahead
                of the thread that rests, and a look would seem to have taken hours.
            rest: how to wait between two looks, so that frames come first; None for a wait that
                ends where nobody asks for the judgement any more.
        """
        self._inference, self._clock, self._rest = inference, clock, rest
        self._number = 0
        self._task: JudgingTask | None = None
        self._stopped: list[JudgingTask] = []

    @property
    def points(self) -> int:
        """How many points of the curves there are: grows while something is computed."""
        newest = self._task.newest if self._task is not None else None
        return newest.curves.points if newest is not None else 0

    def judgement(
        self, view: View, frame: Frame, result: InferenceResult
    ) -> "FrameJudgement | None":
        """What is to be shown beside the frame; None where nothing is asked for, or not yet there.

        Args:
            view: whether a judgement is asked for, and of which class.
            frame: the one on the screen; judged if none is yet.
            result: what the network gave for it.

        Raises:
            Exception: whatever the network raised meanwhile.
        """
        if not view.judged:
            self._stop()
            return None
        if self._task is None:
            from livecam.pipeline.judging_task import JudgingRequest, JudgingTask

            self._number += 1
            request = JudgingRequest(self._number, view, frame, result)
            self._task = JudgingTask(request, self._inference, self._clock, self._rest)
        return self._task.result()

    def close(self) -> None:
        """End what is computed, and wait until no thread is in the network any more."""
        self._stop()
        for task in self._stopped:
            task.join()

    def _stop(self) -> None:
        if self._task is not None:
            self._task.stop()
            self._stopped = [task for task in self._stopped if task.is_alive()] + [self._task]
            self._task = None
