"""Deletion and insertion: whether the class lives on the pixels that the map calls important.

Source: Petsiuk, Das and Saenko, "RISE: Randomized Input Sampling for Explanation of Black-box
Models" (2018), with the choices of its authors' code: pixels go in 28 equal parts, the most
important first; what is deleted becomes the mean colour of ImageNet, and insertion begins with the
picture blurred. Its blur (11 x 11 of 224 pixels) leaves daisies what they are to these networks
(probability 0.5 and 0.9 on average), so that insertion would have nothing to show: here it is
wider, a Gaussian of 1/16 of the side, 14 of 224 pixels.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from livecam.core.types import RgbImage

STEPS = 28
"""Parts that the pixels are changed in; a curve has one point more."""

DELETED_RGB = (124, 116, 104)
"""What takes the place of a deleted pixel: the mean colour of ImageNet's pictures."""

_BLUR_SHARE = 1 / 16  # of the short side: the Gaussian's standard deviation

HeatMap = npt.NDArray[np.float32]
"""float32 [height, width]: the map in pixels of the network's input, where it is drawn."""


@dataclass(frozen=True, slots=True)
class JudgedCurves:
    """The class's probability after each part of the pixels; shorter while it is computed.

    Attributes:
        deletion: from the whole picture to none of it.
        insertion: from the blurred picture to the whole one.
    """

    deletion: tuple[float, ...] = ()
    insertion: tuple[float, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether all points are there."""
        return len(self.insertion) > STEPS

    @property
    def points(self) -> int:
        """How many points are there, of `ALL_POINTS`."""
        return len(self.deletion) + len(self.insertion)

    @property
    def deletion_area(self) -> float:
        """Below the curve of deletion, 0 to 1; smaller is better."""
        return area_under(self.deletion)

    @property
    def insertion_area(self) -> float:
        """Below the curve of insertion, 0 to 1; larger is better."""
        return area_under(self.insertion)


ALL_POINTS = 2 * (STEPS + 1)


def area_under(curve: tuple[float, ...]) -> float:
    """The area under a curve over 0 to 1, by trapezoids; of one point its height."""
    if len(curve) < 2:
        return float(sum(curve))
    return (sum(curve) - (curve[0] + curve[-1]) / 2) / (len(curve) - 1)


def ranked_pixels(heat: HeatMap) -> npt.NDArray[np.int64]:
    """Numbers of the pixels, the hottest first; equal ones in the order of reading."""
    return np.asarray(np.argsort(-heat.ravel(), kind="stable"))


def blurred(rgb: RgbImage) -> RgbImage:
    """What insertion begins with."""
    sigma_px = min(rgb.shape[:2]) * _BLUR_SHARE
    return RgbImage(np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma_px), dtype=np.uint8))


def pictures_between(
    before: RgbImage, after: RgbImage, order: npt.NDArray[np.int64]
) -> Iterator[RgbImage]:
    """From one picture to the other in `STEPS` parts, both included.

    Args:
        before: uint8 [height, width, 3]; not changed.
        after: of the same size; not changed.
        order: numbers of the pixels that become those of `after`, the first ones first.

    Yields:
        uint8 [height, width, 3]; the same array each time, valid until the next one.
    """
    picture = before.copy()
    pixels, wanted = picture.reshape(-1, 3), after.reshape(-1, 3)
    bounds = np.linspace(0, len(order), STEPS + 1).round().astype(int)
    yield RgbImage(picture)
    for begin, end in pairwise(bounds):
        part = order[begin:end]
        pixels[part] = wanted[part]
        yield RgbImage(picture)


def deletion_and_insertion(
    rgb: RgbImage, heat: HeatMap, probability_of: Callable[[RgbImage], float]
) -> Iterator[JudgedCurves]:
    """Both curves, point by point, so that whoever waits can show them growing, or stop.

    Args:
        rgb: uint8 [height, width, 3], as the network sees it; not changed.
        heat: [height, width] of the same size.
        probability_of: the class's probability in a picture; called `ALL_POINTS` - 1 times (the
            whole picture ends insertion as it begins deletion).
    """
    order, curves = ranked_pixels(heat), JudgedCurves()
    deleted = RgbImage(np.full_like(rgb, DELETED_RGB))
    for picture in pictures_between(rgb, deleted, order):
        curves = replace(curves, deletion=(*curves.deletion, probability_of(picture)))
        yield curves
    for picture in pictures_between(blurred(rgb), rgb, order):
        is_whole = len(curves.insertion) == STEPS
        probability = curves.deletion[0] if is_whole else probability_of(picture)
        curves = replace(curves, insertion=(*curves.insertion, probability))
        yield curves
