"""The heat overlay: brightness upscaled, coloured, blended onto the square that the network saw."""

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from livecam.core.class_activation import brightness, reference_of
from livecam.core.types import BgrImage, CropBox, FloatGrid
from livecam.core.view import View

COLORMAPS = {
    "inferno": cv2.COLORMAP_INFERNO,
    "turbo": cv2.COLORMAP_TURBO,
    "jet": cv2.COLORMAP_JET,
    "viridis": cv2.COLORMAP_VIRIDIS,
    "magma": cv2.COLORMAP_MAGMA,
    "hot": cv2.COLORMAP_HOT,
    "cividis": cv2.COLORMAP_CIVIDIS,
}

STRIP_ROWS = 72
_RAMP = np.arange(256, dtype=np.uint8).reshape(-1, 1)
_INTERPOLATIONS = {"bilinear": cv2.INTER_LINEAR, "nearest": cv2.INTER_NEAREST}


def paint_heat(bgr: BgrImage, box: CropBox, grid: FloatGrid, view: View) -> BgrImage:
    """A copy of the picture with the heat drawn into the box, mirrored if the view says so.

    Args:
        bgr: uint8 [height, width, 3]; not changed.
        box: the square that the grid belongs to.
        grid: float32 [rows, columns] activations.
        view: how it is drawn; with `overlay` off the copy is left as it is.

    Returns:
        uint8 [height, width, 3].
    """
    picture: npt.NDArray[np.uint8] = bgr.copy()
    if view.overlay:
        reference = reference_of(grid, act_max=view.act_max, auto=view.auto)
        levels = brightness(grid, gain=view.gain, reference=reference)
        light = upscale(levels, box.side, view.interpolation)
        rows, columns = slice(box.top, box.top + box.side), slice(box.left, box.left + box.side)
        _blend(picture[rows, columns], light, view)
    if view.mirror:
        picture = np.asarray(cv2.flip(picture, 1), dtype=np.uint8)
    return BgrImage(picture)


def upscale(
    levels: npt.NDArray[np.uint8], side_px: int, interpolation: str
) -> npt.NDArray[np.uint8]:
    """The brightness grid as [side_px, side_px] uint8.

    Cell centres lie in the middle of their 32 x 32 pixels of the network's input (half-pixel
    centres), so the light sits where the evidence is.
    """
    size = (side_px, side_px)
    scaled = cv2.resize(levels, size, interpolation=_INTERPOLATIONS[interpolation])
    return np.asarray(scaled, dtype=np.uint8)


def colour_ramp(view: View) -> npt.NDArray[np.uint8]:
    """The colours of brightness 0 to 255 in this view: uint8 BGR [256, 3]."""
    if view.style == "brightness":
        return np.repeat(_RAMP, 3, axis=1)
    return colour_table(view.colormap).reshape(256, 3)


@cache
def colour_table(colormap: str) -> npt.NDArray[np.uint8]:
    """The colours of 0 to 255 as `cv2.applyColorMap` takes them: uint8 BGR [256, 1, 3].

    OpenCV would compute them anew in every call.
    """
    return np.asarray(cv2.applyColorMap(_RAMP, COLORMAPS[colormap]), dtype=np.uint8)


def _blend(square: npt.NDArray[np.uint8], light: npt.NDArray[np.uint8], view: View) -> None:
    """Draw this light onto the square, in place; in strips, so that nothing leaves the cache."""
    table = colour_table(view.colormap)
    for top in range(0, len(square), STRIP_ROWS):
        part, lit = square[top : top + STRIP_ROWS], light[top : top + STRIP_ROWS]
        if view.style == "brightness":
            # The page's own look: the picture multiplied by the brightness, nothing else.
            cv2.multiply(part, cv2.merge((lit, lit, lit)), dst=part, scale=1 / 255)
        else:
            colours = cv2.applyColorMap(lit, table)
            cv2.addWeighted(part, 1.0 - view.opacity, colours, view.opacity, 0.0, dst=part)
