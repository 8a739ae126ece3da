"""A head for all classes that may be taught, given one for those that have samples already."""

from collections.abc import Sequence

import numpy as np

from livecam.core.head import Head
from livecam.core.teaching.fit import TaughtHead
from livecam.core.teaching.samples import OTHER

_NEVER = 100.0
"""So many temperatures below the least bias: a class without samples is never seen."""


def head_of_every_class(taught: TaughtHead, class_names: Sequence[str]) -> Head:
    """Class columns in the order of `class_names` and "other"; empty where nothing was learnt.

    Args:
        taught: of the classes that have samples.
        class_names: of all classes, without "other".
    """
    learnt, head = taught.classes.all_names, taught.head
    every = (*class_names, OTHER)
    kernel = np.zeros((len(head.kernel), len(every)), np.float32, order="F")
    bias = np.full(len(every), head.bias.min() - _NEVER * taught.temperature, np.float32)
    for place, name in enumerate(learnt):
        kernel[:, every.index(name)] = head.kernel[:, place]
        bias[every.index(name)] = head.bias[place]
    return Head(kernel, bias)


def empty_head(channels: int, class_names: Sequence[str]) -> Head:
    """What nothing was taught to: every picture is "other", and every map is dark."""
    bias = np.full(len(class_names) + 1, -_NEVER, np.float32)
    bias[-1] = 0.0
    return Head(np.zeros((channels, len(class_names) + 1), np.float32, order="F"), bias)
