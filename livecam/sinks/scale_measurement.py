"""Measures how large the maps of a network are, on what is shown anyway: for `--act-max`."""

from collections.abc import Callable

import numpy as np

from livecam.core.annotated_frame import AnnotatedFrame

ENOUGH = 50
"""Pictures that are measured."""

FEWEST = 10
"""Of a source that ends before, so many are enough."""

APART_S = 0.2
"""Frames of a video that follow each other sooner show the same."""

LEAST_PROBABILITY = 0.5
"""A picture counts where the network is so sure of the class that its map shows something."""


class ScaleMeasurement:
    """Takes the maximum of the map of each picture that counts; a protocols.Sink."""

    def __init__(self, on_measured: Callable[[float, int], None]) -> None:
        """Prepare.

        Args:
            on_measured: gets the median of the maxima, and of how many pictures, once.
        """
        self._on_measured = on_measured
        self._maxima: list[float] = []
        self._last_s: float | None = None
        self._is_done = False

    def show(self, annotated: AnnotatedFrame) -> None:
        """Measure one frame, if it counts."""
        frame = annotated.frame
        if self._is_done or annotated.stats.probability < LEAST_PROBABILITY:
            return
        is_near = self._last_s is not None and abs(frame.time_s - self._last_s) < APART_S
        if is_near and not frame.is_photograph:
            return
        self._last_s = frame.time_s
        self._maxima.append(annotated.stats.maximum)
        if len(self._maxima) >= ENOUGH:
            self.finish()

    def finish(self) -> None:
        """Report what was measured, if it is enough; harmless when called again."""
        if not self._is_done and len(self._maxima) >= FEWEST:
            self._is_done = True
            self._on_measured(float(np.median(self._maxima)), len(self._maxima))
