"""Where things truly are, in pixels of the network's input."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from livecam.core.bounding_box import Box
from livecam.core.types import CropBox

LEAST_SEEN = 1 / 3
"""A thing counts where at least so much of its box lies in what the network saw."""


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """The things of the judged class in what the network saw.

    Attributes:
        boxes: around each, in pixels of the network's input, cut off at its rim.
        mask: bool [height, width] of the input: the pixels of the things; those of their boxes
            where nobody knows better.
    """

    boxes: tuple[Box, ...]
    mask: npt.NDArray[np.bool_]


def truth_in(
    boxes: Sequence[Box],
    crop: CropBox,
    size_px: tuple[int, int],
    frame_mask: npt.NDArray[Any] | None = None,
) -> Truth | None:
    """The truth of a frame in what the network saw of it; None where no thing is in there.

    Args:
        boxes: around the things, in pixels of the frame.
        crop: what the network saw.
        size_px: width and height of the network's input.
        frame_mask: [height, width] of the frame, not 0 on the things; None where only boxes are
            known.
    """
    width, height = size_px
    across, down = width / crop.width, height / crop.height
    seen = []
    for box in boxes:
        scaled = Box(
            (box.left - crop.left) * across,
            (box.top - crop.top) * down,
            box.width * across,
            box.height * down,
        )
        part = scaled.clipped(width, height)
        if part.area > 0 and part.area >= LEAST_SEEN * scaled.area:
            seen.append(part)
    if not seen:
        return None
    mask = _mask_of_boxes(seen, width, height)
    if frame_mask is not None:
        own = _mask_in(frame_mask, crop, size_px)
        mask = own if own.any() else mask
    return Truth(tuple(seen), mask)


def _mask_of_boxes(boxes: Sequence[Box], width: int, height: int) -> npt.NDArray[np.bool_]:
    """The pixels whose middles lie in one of the boxes."""
    mask = np.zeros((height, width), dtype=bool)
    x, y = np.arange(width) + 0.5, np.arange(height) + 0.5
    for box in boxes:
        columns = (x >= box.left) & (x < box.right)
        rows = (y >= box.top) & (y < box.bottom)
        mask |= rows[:, np.newaxis] & columns
    return mask


def _mask_in(
    frame_mask: npt.NDArray[Any], crop: CropBox, size_px: tuple[int, int]
) -> npt.NDArray[np.bool_]:
    part = (crop.part_of(frame_mask) != 0).astype(np.float32)
    return np.asarray(cv2.resize(part, size_px, interpolation=cv2.INTER_AREA) >= 0.5)
