"""What travels through the program: frozen values, nothing that owns a device."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NewType

import numpy as np
import numpy.typing as npt

BgrImage = NewType("BgrImage", npt.NDArray[np.uint8])
"""uint8 [height, width, 3], channels blue, green, red: OpenCV's order."""

RgbImage = NewType("RgbImage", npt.NDArray[np.uint8])
"""uint8 [height, width, 3], channels red, green, blue: the network's order."""

FloatGrid = npt.NDArray[np.float32]
"""float32 [rows, columns]; 7 x 7 for an input of 224 x 224."""

Ranking = tuple[tuple[int, str, float], ...]
"""Classes as (index, name, probability), best first."""

NETWORK_SIDE_PX = 224
"""Side of the square that the network sees, in pixels."""


@dataclass(frozen=True, slots=True)
class Drops:
    """Pictures of a live source that were not shown, by cause, since it was opened.

    Attributes:
        newer: a newer one came before anybody had time for this one.
        stale: it came so late that it no longer showed the present.
        repeated: the very same picture as the one before.
        damaged: it could not be read or decoded.
    """

    newer: int = 0
    stale: int = 0
    repeated: int = 0
    damaged: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.newer + self.stale + self.repeated + self.damaged


NO_DROPS = Drops()


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a source.

    Attributes:
        bgr: the pixels, read-only: nobody paints on what the network sees.
        index: 0 for the first frame of the source.
        time_s: the frame's own time in seconds since the first frame of the source.
        name: what the frame is called where that means something (a picture's file), else "".
        captured_s: when it was taken, as well as can be known, on the clock of the program
            (time.perf_counter); None for what is not live.
        drops: what a live source has dropped so far.
        source_rate: pictures per second that a live source gave over the last ones.
        is_still: the source was opened again because its picture stood still, and this one is
            still the same.
    """

    bgr: BgrImage
    index: int
    time_s: float
    name: str = ""
    captured_s: float | None = None
    drops: Drops = NO_DROPS
    source_rate: float | None = None
    is_still: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a live source gives where it has no frame: the loop stays awake.

    Attributes:
        time_s: the source's own time now.
        reason: what is waited for, to be read by a person; "" where the next frame is simply not
            due yet.
        waited_s: for how long; since the last good frame, where there was one.
        next_try_s: seconds until the source is opened again; None where that is going on, or
            nobody knows when.
        doing: what goes on instead, like "opening it again"; "" where nothing is to be said.
    """

    time_s: float
    reason: str = ""
    waited_s: float = 0.0
    next_try_s: float | None = None
    doing: str = ""


@dataclass(frozen=True, slots=True)
class CropBox:
    """A square of a picture, in pixels: `bgr[top:top + side, left:left + side]`."""

    left: int
    top: int
    side: int


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What the network gives for one square, before a class is chosen.

    Attributes:
        features: float32 [7, 7, channels], output of `conv_pw_13_relu`.
        logits: float32 [classes], all of them, biases included.
    """

    features: npt.NDArray[np.float32]
    logits: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """Where the network looked in a frame, and what it gave.

    Attributes:
        box: the square.
        evidence: of this frame, or held from an earlier one.
        took_s: seconds that looking took, cropping included.
        network_s: the part of it that the network took.
    """

    box: CropBox
    evidence: Evidence
    took_s: float
    network_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Activation:
    """What the network says about one square.

    Attributes:
        grid: float32 [7, 7], contribution `A` of each place to the class's logit (no bias).
        logits: float32 [classes], all of them, biases included; `grid.mean() + bias == logit`.
    """

    grid: FloatGrid
    logits: npt.NDArray[np.float32]


@dataclass(frozen=True)
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
        seen: name of the most probable class of all; None where that is no find ("other").
        fps: frames per second over the last frames; None until two frames were seen.
        latency_ms: milliseconds that were worked on the frame until its picture was finished.
        age_ms: milliseconds from the capture of the frame before this one to its appearance on
            the screen; None for what is not live, and for the first frame.
        model_ms: the part of `latency_ms` that the network took.
        ranked: finds out what `top` says.
    """

    class_index: int
    class_name: str
    maximum: float
    mean: float
    peak: tuple[int, int]
    logit: float
    probability: float
    seen: str | None
    fps: float | None
    latency_ms: float
    age_ms: float | None = None
    model_ms: float = 0.0
    ranked: Callable[[], Ranking] = field(default=tuple, repr=False, compare=False)

    @cached_property
    def top(self) -> Ranking:
        """The most probable finds, best first, five at most; sorted only when asked for."""
        return self.ranked()


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
        rate: frames per second that the encoder could do alone; None where nobody knows yet.
    """

    dropped: int = 0
    minutes_left: float | None = None
    is_broken: bool = False
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """What each part of the way could do, in pictures per second, before the present frame.

    None where nobody knows (yet), and for what is not live.

    Attributes:
        model: the network alone.
        paint: cropping and drawing alone.
        encoder: the recording alone.
        screen: window and page alone.
        limit: one sentence on what keeps the rate below what was asked, "" for nothing.
    """

    model: float | None = None
    paint: float | None = None
    encoder: float | None = None
    screen: float | None = None
    limit: str = ""


NO_RATES = Rates()


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
        gaps: how many times it was lost and found again before this frame.
        waiting_for: what a placard in a recording says; "" for a shot of a real frame.
        recording_s: seconds recorded so far, None while not recording.
        rates: what each part of the way could do.
    """

    frame: Frame
    box: CropBox
    activation: Activation
    stats: Stats
    view: View
    picture: BgrImage
    pauses: int = 0
    gaps: int = 0
    waiting_for: str = ""
    recording_s: float | None = None
    rates: Rates = NO_RATES
