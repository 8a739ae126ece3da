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
from livecam.core.class_map import ClassMap, mean_of, peak_of
from livecam.core.head import Head
from livecam.core.map_centre import centre_of_map
from livecam.core.map_offset import NO_OFFSET, Offset
from livecam.core.seen_class import leader_of
from livecam.core.types import Activation, FloatGrid, NetworkOutput
from livecam.core.window_logits import best_window, is_one_window, window_logits, window_of

Probabilities = npt.NDArray[np.float64]
"""float64 [classes]."""

TOP_COUNT = 5
"""How many of the most probable classes are named."""


def activation_of(
    output: NetworkOutput, head: Head, class_index: int, offset_px: Offset = NO_OFFSET
) -> Activation:
    """The map of a class, with the logits of the window in which it is largest.

    Of MobileNet it is a 1 x 1 convolution without bias, its filter the class's column of
    `conv_preds`. A head with hidden layers is linear at one picture: the map is that of the best
    window's units. Where it is not piecewise linear, the map is that of the gradient there.

    Args:
        output: what the network gave.
        head: its classifier.
        class_index: whose map.
        offset_px: where the evidence lies; see Activation.
    """
    features, side = output.features, output.window_cells
    weights, constant = output.at_picture(head).linear_part(class_index)
    grid = head.grid(features, weights)
    window = best_window(grid, side)
    if is_one_window(grid, side):
        logits = output.logits
    elif head.is_linear:
        logits = window_logits(features, head, window, side)
    else:
        there = head.at(window_of(features, window, side))
        logits = there.logits
        weights, constant = there.linear_part(class_index)
        grid = head.grid(features, weights)
    return Activation(
        grid, logits, window, offset_px, output.temperature, constant, not head.is_exact
    )


def brightness(grid: FloatGrid, *, gain: float, reference: float) -> npt.NDArray[np.uint8]:
    """floor(255 * min(1, exp(gain * (A - reference)))) as uint8, same shape as the grid."""
    # The exponent is clipped before exp so that no activation, however large, overflows.
    exponent = np.minimum(gain * (grid.astype(np.float64) - reference), 0.0)
    return np.floor(255.0 * np.exp(exponent)).astype(np.uint8)


def reference_of(grid: FloatGrid, *, act_max: float, auto: bool) -> float:
    """The activation that is shown at full brightness: the frame's own maximum or `act_max`."""
    return float(grid.max()) if auto else act_max


def best_of(probabilities: Probabilities, class_choices: Collection[int], count: int) -> list[int]:
    """The most probable of the classes to choose from, best first; `count` at most."""
    # Sorting all of a thousand classes would take longer than everything else in here. As many as
    # cannot be chosen may stand before the last one that is wanted.
    candidates = min(len(probabilities), count + len(probabilities) - len(class_choices))
    least = np.partition(probabilities, -candidates)[-candidates]
    leaders = np.flatnonzero(probabilities >= least)
    best_first = leaders[np.argsort(-probabilities[leaders], kind="stable")]
    return [index for index in best_first.tolist() if index in class_choices][:count]


def named_in(network_output: NetworkOutput, class_choices: Collection[int]) -> tuple[int, float]:
    """The class that is named in a frame, which may be "other"; and how probable it is.

    The same windows are compared for all classes, as where the levels were measured: whose map is
    shown changes nothing.

    Args:
        network_output: what the network gave for the frame.
        class_choices: indices of the classes that can be chosen (all but "other").
    """
    if network_output.is_one_window:  # nothing to compare, and it is asked of every frame
        probabilities = network_output.probabilities
        return int(probabilities.argmax()), float(probabilities.max())
    return leader_of(network_output.leading, class_choices, network_output.levels.seen_from)


def seen_in(
    network_output: NetworkOutput, class_choices: Collection[int]
) -> tuple[int | None, float]:
    """The same, None for "other"."""
    named, certainty = named_in(network_output, class_choices)
    return named if named in class_choices else None, certainty


def seen_or_best(network_output: NetworkOutput, class_choices: Collection[int]) -> int:
    """The class that is seen; where that is "other", the most probable one to choose from."""
    seen, _ = seen_in(network_output, class_choices)
    return best_of(network_output.probabilities, class_choices, 1)[0] if seen is None else seen


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
    class_map: ClassMap, labels: Sequence[str], class_choices: Collection[int], timing: FrameTiming
) -> Stats:
    """The figures of one frame.

    Args:
        class_map: of the class that is shown.
        labels: names of the model's classes, in order.
        class_choices: indices of the classes that can be chosen (all but "other").
        timing: how long the frame took.
    """
    grid, activation, class_index = class_map.grid, class_map.activation, class_map.class_index
    of_window, output = class_map.probabilities, class_map.network_output
    seen, certainty = seen_in(output, class_choices)
    placement = class_map.placement  # what computes figures later keeps no features alive
    compared = of_window
    if not output.is_one_window:
        compared = output.probabilities.copy()
        compared[class_index] = of_window[class_index]  # one class has one probability

    def ranked() -> Ranking:
        best_first = best_of(compared, class_choices, TOP_COUNT)
        return tuple((i, labels[i], float(compared[i])) for i in best_first)

    return Stats(
        class_index=class_index,
        class_name=labels[class_index],
        maximum=float(grid.max()),
        mean=mean_of(grid),
        peak=peak_of(grid),
        logit=float(activation.logits[class_index]),
        probability=float(of_window[class_index]),
        window=activation.window,
        seen=None if seen is None else labels[seen],
        is_sure=certainty >= output.levels.sure_from,
        fps=timing.fps,
        latency_ms=timing.latency_ms,
        age_ms=timing.age_ms,
        model_ms=timing.model_ms,
        is_approximate=activation.is_approximate,
        ranked=ranked,
        located=lambda: centre_of_map(grid, placement),
    )
