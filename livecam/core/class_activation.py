"""The class activation map: grid, brightness, softmax, most probable classes, figures.

Source of the brightness formula: "Object detection I: CNN Heat Maps" of *TFjs notes*.
Source of the map: Zhou et al., "Learning Deep Features for Discriminative Localization" (2016):
global average pooling and a 1 x 1 convolution commute, so the mean of the map plus the class's
bias is the class's logit.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from livecam.core.annotated_frame import Ranking, Stats
from livecam.core.types import Activation, FloatGrid

TOP_COUNT = 5
"""How many of the most probable classes are named."""


def class_grid(
    features: npt.NDArray[np.float32], kernel: npt.NDArray[np.float32], class_index: int
) -> FloatGrid:
    """The head: a 1 x 1 convolution without bias, its filter the class's column.

    Args:
        features: float32 [7, 7, channels], output of `conv_pw_13_relu`.
        kernel: float32 [channels, classes], the weights of `conv_preds`.
        class_index: which column.

    Returns:
        float32 [7, 7]: how much each place contributes to the class.
    """
    return np.asarray(features @ kernel[:, class_index], dtype=np.float32)


def brightness(grid: FloatGrid, *, gain: float, reference: float) -> npt.NDArray[np.uint8]:
    """floor(255 * min(1, exp(gain * (A - reference)))) as uint8, same shape as the grid."""
    # The exponent is clipped before exp so that no activation, however large, overflows.
    exponent = np.minimum(gain * (grid.astype(np.float64) - reference), 0.0)
    return np.floor(255.0 * np.exp(exponent)).astype(np.uint8)


def reference_of(grid: FloatGrid, *, act_max: float, auto: bool) -> float:
    """The activation that is shown at full brightness: the frame's own maximum or `act_max`."""
    return float(grid.max()) if auto else act_max


def softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Probabilities [classes] of logits [classes], in double precision."""
    powers = np.exp(logits.astype(np.float64) - float(logits.max()))
    return np.asarray(powers / powers.sum(), dtype=np.float64)


def peak_of(grid: FloatGrid) -> tuple[int, int]:
    """Row and column of the largest value; the first in reading order where several are equal."""
    row, column = divmod(int(grid.argmax()), grid.shape[1])
    return row, column


def best_of(
    probabilities: npt.NDArray[np.float64], finds: Collection[int], count: int
) -> list[int]:
    """The most probable classes among the finds, best first; `count` at most."""
    # Sorting all of a thousand classes would take longer than everything else in here. As many as
    # are no finds may stand before the last one that is wanted.
    candidates = min(len(probabilities), count + len(probabilities) - len(finds))
    least = np.partition(probabilities, -candidates)[-candidates]
    leaders = np.flatnonzero(probabilities >= least)
    best_first = leaders[np.argsort(-probabilities[leaders], kind="stable")]
    return [index for index in best_first.tolist() if index in finds][:count]


@dataclass(frozen=True, slots=True)
class FrameTiming:
    """How long a frame took, and how often they come.

    Attributes:
        fps: measured rate in frames per second; None where there is none yet.
        latency_ms: time that was worked on the frame so far.
        age_ms: how old a live picture was when it was shown; None for what is not live.
        model_ms: the part of `latency_ms` that the network took.
    """

    fps: float | None = None
    latency_ms: float = 0.0
    age_ms: float | None = None
    model_ms: float = 0.0


def stats_of(
    activation: Activation,
    class_index: int,
    labels: Sequence[str],
    finds: Collection[int],
    timing: FrameTiming,
) -> Stats:
    """The figures of one frame.

    Args:
        activation: grid and logits.
        class_index: the class of the grid.
        labels: names of the model's classes, in order.
        finds: indices of the classes that count as finds (all but "other").
        timing: how long the frame took.
    """
    grid = activation.grid
    probabilities = softmax(activation.logits)
    likeliest = int(probabilities.argmax())

    def ranked() -> Ranking:
        best_first = best_of(probabilities, finds, TOP_COUNT)
        return tuple((i, labels[i], float(probabilities[i])) for i in best_first)

    return Stats(
        class_index=class_index,
        class_name=labels[class_index],
        maximum=float(grid.max()),
        mean=float(grid.mean()),
        peak=peak_of(grid),
        logit=float(activation.logits[class_index]),
        probability=float(probabilities[class_index]),
        seen=labels[likeliest] if likeliest in finds else None,
        fps=timing.fps,
        latency_ms=timing.latency_ms,
        age_ms=timing.age_ms,
        model_ms=timing.model_ms,
        ranked=ranked,
    )
