"""Which class is shown while it follows what is seen (`--class auto`), without flickering."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from livecam.core.types import Frame, NetworkOutput
from livecam.core.view import View

LEAD = 0.1
"""So much more probable another class has to be than the one that is shown, ..."""

HOLD_S = 0.4
"""... for so long in the frames' own time, before it is shown instead."""


class ClassFollower:
    """Chooses the class of each frame among those that `n` and `p` walk through.

    The first frame, and a frame of another file, shows its most probable class at once. A frame
    that comes long after the one before, or that is looked at otherwise while it stands still,
    shows one that leads at once.
    """

    def __init__(self) -> None:
        self._scene: str | None = None  # the file of the last frame; None while not following
        self._challenger: int | None = None
        self._since_s = 0.0
        self._last: tuple[Frame, NetworkOutput] | None = None
        self._cycle: tuple[int, ...] = ()
        self._choices = np.array([], dtype=np.intp)

    def view_of(self, view: View, frame: Frame, output: NetworkOutput) -> View:
        """The view with the class that this frame is to be shown with.

        Args:
            view: as it is; without `follows` it stays so.
            frame: the one that comes now.
            output: what the network says about it.
        """
        if not view.follows:
            self._scene = self._last = None
            return view
        probabilities = output.probabilities
        best = self._best_of(view.class_cycle, probabilities)
        if frame.name != self._scene:
            self._scene, self._challenger = frame.name, None
            chosen = best
        else:
            at_once = self._says_enough(frame, output)
            hold_s = 0.0 if at_once else HOLD_S
            chosen = self._held(view.class_index, best, probabilities, frame.time_s, hold_s)
        self._last = frame, output
        return view if chosen == view.class_index else replace(view, class_index=chosen)

    def _best_of(self, cycle: Sequence[int], probabilities: npt.NDArray[np.float64]) -> int:
        if cycle is not self._cycle:
            self._cycle, self._choices = tuple(cycle), np.array(cycle, dtype=np.intp)
        return int(self._choices[probabilities[self._choices].argmax()])

    def _says_enough(self, frame: Frame, output: NetworkOutput) -> bool:
        """Whether this frame decides by itself: it comes long after, or is looked at anew."""
        if self._last is None:
            return False
        before, seen = self._last
        return frame.time_s - before.time_s >= HOLD_S or (frame is before and output is not seen)

    def _held(
        self,
        shown: int,
        best: int,
        probabilities: npt.NDArray[np.float64],
        time_s: float,
        hold_s: float,
    ) -> int:
        """The class that is shown, until another one has led clearly and for long enough."""
        if probabilities[best] - probabilities[shown] < LEAD:
            self._challenger = None
            return shown
        if best != self._challenger or time_s < self._since_s:
            self._challenger, self._since_s = best, time_s
        if time_s - self._since_s < hold_s:
            return shown
        self._challenger = None
        return best
