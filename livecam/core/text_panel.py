"""The dark panels behind text and figures, which make it readable on any picture."""

from collections.abc import Sequence

import cv2

from livecam.core.text import (
    WHITE,
    Line,
    Rect,
    draw_line,
    line_height_px,
    pad_px,
    width_px,
    wrapped,
)
from livecam.core.types import BgrImage

SMALLEST_SIDE_PX = 60
"""Smaller pictures and windows have no text: it would hide them."""

PANEL_LIGHT = 0.32
"""What is left of the picture under a panel: 0 is black, 1 shows all of it."""


def margin_px(base_px: float) -> int:
    """Distance of a panel from the picture's edge."""
    return round(base_px * 0.6)


def bottom_above(panel: Rect | None, edge: int, base_px: float) -> int:
    """Where a panel above another one ends; without another one, above this edge."""
    return edge - margin_px(base_px) if panel is None else panel.top - margin_px(base_px) // 2


def darken(picture: BgrImage, rect: Rect) -> None:
    """Darken a rectangle in place; parts outside of the picture are left out."""
    area = rect.part_of(picture)
    if area.size:
        cv2.convertScaleAbs(area, dst=area, alpha=PANEL_LIGHT)


def panel_size_px(lines: Sequence[Line], base_px: float) -> tuple[int, int]:
    """Width and height of a panel around these lines."""
    wide = max(width_px(line, base_px) for line in lines)
    return wide + 2 * pad_px(base_px), panel_height_px(lines, base_px)


def panel_height_px(lines: Sequence[Line], base_px: float) -> int:
    """Height of a panel around these lines."""
    return sum(line_height_px(base_px * line.scale) for line in lines) + pad_px(base_px)


def draw_panel(
    picture: BgrImage, lines: Sequence[Line], left: int, top: int, base_px: float
) -> Rect:
    """Draw lines on a darkened panel in place; gives the panel's rectangle."""
    rect = Rect(left, top, *panel_size_px(lines, base_px))
    fill_panel(picture, lines, rect, base_px)
    return rect


def fill_panel(picture: BgrImage, lines: Sequence[Line], rect: Rect, base_px: float) -> None:
    """Draw lines on a darkened panel in place, in the rectangle that `panel_size_px` gives."""
    darken(picture, rect)
    write_lines(picture, lines, rect, base_px)


def write_lines(picture: BgrImage, lines: Sequence[Line], rect: Rect, base_px: float) -> None:
    """Write lines into a panel that is drawn already, from its top."""
    pad = pad_px(base_px)
    bottom = float(rect.top + pad / 2)
    for line in lines:
        height = line_height_px(base_px * line.scale)
        bottom += height
        baseline = round(bottom - 0.33 * height)
        draw_line(picture, line, rect.left + pad, baseline, base_px)


def draw_message(
    picture: BgrImage,
    words: str,
    base_px: float,
    *,
    field: Rect | None = None,
    above: Rect | None = None,
) -> Rect:
    """Write a message at the lower left, in as many lines as it needs; gives the rectangle.

    Args:
        picture: what is drawn on.
        words: the message.
        base_px: height of ordinary letters.
        field: the part of the picture that it may lie in; None for all of it.
        above: another panel, above which it lies; None for the field's edge.
    """
    field = field or Rect(0, 0, picture.shape[1], picture.shape[0])
    margin, scale = margin_px(base_px), 0.9
    room_em = (field.width - 2 * margin - 2 * pad_px(base_px)) / (scale * base_px)
    lines = [Line(row, WHITE, scale) for row in wrapped(words, room_em)]
    high = panel_height_px(lines, base_px)
    bottom = bottom_above(above, field.top + field.height, base_px)
    return draw_panel(picture, lines, field.left + margin, bottom - high, base_px)
