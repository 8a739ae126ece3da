"""Learning rates and picture sizes as functions of how much of the training is done."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from training.settings import Optimiser, Stage


def rate_at(done: float, optimiser: Optimiser) -> float:
    """Return the learning rate when the part `done` (0..1) is over: warm-up, then a cosine."""
    if done < optimiser.warm_up:
        return optimiser.peak_rate * (0.02 + 0.98 * done / optimiser.warm_up)
    along = min(1.0, (done - optimiser.warm_up) / (1.0 - optimiser.warm_up))
    return optimiser.peak_rate * 0.5 * (1.0 + math.cos(math.pi * along))


def stage_at(done: float, stages: Sequence[Stage]) -> Stage:
    """Return the stage in force when the part `done` (0..1) is over."""
    until = 0.0
    for stage in stages:
        until += stage.share
        if done < until:
            return stage
    return stages[-1]


@dataclass
class Progress:
    """The part of the training that is over, by steps or, with `seconds`, by the clock."""

    steps: int
    seconds: float | None = None
    done_before: float = 0.0  # of a run that is continued
    clock: Callable[[], float] = monotonic

    def __post_init__(self) -> None:
        self._from = self.clock()

    def at(self, step: int) -> float:
        """Return the part that is done at a step: 0..1, and more after the end."""
        if self.seconds is None:
            return step / self.steps
        return self.done_before + (self.clock() - self._from) / self.seconds
