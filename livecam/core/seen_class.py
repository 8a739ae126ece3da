"""Which class is seen in a picture, of what leads in each window of its map."""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class AnswerLevels(NamedTuple):
    """Probabilities from which on an answer is believed, as measured at one detail.

    Of many windows the best one is often wrongly probable: the more there are, the higher both are.

    Attributes:
        seen_from: a class is seen from here on, where "other" leads in another window; 0 where
            that was not measured.
        sure_from: an answer is sure from here on; 0 where that was not measured.
    """

    seen_from: float = 0.0
    sure_from: float = 0.0


UNMEASURED = AnswerLevels()


def leader_of(
    leading: npt.NDArray[np.float64], class_choices: Collection[int], seen_from: float = 0.0
) -> tuple[int, float]:
    """The class that a picture shows, and how probable it is in its best window.

    On a large map "other" leads wherever nothing is: that hides nothing that is seen elsewhere, if
    it is probable enough. What fills the picture, so that "other" leads nowhere, has to be no more
    probable than in one window.

    Args:
        leading: float64 [classes], the probability in the best window that each class leads, else
            0.
        class_choices: indices of the classes that can be chosen (all but "other").
        seen_from: see AnswerLevels.

    Returns:
        The class's index, which may be that of "other".
    """
    leaders = np.flatnonzero(leading > 0).tolist()  # few: in one window one
    chosen = [index for index in leaders if index in class_choices]
    others = [index for index in leaders if index not in class_choices]
    best = max(chosen, key=leading.__getitem__, default=None)
    if best is None or (others and leading[best] < seen_from):
        best = max(others, key=leading.__getitem__)
    return best, float(leading[best])
