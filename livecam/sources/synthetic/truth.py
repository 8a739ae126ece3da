"""Pictures of the daisy scene with the truth about them: a mask and a box of every flower.

The truth comes from the renderer itself, which draws the number of the flower in the place of its
colour. It is what the place of a map and the boxes are checked against.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from livecam.core.bounding_box import Box, box_of_mask
from livecam.core.types import BgrImage
from livecam.sources.synthetic.projection import Pose
from livecam.sources.synthetic.renderer import render, render_flower_numbers, render_head
from livecam.sources.synthetic.scene import Scene

# Views from the side show flowers behind each other. One flower may be large, five are to fit.
_YAWS_RAD, _PITCHES_RAD = (-np.pi, np.pi), (0.4, 1.45)
_ZOOMS_OF_ONE, _ZOOMS_OF_MORE = (0.2, 1.3), (0.2, 0.6)
# A head that is hidden down to less than this share is nothing to be asked for.
_LEAST_VISIBLE_SHARE = 0.6
_LEAST_HEAD_SHARE = 0.08  # of the picture's shorter side
# Views are tried on a coarse picture larger than the one to be had, which is cut from it so that
# the flowers lie anywhere in it.
_LARGER_BY, _COARSER_BY = 2, 4
_TRIES = 500


@dataclass(frozen=True, slots=True, eq=False)
class PictureWithTruth:
    """A picture of the scene, and where its flowers are.

    Attributes:
        bgr: uint8 [height, width, 3].
        masks: bool [flowers, height, width], the visible pixels of each flower's head (petals and
            disc, no stem).
        boxes: the smallest box around each of them, in pixels of the picture.
    """

    bgr: BgrImage
    masks: npt.NDArray[np.bool_]
    boxes: tuple[Box, ...]


def render_with_truth(scene: Scene, pose: Pose, width: int, height: int) -> PictureWithTruth:
    """The picture of `render`, and the flowers that it shows; those that it hides are left out."""
    bgr = BgrImage(render(scene, pose, width, height))
    return _with_truth(bgr, render_flower_numbers(scene, pose, width, height))


def _with_truth(bgr: BgrImage, numbers: npt.NDArray[np.uint8]) -> PictureWithTruth:
    masks = [numbers == number for number in np.unique(numbers) if number]
    found = [box for mask in masks if (box := box_of_mask(mask)) is not None]
    stacked = np.stack(masks) if masks else np.zeros((0, *numbers.shape), np.bool_)
    return PictureWithTruth(bgr, stacked, tuple(found))


def pictures_with_truth(
    scene: Scene, seed: int, *, count: int, size_px: tuple[int, int] = (480, 480)
) -> Iterator[PictureWithTruth]:
    """Views of a scene that show each of its flowers well, anywhere in the picture.

    The same arguments give the same pictures.

    Args:
        scene: with as many daisies as each picture is to have.
        seed: of the views.
        count: how many pictures.
        size_px: width and height of the pictures; multiples of 4.

    Raises:
        RuntimeError: the flowers of this scene hide each other from all sides that were tried.
    """
    rng = np.random.default_rng(seed)
    for _ in range(count):
        pose, left, top = _well_shown(scene, rng, size_px)
        larger = tuple(_LARGER_BY * side for side in size_px)
        part = np.s_[top : top + size_px[1], left : left + size_px[0]]
        bgr = np.ascontiguousarray(render(scene, pose, *larger)[part])
        numbers = np.ascontiguousarray(render_flower_numbers(scene, pose, *larger)[part])
        yield _with_truth(BgrImage(bgr), numbers)


def _well_shown(
    scene: Scene, rng: np.random.Generator, size_px: tuple[int, int]
) -> tuple[Pose, int, int]:
    """A view that shows all flowers well, and the left upper corner of a picture that has them."""
    width, height = (side // _COARSER_BY for side in size_px)
    count = int(scene.flower_numbers.max())
    zooms = _ZOOMS_OF_ONE if count == 1 else _ZOOMS_OF_MORE
    for _ in range(_TRIES):
        yaw_rad, pitch_rad = rng.uniform(*_YAWS_RAD), rng.uniform(*_PITCHES_RAD)
        pose = Pose(float(yaw_rad), float(pitch_rad), float(np.exp(rng.uniform(*np.log(zooms)))))
        corner = _corner(scene, pose, (width, height), rng)
        if corner is not None:
            return pose, corner[0] * _COARSER_BY, corner[1] * _COARSER_BY
    raise RuntimeError(f"no view of {_TRIES} shows all {count} flowers of the scene well")


def _corner(
    scene: Scene, pose: Pose, size_px: tuple[int, int], rng: np.random.Generator
) -> tuple[int, int] | None:
    """Left and top of a random part, of this size, that holds all heads; None where none does.

    Also None where heads are too small, or hidden by others.
    """
    width, height = size_px
    count = int(scene.flower_numbers.max())
    larger = _LARGER_BY * width, _LARGER_BY * height
    heads = np.stack([render_head(scene, pose, *larger, number + 1) for number in range(count)])
    whole = box_of_mask(np.asarray(heads.any(axis=0)))
    areas = np.count_nonzero(heads, axis=(1, 2))
    least_px = (_LEAST_HEAD_SHARE * min(size_px)) ** 2
    if whole is None or areas.min() < least_px:
        return None
    # Where several heads are seen they may hide each other: each has to be alone on most of itself.
    alone = heads & (heads.sum(axis=0) == 1)
    if (np.count_nonzero(alone, axis=(1, 2)) < _LEAST_VISIBLE_SHARE * areas).any():
        return None
    corner = []
    for low, high, side, end in (
        (whole.left, whole.right, width, larger[0]),
        (whole.top, whole.bottom, height, larger[1]),
    ):
        # One coarse pixel is left free on each side: what touches the rim may go on beyond it.
        first, last = max(0, int(high) + 1 - side), min(int(low) - 1, end - side)
        if first > last or low < 1 or high > end - 1:
            return None
        corner.append(int(rng.integers(first, last + 1)))
    return corner[0], corner[1]
