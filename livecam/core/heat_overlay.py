"""The heat overlay: brightness upscaled, coloured, blended onto what the network saw."""

from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from livecam.core.class_activation import brightness, reference_of
from livecam.core.map_placement import MapPlacement
from livecam.core.picture_memory import Allocate, fresh
from livecam.core.types import BgrImage, CropBox, FloatGrid
from livecam.core.view import View

if TYPE_CHECKING:
    from livecam.core.class_figures import ClassFigures

COLORMAPS = {
    "inferno": cv2.COLORMAP_INFERNO,
    "turbo": cv2.COLORMAP_TURBO,
    "jet": cv2.COLORMAP_JET,
    "viridis": cv2.COLORMAP_VIRIDIS,
    "magma": cv2.COLORMAP_MAGMA,
    "hot": cv2.COLORMAP_HOT,
    "cividis": cv2.COLORMAP_CIVIDIS,
}


STYLES = ("colour", "brightness", "pair")

MAGENTA, GREEN = (255, 0, 255), (0, 255, 0)
"""Of a pair of classes; both together are white. Those who see no red or no green tell them apart,
which is why microscopy takes them."""

STRIP_ROWS = 72
_RAMP = np.arange(256, dtype=np.uint8).reshape(-1, 1)
_INTERPOLATIONS = {"bilinear": cv2.INTER_LINEAR, "nearest": cv2.INTER_NEAREST}


def paint_heat(
    bgr: BgrImage,
    placement: MapPlacement,
    grid: FloatGrid,
    view: View,
    allocate: Allocate = fresh,
    *,
    second: "ClassFigures | None" = None,
) -> BgrImage:
    """A copy of the picture with the heat drawn where it lies, mirrored if the view says so.

    Args:
        bgr: uint8 [height, width, 3]; not changed.
        placement: where the cells of the grid lie; only its box is drawn on.
        grid: float32 [rows, columns] activations.
        view: how it is drawn; with `overlay` off the copy is left as it is.
        allocate: gives the copy's memory.
        second: the other class of a pair; None for none.

    Returns:
        uint8 [height, width, 3].
    """
    picture = allocate(bgr.shape)
    if view.overlay:
        light, box = _light(placement, grid, view), placement.box
        _copy_around(bgr, box, into=picture)
        part, into = box.part_of(bgr), box.part_of(picture)
        if view.style == "pair":
            _blend_pair(part, light, _light_of(second, box, view), view, into=into)
        else:
            _blend(part, light, view, into=into)
    else:
        np.copyto(picture, bgr)
    if view.mirror:
        picture = np.asarray(cv2.flip(picture, 1), dtype=np.uint8)
    return BgrImage(picture)


def _light(placement: MapPlacement, grid: FloatGrid, view: View) -> npt.NDArray[np.uint8]:
    """The brightness of each pixel of the box: uint8 [height, width]."""
    reference = reference_of(grid, act_max=view.act_max, auto=view.auto)
    levels = brightness(grid, gain=view.gain_at(reference), reference=reference)
    return placement.spread(levels, _INTERPOLATIONS[view.interpolation])


def _light_of(second: "ClassFigures | None", box: CropBox, view: View) -> npt.NDArray[np.uint8]:
    """The same of the other class of a pair; dark without one."""
    if second is None:
        return np.zeros((box.height, box.width), np.uint8)
    return _light(second.placed_in(box), second.grid, view)


def _copy_around(bgr: BgrImage, box: CropBox, *, into: npt.NDArray[np.uint8]) -> None:
    """Copy the pixels outside of the box into a picture of the same size."""
    bottom, right = box.top + box.height, box.left + box.width
    for part in (np.s_[: box.top], np.s_[bottom:], np.s_[:, : box.left], np.s_[:, right:]):
        into[part] = bgr[part]


def colour_ramps(view: View) -> npt.NDArray[np.uint8]:
    """The colours of brightness 0 to 255 in this view: uint8 BGR [256, 3, 1], of a pair [.., 2]."""
    if view.style == "pair":
        pair = [_RAMP * (np.array(colour, np.uint8) // 255) for colour in (MAGENTA, GREEN)]
        return np.stack(pair, axis=2)
    if view.style == "brightness":
        return np.repeat(_RAMP, 3, axis=1).reshape(256, 3, 1)
    return colour_table(view.colormap).reshape(256, 3, 1)


@cache
def colour_table(colormap: str) -> npt.NDArray[np.uint8]:
    """The colours of 0 to 255 as `cv2.applyColorMap` takes them: uint8 BGR [256, 1, 3].

    OpenCV would compute them anew in every call.
    """
    return np.asarray(cv2.applyColorMap(_RAMP, COLORMAPS[colormap]), dtype=np.uint8)


@cache
def _table_of_pixels(colormap: str) -> npt.NDArray[np.int32]:
    """The same as whole pixels: int32 [256], the bytes of blue, green, red and one that is 0.

    OpenCV looks these up in less than half the time that three bytes take.
    """
    pixels = np.zeros((256, 4), np.uint8)
    pixels[:, :3] = colour_table(colormap).reshape(256, 3)
    return pixels.view(np.int32).ravel()


def _coloured(light: npt.NDArray[np.uint8], colormap: str) -> npt.NDArray[np.uint8]:
    """The colours of this light: uint8 BGR [height, width, 3]."""
    pixels = np.asarray(cv2.LUT(light, _table_of_pixels(colormap))).view(np.uint8)
    bgrx = pixels.reshape(*light.shape, 4)
    return np.asarray(cv2.cvtColor(bgrx, cv2.COLOR_BGRA2BGR), np.uint8)


def _blend(
    box: npt.NDArray[np.uint8],
    light: npt.NDArray[np.uint8],
    view: View,
    *,
    into: npt.NDArray[np.uint8],
) -> None:
    """Draw this light onto these pixels; in strips, so that nothing leaves the cache.

    Args:
        box: uint8 [height, width, 3] of the picture; not changed.
        light: uint8 [height, width].
        view: how it is drawn.
        into: uint8 [height, width, 3], where the drawing goes.
    """
    for top in range(0, len(box), STRIP_ROWS):
        strip = slice(top, top + STRIP_ROWS)
        part, lit, out = box[strip], light[strip], into[strip]
        if view.style == "brightness":
            # The page's own look: the picture multiplied by the brightness, nothing else.
            cv2.multiply(part, cv2.merge((lit, lit, lit)), dst=out, scale=1 / 255)
        else:
            colours = _coloured(lit, view.colormap)
            cv2.addWeighted(part, 1.0 - view.opacity, colours, view.opacity, 0.0, dst=out)


def _blend_pair(
    box: npt.NDArray[np.uint8],
    light: npt.NDArray[np.uint8],
    other: npt.NDArray[np.uint8],
    view: View,
    *,
    into: npt.NDArray[np.uint8],
) -> None:
    """The same for two classes: the light of one in magenta, that of the other in green."""
    for top in range(0, len(box), STRIP_ROWS):
        strip = slice(top, top + STRIP_ROWS)
        colours = cv2.merge((light[strip], other[strip], light[strip]))
        cv2.addWeighted(box[strip], 1.0 - view.opacity, colours, view.opacity, 0.0, dst=into[strip])
