"""Images, frames, crop boxes, activations: the frozen values of the program."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, NewType

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
        bgr: the pixels, read-only, so that no drawing changes what the network sees.
        index: 0 for the first frame of the source.
        time_s: the frame's own time in seconds since the first frame of the source.
        name: what the frame is called where that means something (a picture's file), else "".
        captured_s: when it was taken, as well as can be known, on the clock of the program
            (time.perf_counter); None for what is not live.
        drops: what a live source has dropped so far.
        source_rate: pictures per second that a live source gave over the last ones.
        is_still: the source was opened again because its picture stood still, and this one is
            still the same.
        duration_s: how long the frame lasts, where the source knows.
    """

    bgr: BgrImage
    index: int
    time_s: float
    name: str = ""
    captured_s: float | None = None
    drops: Drops = NO_DROPS
    source_rate: float | None = None
    is_still: bool = False
    duration_s: float | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a live source gives where it has no frame: the loop stays awake.

    Attributes:
        time_s: the source's own time now.
        reason: what is waited for, to be read by a user; "" where the next frame is simply not
            due yet.
        waited_s: for how long; since the last good frame, where there was one.
        next_try_s: seconds until the source is opened again; None where that is going on, or
            the time is not known.
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
class NetworkOutput:
    """What the network gives for one square, before a class is chosen.

    Attributes:
        features: float32 [7, 7, channels], output of `conv_pw_13_relu`.
        logits: float32 [classes], all of them, biases included.
    """

    features: npt.NDArray[np.float32]
    logits: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class InferenceResult:
    """Where in a frame the network looked, and what it gave.

    Attributes:
        box: the square.
        network_output: of this frame, or held from an earlier one.
        took_s: seconds that it took, cropping included.
        network_s: the part of it that the network took.
    """

    box: CropBox
    network_output: NetworkOutput
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


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """The weights of `conv_preds`: kernel float32 [channels, classes], bias float32 [classes]."""

    kernel: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A finished file.

    Attributes:
        id: stands for the path, and for nothing else.
        path: never sent to a viewer.
        kind: what it is.
        media_type: for the browser.
        size_bytes: how large.
        made_at: when it was finished, in local time.
    """

    id: str
    path: Path
    kind: Literal["video", "picture"]
    media_type: str
    size_bytes: int
    made_at: datetime
