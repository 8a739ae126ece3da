"""What is taught: samples of classes, as the network sees them; and how a sample is varied."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from livecam.core.crop import centred_square, network_view
from livecam.core.short_repr import ShortRepr
from livecam.core.types import BgrImage, CropBox, RgbImage

OTHER = "other"
"""The class of everything that is not taught."""

CROP_SHARE = 0.75
"""Side of the cropped views in sides of the square."""


BURST_GAP_S = 2.0
"""Where so long nothing was taken of a clip, a new burst begins."""

_OF_CLIP = re.compile(r"(.*)_(\d{4,}\.\d{3})\.png")
_OF_KEY = re.compile(r"(.*hold\d{4})_\d+\.png")


def clip_sample_stem(title: str, time_s: float) -> str:
    """The file of a sample of a clip, without its ending: the clip's title and its time in it."""
    return f"{title}_{time_s:08.3f}"


def key_sample_stem(hold: int, number: int) -> str:
    """The file of a sample that a key took, without its ending: which hold of the key, and which.

    Args:
        hold: counts how often keys were held, from 1.
        number: counts the samples of it, from 1.
    """
    return f"hold{hold:04d}_{number:03d}"


def bursts_of(names: Sequence[str]) -> list[list[int]]:
    """The places of these samples, those that were taken in one go together.

    Pictures that follow each other within moments are nearly the same: that the others recognise
    such a one says nothing. A hold of a key is a burst, and so is a part of a clip, until nothing
    is taken for a while; a photograph is one of its own.
    """
    bursts: dict[str, list[int]] = {}
    clips: dict[str, list[tuple[float, int]]] = {}
    for place, name in enumerate(names):
        of_clip, of_key = _OF_CLIP.fullmatch(name), _OF_KEY.fullmatch(name)
        if of_clip:
            clips.setdefault(of_clip[1], []).append((float(of_clip[2]), place))
        else:
            bursts.setdefault(of_key[1] if of_key else name, []).append(place)
    return [*bursts.values(), *(burst for taken in clips.values() for burst in _parts_of(taken))]


def _parts_of(taken: Sequence[tuple[float, int]]) -> list[list[int]]:
    """The bursts of one clip, of times and places."""
    parts: list[list[int]] = []
    before_s = -math.inf
    for time_s, place in sorted(taken):
        if time_s - before_s >= BURST_GAP_S:
            parts.append([])
        parts[-1].append(place)
        before_s = time_s
    return parts


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TaughtSample(ShortRepr):
    """One picture of a class.

    Attributes:
        name: its file, relative to the folder of the samples.
        class_index: what it shows, among the taught classes; that of "other" is the last.
        views: float32 [views, channels], the pooled features of its views; the first is that of the
            picture as it is.
        cells: float16 [rows, columns, channels], the features of the picture as it is.
    """

    name: str
    class_index: int
    views: npt.NDArray[np.float32]
    cells: npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class TaughtClasses:
    """The classes that are taught.

    Attributes:
        names: in order, without "other".
        has_other: whether "other" comes after them.
    """

    names: tuple[str, ...]
    has_other: bool

    @property
    def all_names(self) -> tuple[str, ...]:
        """With "other" where it is there."""
        return (*self.names, OTHER) if self.has_other else self.names

    def index_of(self, name: str) -> int:
        """Of a class, "other" included."""
        return self.all_names.index(name)


def views_of(bgr: BgrImage) -> list[RgbImage]:
    """The views of a picture that a head is fitted to; the first is what the network always sees.

    Crops teach that a thing may be nearer, and pay the most; mirrored ones cost nothing more.
    Changed light was tried and left out: it gained nothing.

    Args:
        bgr: uint8 [height, width, 3].

    Returns:
        uint8 RGB [224, 224, 3] each.
    """
    height, width = bgr.shape[:2]
    square = centred_square(width, height)
    whole = network_view(bgr, square)
    return [whole, _mirrored(whole), *(network_view(bgr, box) for box in _crops(square))]


def _crops(square: CropBox) -> Sequence[CropBox]:
    side = max(1, round(CROP_SHARE * square.width))
    rest = square.width - side
    corners = ((rest // 2, rest // 2), (0, 0), (rest, rest))
    return [CropBox(square.left + x, square.top + y, side, side) for x, y in corners]


def _mirrored(rgb: RgbImage) -> RgbImage:
    return RgbImage(np.ascontiguousarray(rgb[:, ::-1]))
