"""Images, frames, crop boxes, activations: the frozen values of the program."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Literal, NewType

import numpy as np
import numpy.typing as npt

from livecam.core.head import Head, HeadAtPicture
from livecam.core.seen_class import UNMEASURED, AnswerLevels
from livecam.core.short_repr import ShortRepr
from livecam.core.softmax import softmax
from livecam.core.window_logits import (
    WINDOW_CELLS,
    is_one_window,
    leading_probabilities,
    window_probabilities,
)

BgrImage = NewType("BgrImage", npt.NDArray[np.uint8])
"""uint8 [height, width, 3], channels blue, green, red: OpenCV's order."""

RgbImage = NewType("RgbImage", npt.NDArray[np.uint8])
"""uint8 [height, width, 3], channels red, green, blue: the network's order."""

FloatGrid = npt.NDArray[np.float32]
"""float32 [rows, columns], one cell for 32 x 32 pixels of the network's input: 7 x 7 for
224 x 224."""


NETWORK_SIDE_PX = 224
"""Shorter side of what the network sees at detail 1, in pixels: the size it was trained at."""

CELL_PX = 32
"""Side of one cell of the map, in pixels of the network's input; its sides are multiples of it."""


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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Frame(ShortRepr):
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
        taken_at: when it was taken, as the file says; of photographs without a zone where they
            name none. None for what is live, and where nobody knows.
        is_photograph: it is a still picture of a file: there are no frames per second.
        is_annotated: livecam has drawn a map into the pixels already: it is of such a recording.
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
    taken_at: datetime | None = None
    is_photograph: bool = False
    is_annotated: bool = False


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
    """Where in a picture the network looked, in its pixels: a square, or all of the picture."""

    left: int
    top: int
    width: int
    height: int

    def covers(self, width_px: int, height_px: int) -> bool:
        """Whether it is all of a picture of this size."""
        return (self.left, self.top, self.width, self.height) == (0, 0, width_px, height_px)

    def part_of(self, picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Its pixels, not copied: uint8 [height, width, 3]."""
        return picture[self.top : self.top + self.height, self.left : self.left + self.width]


@dataclass(frozen=True, eq=False, repr=False)
class NetworkOutput(ShortRepr):
    """What the network gives for one look at a picture, before a class is chosen.

    Attributes:
        features: float32 [rows, columns, channels], what the network gives before the pooling:
            of MobileNet v1 the output of `conv_pw_13_relu`.
        known_logits: float32 [classes], as `logits`, where they need not be computed.
        head: the classifier; not needed for one window of cells whose logits are known.
        is_turned_mean: whether it is the mean with the picture turned by 180 degrees
            (core/turned_mean.py): then maps lie where their cells are.
        temperature: the probabilities are the softmax of the logits divided by it.
        window_cells: side of the map that the classifier was trained for; larger ones have windows
            (core/window_logits.py).
        levels: probabilities from which on an answer is believed.
        head_at_picture: the head at these features, where it was run on them already.
    """

    features: npt.NDArray[np.float32]
    known_logits: npt.NDArray[np.float32] | None = None
    head: Head | None = None
    is_turned_mean: bool = False
    temperature: float = 1.0
    window_cells: int = WINDOW_CELLS
    levels: AnswerLevels = UNMEASURED
    head_at_picture: HeadAtPicture | None = None

    def at_picture(self, head: Head) -> HeadAtPicture:
        """This head at these features: known already, or computed now."""
        known = self.head_at_picture
        if known is not None and known.is_of(head, self.features):
            return known
        return head.at(self.features)

    @cached_property
    def logits(self) -> npt.NDArray[np.float32]:
        """float32 [classes], all of them, biases included, over all cells."""
        if self.known_logits is not None:
            return self.known_logits
        if self.head is None:
            raise ValueError("logits need a head, where they are not given")
        return self.at_picture(self.head).logits

    @property
    def is_one_window(self) -> bool:
        """Whether the classifier sees all of it at once."""
        return self.head is None or is_one_window(self.features, self.window_cells)

    @cached_property
    def probabilities(self) -> npt.NDArray[np.float64]:
        """float64 [classes]: the softmax of the logits; computed when it is asked for.

        On more cells than a window it is, for each class, the softmax in the window where it is
        largest (core/window_logits.py).
        """
        if self.is_one_window:
            return softmax(self.logits, self.temperature)
        return np.asarray(self._of_windows.max(axis=0), dtype=np.float64)

    @cached_property
    def leading(self) -> npt.NDArray[np.float64]:
        """float64 [classes]: the probability in the best window that the class leads, else 0.

        In one window one class leads, the most probable one.
        """
        return leading_probabilities(self._of_windows)

    @cached_property
    def _of_windows(self) -> npt.NDArray[np.float64]:
        """float64 [windows, classes]; as many cells as it was trained for are one window."""
        if self.head is None or self.is_one_window:
            return softmax(self.logits, self.temperature)[None]
        return window_probabilities(self.features, self.head, self.temperature, self.window_cells)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class InferenceResult(ShortRepr):
    """Where in a frame the network looked, and what it gave.

    Attributes:
        box: what it saw.
        network_output: of this frame, or held from an earlier one.
        took_s: seconds that it took, cropping included.
        network_s: the part of it that the network took.
    """

    box: CropBox
    network_output: NetworkOutput
    took_s: float
    network_s: float


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Activation(ShortRepr):
    """What the network says about one look at a picture.

    Attributes:
        grid: float32 [rows, columns], contribution `A` of each place to the class's logit; no
            bias.
        logits: float32 [classes], of the window, all of them, biases included: the mean of `grid`
            over the window plus `constant` is the class's logit.
        window: first row and column of the window (of MobileNet 7 x 7 cells) in which the class's
            map is largest in the mean; (0, 0) of a grid that is one window.
        offset_px: how much further right and down than an even grid of cells says the evidence
            lies, x and y in pixels of the network's input.
        temperature: the probabilities are the softmax of the logits divided by it.
        constant: the part of the logit that no place adds: the class's bias; of a head with hidden
            layers that of the units which are on, and of an approximate map what is left.
        is_approximate: whether the map is that of the gradient, as the head has no exact one
            (core/head.py).
    """

    grid: FloatGrid
    logits: npt.NDArray[np.float32]
    window: tuple[int, int] = (0, 0)
    offset_px: tuple[float, float] = (0.0, 0.0)
    temperature: float = 1.0
    constant: float = 0.0
    is_approximate: bool = False


@dataclass(frozen=True, slots=True)
class CameraChoice:
    """An attached camera that may be shown.

    Attributes:
        number: as in `livecam devices`.
        name: what its maker calls it.
        is_shown: whether its pictures are shown now.
    """

    number: int
    name: str
    is_shown: bool


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
        duration_s: how long the video is; None while that is unknown, and of a picture.
        companions: figures beside it, which are deleted with it.
    """

    id: str
    path: Path
    kind: Literal["video", "picture"]
    media_type: str
    size_bytes: int
    made_at: datetime
    duration_s: float | None = None
    companions: tuple[Path, ...] = ()
