"""What travels through the program: frozen values, nothing that owns a device."""

from dataclasses import dataclass
from typing import NewType

import numpy as np
import numpy.typing as npt

BgrImage = NewType("BgrImage", npt.NDArray[np.uint8])
"""uint8 [height, width, 3], channels blue, green, red: OpenCV's order."""

RgbImage = NewType("RgbImage", npt.NDArray[np.uint8])
"""uint8 [height, width, 3], channels red, green, blue: the network's order."""

FloatGrid = npt.NDArray[np.float32]
"""float32 [rows, columns]; 7 x 7 for an input of 224 x 224."""

NETWORK_SIDE_PX = 224
"""Side of the square that the network sees, in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a source.

    Attributes:
        bgr: the pixels, read-only: nobody paints on what the network sees.
        index: 0 for the first frame of the source.
        time_s: the frame's own time in seconds since the first frame of the source.
        name: what the frame is called where that means something (a picture's file), else "".
    """

    bgr: BgrImage
    index: int
    time_s: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class CropBox:
    """A square of a picture, in pixels: `bgr[top:top + side, left:left + side]`."""

    left: int
    top: int
    side: int


@dataclass(frozen=True, slots=True, eq=False)
class Activation:
    """What the network says about one square.

    Attributes:
        grid: float32 [7, 7], contribution `A` of each place to the class's logit (no bias).
        logits: float32 [classes], all of them, biases included; `grid.mean() + bias == logit`.
    """

    grid: FloatGrid
    logits: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Stats:
    """The figures of one frame: what the screen shows and what `--stats` writes.

    Attributes:
        class_index: index of the class among the model's own classes.
        class_name: its first name.
        maximum: largest value of the grid (`max` in the output).
        mean: mean of the grid.
        peak: row and column of the maximum, (0, 0) at the top left.
        logit: the class's logit: `mean` + bias.
        probability: the class's softmax over all classes of the model.
        top: the most probable finds as (index, name, probability), best first, five at most.
        seen: name of the most probable class of all; None where that is no find ("other").
        fps: frames per second over the last frames; None until two frames were seen.
        latency_ms: milliseconds from the frame's arrival in the loop to its finished picture.
    """

    class_index: int
    class_name: str
    maximum: float
    mean: float
    peak: tuple[int, int]
    logit: float
    probability: float
    top: tuple[tuple[int, str, float], ...]
    seen: str | None
    fps: float | None
    latency_ms: float


@dataclass(frozen=True, slots=True)
class View:
    """What the person chose to see; keys lead from one view to the next (controls.py).

    Nothing in here reaches the network: toggles change the drawing, the numbers keep flowing.

    Attributes:
        class_index: the class whose map is shown.
        class_cycle: the classes that `n` and `p` walk through.
        interpolation: "bilinear" or "nearest".
        style: "colour" (colour map blended in) or "brightness" (the picture multiplied).
        colormap: a name of paint.COLORMAPS.
        opacity: 0 shows the picture alone, 1 the colours alone.
        act_max: the fixed reference of the brightness.
        auto: take each frame's own maximum as the reference instead of `act_max`.
        gain: the factor in exp(gain * (A - ref)).
        overlay: whether heat is drawn at all.
        figures: whether the figures are drawn.
        top_five: whether the five most probable classes are drawn.
        mirror: whether the picture is flipped left to right before the text is drawn.
        help: whether the table of keys is drawn.
        fullscreen: whether the window fills the screen.
        paused: whether the source is held.
        recording: whether frames go to the recorder.
        snapshots: how many annotated pictures were asked for so far.
        clean_snapshots: how many clean pictures with their numbers were asked for so far.
        leaving: whether the person asked to quit.
    """

    class_index: int
    class_cycle: tuple[int, ...]
    interpolation: str = "bilinear"
    style: str = "colour"
    colormap: str = "inferno"
    opacity: float = 0.5
    act_max: float = 36.0
    auto: bool = False
    gain: float = 0.1
    overlay: bool = True
    figures: bool = True
    top_five: bool = False
    mirror: bool = False
    help: bool = False
    fullscreen: bool = False
    paused: bool = False
    recording: bool = False
    snapshots: int = 0
    clean_snapshots: int = 0
    leaving: bool = False


@dataclass(frozen=True, slots=True)
class RecorderState:
    """How the recorder is doing: what the screen says beside the recording time.

    Attributes:
        dropped: frames that the encoder had no time for, so far.
        minutes_left: how long the disk will last; None where nobody knows yet.
        is_broken: the recording failed, although the view still asks for it.
    """

    dropped: int = 0
    minutes_left: float | None = None
    is_broken: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One frame with everything that became of it: what sinks receive.

    Attributes:
        frame: the untouched picture.
        box: the square that the network saw; also where heat was drawn.
        activation: grid and logits.
        stats: the figures drawn from them.
        view: the view that it was painted with.
        picture: the annotated picture, uint8 BGR, same size as the frame.
        pauses: how many times the source was held before this frame.
    """

    frame: Frame
    box: CropBox
    activation: Activation
    stats: Stats
    view: View
    picture: BgrImage
    pauses: int = 0
