"""Midlines of petals, drawn as lines: the rasteriser would leave dots of petals seen edge-on."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from livecam.sources.synthetic.projection import Camera
from livecam.sources.synthetic.vectors import Floats

_SUBPIXEL_BITS = 4
_LIMIT_PX = 2**15


@dataclass(frozen=True, slots=True, eq=False)
class PetalMidlines:
    """The petals of one daisy as lines.

    Attributes:
        vertices: intp [petals, points], rows of the mesh's vertices.
        paths_xyz: float32 [petals, points, 3].
        bgr: the colour of all of them, 0..255.
    """

    vertices: npt.NDArray[np.intp]
    paths_xyz: Floats
    bgr: tuple[float, float, float]


def draw_midlines(
    picture: npt.NDArray[np.uint8], daisies: Sequence[PetalMidlines], camera: Camera
) -> None:
    """Draw them on what lies behind, before the petals themselves are laid over it.

    A petal wider than a pixel hides its line. One that is thinner, which meets the middle of a
    pixel only here and there, gets it.
    """
    for daisy in daisies:
        points_px, _ = camera.project(daisy.paths_xyz.reshape(-1, 3))
        # OpenCV counts from the middle of the first pixel.
        fixed = np.clip(points_px - 0.5, -_LIMIT_PX, _LIMIT_PX) * 2**_SUBPIXEL_BITS
        paths = list(np.rint(fixed).astype(np.int32).reshape(len(daisy.paths_xyz), -1, 2))
        cv2.polylines(picture, paths, False, daisy.bgr, 1, cv2.LINE_AA, _SUBPIXEL_BITS)
