"""The mirror test on pictures: how far a network's maps lie from the evidence, by class."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from livecam.assembly.open_model import OpenedModel
from livecam.core.crop import network_view
from livecam.core.map_offset import Offset
from livecam.core.map_quality.mirror_test import (
    MedianInterval,
    OffsetInterval,
    down_laid_by_mirror,
    median_interval,
    offset_by_mirror,
    offset_interval,
)
from livecam.core.network_size import Look
from livecam.core.softmax import softmax
from livecam.core.types import BgrImage, RgbImage

LEAST_PROBABILITY = 0.5
"""A picture counts where the network is so sure of a class that its map shows something."""

LEAST_PICTURES = 10
"""A class has a row of its own from so many pictures on."""

_QUARTER_TURNS = (1, 3)
"""A picture is laid on its left side and on its right one."""


@dataclass(frozen=True, slots=True)
class ClassOffset:
    """What the pictures of one class show.

    Attributes:
        class_index: among the model's classes.
        class_name: its first name.
        interval: of the offset, and from how many pictures.
        carried: what the model carries for this class now.
        down_laid: of the offset in y of the pictures laid on their side, those in which the class
            is still probable; None for none. Where it is another one than that of upright
            pictures, things of this class are not the same upside down.
    """

    class_index: int
    class_name: str
    interval: OffsetInterval
    carried: Offset
    down_laid: MedianInterval | None = None


@dataclass(frozen=True, slots=True)
class PictureOffset:
    """What one picture shows: the offset, and that in y of the picture laid on its side."""

    offset: Offset
    down_laid: float | None = None


@dataclass(frozen=True, slots=True)
class MirrorOffsets:
    """The result of a mirror test.

    Attributes:
        over_all: of all pictures that count, whatever their class.
        over_all_laid: the offset in y of those that were recognised on their side.
        classes: of those with enough pictures, most pictures first.
        pictures: how many were looked at.
    """

    over_all: OffsetInterval | None
    classes: tuple[ClassOffset, ...]
    pictures: int
    over_all_laid: MedianInterval | None = None


def measure_mirror_offsets(
    model: OpenedModel, pictures: Iterable[BgrImage], look: Look
) -> MirrorOffsets:
    """Look at each picture, mirrored, upside down and on its side, each time at its own class.

    Args:
        model: the network.
        pictures: uint8 [height, width, 3]; of each the most probable class counts, where it is at
            least 50 % probable.
        look: part of the pictures, and detail.
    """
    by_class: dict[int, list[PictureOffset]] = {}
    count = 0
    for bgr in pictures:
        count += 1
        height, width = bgr.shape[:2]
        size_px = look.network_size_px(width, height, model.input_size)
        rgb = network_view(bgr, look.box_in(width, height), size_px)
        for class_index, shown in _shown_by(model, rgb):
            by_class.setdefault(class_index, []).append(shown)
    rng = np.random.default_rng(0)
    everything = [shown for of_class in by_class.values() for shown in of_class]
    over_all = offset_interval([shown.offset for shown in everything], rng)
    most_first = sorted(by_class.items(), key=lambda item: -len(item[1]))
    classes = tuple(
        ClassOffset(
            index,
            model.labels[index],
            interval,
            model.spec.map_offset_of(index),
            median_interval(_laid(of_class), rng),
        )
        for index, of_class in most_first
        if len(of_class) >= LEAST_PICTURES
        and (interval := offset_interval([shown.offset for shown in of_class], rng)) is not None
    )
    return MirrorOffsets(over_all, classes, count, median_interval(_laid(everything), rng))


def _laid(shown: Sequence[PictureOffset]) -> list[float]:
    return [one.down_laid for one in shown if one.down_laid is not None]


def _shown_by(model: OpenedModel, rgb: RgbImage) -> Iterator[tuple[int, PictureOffset]]:
    """Class and offset of one picture; nothing where no class is probable."""
    output = model.infer(rgb)
    probabilities = softmax(output.logits, output.temperature)
    likeliest = int(probabilities.argmax())
    if probabilities[likeliest] < LEAST_PROBABILITY or likeliest not in model.class_choices:
        return
    mirrored = model.measure(_contiguous(rgb[:, ::-1]), likeliest)
    flipped = model.measure(_contiguous(rgb[::-1]), likeliest)
    offset = offset_by_mirror(
        model.activation(output, likeliest).grid, mirrored.grid[:, ::-1], flipped.grid[::-1]
    )
    if offset is not None:
        yield likeliest, PictureOffset(offset, _down_laid(model, rgb, likeliest))


def _down_laid(model: OpenedModel, rgb: RgbImage, class_index: int) -> float | None:
    """The offset in y of the picture laid on both sides, where the class is probable there."""
    found = []
    for turns in _QUARTER_TURNS:
        laid = np.rot90(rgb, turns)
        seen = [model.measure(_contiguous(one), class_index) for one in (laid, laid[::-1])]
        least = min(softmax(one.logits, one.temperature)[class_index] for one in seen)
        down = down_laid_by_mirror(seen[0].grid, seen[1].grid[::-1])
        if down is not None and least >= LEAST_PROBABILITY:
            found.append(down)
    return float(np.mean(found)) if found else None


def _contiguous(rgb: npt.NDArray[np.uint8]) -> RgbImage:
    return RgbImage(np.ascontiguousarray(rgb))
