"""Antialiasing of the rasterised picture along its edges (as FXAA does)."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

# Grey levels by which neighbours must differ, plus a share of the brighter one.
_MIN_CONTRAST = 20
_MIN_CONTRAST_SHARE = 1.0 / 8.0
_MAX_STEP_PX = 8.0
_ROW_LENGTH = 256


def antialias(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The picture uint8 [H, W, 4] with each edge pixel blended along its edge.

    The channels are blue, green, red, premultiplied by the last one, alpha: so edges against
    nothing count, too.

    The idea is fast approximate anti-aliasing: the gradient of brightness gives the edge's
    direction, and the mean of some points along the edge repixels the pixel. Points are taken from
    the untouched picture, so the order of the pixels does not matter.
    """
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGRA2GRAY), np.uint8)
    square = np.ones((3, 3), np.uint8)
    darkest, brightest = cv2.erode(grey, square), cv2.dilate(grey, square)
    limit = cv2.convertScaleAbs(brightest, alpha=_MIN_CONTRAST_SHARE, beta=_MIN_CONTRAST)
    found = cv2.findNonZero(cv2.compare(cv2.subtract(brightest, darkest), limit, cv2.CMP_GT))
    if found is None:
        return picture
    column, row = found.reshape(-1, 2).T.astype(np.intp)
    pixel = row * grey.shape[1] + column
    steps = _edge_steps(grey, pixel)
    near_behind, near_ahead, far_behind, far_ahead = _sample_along_edges(
        picture, row, column, steps, (-1.0 / 6.0, 1.0 / 6.0, -0.5, 0.5)
    )
    short = cv2.addWeighted(near_behind, 0.5, near_ahead, 0.5, 0.0)
    far = cv2.addWeighted(far_behind, 0.5, far_ahead, 0.5, 0.0)
    long = cv2.addWeighted(short, 0.5, far, 0.5, 0.0)
    brightness = cv2.cvtColor(long, cv2.COLOR_BGRA2GRAY).ravel()
    # Samples far along that left the edge show something else: then the near ones are better.
    left_edge = (brightness < darkest.take(pixel)) | (brightness > brightest.take(pixel))
    result = picture.copy()
    pixels = result.view(np.uint32).ravel()
    pixels[pixel] = np.where(left_edge, _as_uint32(short), _as_uint32(long))
    return result


def _as_uint32(colours: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint32]:
    """Colours [..., 4] as one number each, to be copied at once."""
    return colours.view(np.uint32).ravel()


def _edge_steps(
    grey: npt.NDArray[np.uint8], pixel: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """For pixels [N], given as flat indices, the vector along their edge: x [N] and y [N]."""
    # Means over the 2 x 2 pixels at each corner, added and subtracted, are Sobel's operator.
    across = cv2.Sobel(grey, cv2.CV_16S, 1, 0, borderType=cv2.BORDER_REPLICATE)
    down = cv2.Sobel(grey, cv2.CV_16S, 0, 1, borderType=cv2.BORDER_REPLICATE)
    mean = cv2.GaussianBlur(grey, (3, 3), 0.0, borderType=cv2.BORDER_REPLICATE)
    x = down.take(pixel) * np.float32(0.25)
    y = across.take(pixel) * np.float32(-0.25)
    reduced = np.maximum(mean.take(pixel) * np.float32(1.0 / 8.0), np.float32(2.0))
    scale = np.float32(1.0) / (np.minimum(np.abs(x), np.abs(y)) + reduced)
    limit = _MAX_STEP_PX
    return np.clip(x * scale, -limit, limit), np.clip(y * scale, -limit, limit)


def _sample_along_edges(
    picture: npt.NDArray[np.uint8],
    row: npt.NDArray[np.intp],
    column: npt.NDArray[np.intp],
    steps: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]],
    offsets: Sequence[float],
) -> npt.NDArray[np.uint8]:
    """The colours uint8 [offsets, N, 1, 4] found so many steps from each pixel along its edge."""
    x, y = (
        np.concatenate([start + np.float32(offset) * step for offset in offsets])
        for start, step in zip(
            (column.astype(np.float32), row.astype(np.float32)), steps, strict=True
        )
    )
    # OpenCV limits the sides of a map to 32767: fold the list into rows.
    padding = -len(x) % _ROW_LENGTH
    columns, rows = (np.pad(axis, (0, padding)).reshape(-1, _ROW_LENGTH) for axis in (x, y))
    taken = cv2.remap(picture, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(taken.reshape(-1, 4)[: len(x)].reshape(len(offsets), -1, 1, 4), np.uint8)
