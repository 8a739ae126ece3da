"""A small cross where the evidence lies: visible on light and on dark, hidden by panels of text."""

import math
from collections.abc import Sequence

import cv2

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.class_activation import reference_of
from livecam.core.text import Rect
from livecam.core.types import BgrImage

LEAST_BRIGHTNESS = 0.1
"""Of the brightest cell: where no heat is to be seen, no cross is."""

_LOG_LEAST_BRIGHTNESS = math.log(LEAST_BRIGHTNESS)

ARM_EM = 0.5  # length of an arm, in heights of letters
DARK, LIGHT = (0, 0, 0), (255, 255, 255)
_SUBPIXEL_BITS = 3


def cross_place(annotated: AnnotatedFrame) -> tuple[float, float] | None:
    """Where the cross is, x and y in pixels of the picture as it is shown; None for no cross.

    It is where `centre` says, as long as the heat there is at least a tenth as bright as can be.
    """
    view, stats, centre = annotated.view, annotated.stats, annotated.stats.centre
    if centre is None:
        return None
    reference = reference_of(annotated.activation.grid, act_max=view.act_max, auto=view.auto)
    # In logarithms: no exponent is too large for that.
    if view.gain_at(reference) * (stats.maximum - reference) < _LOG_LEAST_BRIGHTNESS:
        return None
    x, y = centre
    return (annotated.painted.shape[1] - x, y) if view.mirror else (x, y)


def draw_cross(
    picture: BgrImage, at: tuple[float, float], base: int, *, below: Sequence[Rect] = ()
) -> None:
    """Draw the cross, in place.

    Args:
        picture: uint8 [height, width, 3 or 4].
        at: x and y of its middle, in pixels.
        base: height of ordinary letters; the cross is as high.
        below: rectangles of the picture that hide it.
    """
    arm, thickness = ARM_EM * base, max(1, round(base / 14))
    reach = math.ceil(arm) + 3 * thickness + 1  # lines end round, and blend with their neighbours
    around = Rect(int(at[0]) - reach, int(at[1]) - reach, 2 * reach + 1, 2 * reach + 1)
    parts = (rect.part_of(picture) for rect in below if rect.overlaps(around))
    hidden = [(part, part.copy()) for part in parts]
    for colour, wide in ((DARK, 3 * thickness), (LIGHT, thickness)):
        _line(picture, (at[0] - arm, at[1]), (at[0] + arm, at[1]), colour, wide)
        _line(picture, (at[0], at[1] - arm), (at[0], at[1] + arm), colour, wide)
    for part, kept in hidden:
        part[:] = kept


def _line(
    picture: BgrImage,
    begin: tuple[float, float],
    end: tuple[float, float],
    colour: tuple[int, int, int],
    thickness: int,
) -> None:
    one, other = _fixed_point(begin), _fixed_point(end)
    cv2.line(picture, one, other, colour, thickness, cv2.LINE_AA, shift=_SUBPIXEL_BITS)


def _fixed_point(point: tuple[float, float]) -> tuple[int, int]:
    """In eighths of a pixel; OpenCV counts from the middle of the first pixel."""
    x, y = (round((value - 0.5) * (1 << _SUBPIXEL_BITS)) for value in point)
    return x, y
