"""Letters on pictures: OpenCV's built-in outline font on darkened panels, readable on anything."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import cv2
import numpy as np

from livecam.core.types import BgrImage

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
GREY: Colour = (200, 200, 200)
RED: Colour = (80, 80, 255)
YELLOW: Colour = (120, 225, 255)

REGULAR, BOLD = 400, 700
_ALL_DIGITS_0 = str.maketrans("123456789", "000000000")
PANEL_LIGHT = 0.32  # what is left of the picture under a panel


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, with its size relative to the base size."""

    text: str
    colour: Colour = WHITE
    scale: float = 1.0
    weight: int = REGULAR


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of a picture in pixels."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, eq=False)
class Stamp:
    """A drawing with transparency, made once and put onto many pictures.

    Attributes:
        keep: uint8 BGR, share of the picture that stays, 255 for all of it.
        ink: uint8 BGR, what is added.
    """

    keep: BgrImage
    ink: BgrImage

    def put(self, picture: BgrImage, left: int, top: int) -> None:
        """Draw it in place; it has to lie inside the picture."""
        height, width = self.ink.shape[:2]
        area = picture[top : top + height, left : left + width]
        cv2.multiply(area, self.keep, dst=area, scale=1 / 255)
        cv2.add(area, self.ink, dst=area)


def stamp_of(draw: Callable[[BgrImage], None], width: int, height: int) -> Stamp:
    """The stamp of something that is drawn onto pictures of this size.

    What it does to black is the ink, and what it does to white is ink and what is kept.
    """
    black = BgrImage(np.zeros((height, width, 3), np.uint8))
    white = BgrImage(np.full((height, width, 3), 255, np.uint8))
    draw(black)
    draw(white)
    return Stamp(BgrImage(np.asarray(cv2.subtract(white, black), np.uint8)), black)


@cache
def _face() -> cv2.FontFace:
    return cv2.FontFace("sans")


@cache
def base_size_px(width_px: int, height_px: int) -> int:
    """Height of ordinary letters for a frame of this size."""
    return max(10, min(48, round(min(height_px / 30, width_px / 40))))


@cache
def line_height_px(size_px: float) -> int:
    """Distance of base lines for letters of this size."""
    return round(size_px * 1.45)


def width_px(line: Line, base_px: float) -> int:
    """How wide the line will be."""
    # The font's digits are all of one width, so figures that change need not be measured anew.
    size = max(1, round(base_px * line.scale))
    return _measured_px(line.text.translate(_ALL_DIGITS_0), size, line.weight)


@lru_cache(maxsize=512)
def _measured_px(words: str, size_px: int, weight: int) -> int:
    return int(cv2.getTextSize((1, 1), words, (0, 0), _face(), size_px, weight)[2])


def shortened(words: str, room_px: int, size_px: float) -> str:
    """The words, their middle left out where they would be wider than the room."""
    kept = len(words)
    fitted = words
    while kept > 8 and width_px(Line(fitted), size_px) > room_px:
        kept -= 2
        fitted = f"{words[: kept // 2]}...{words[len(words) - kept // 2 :]}"
    return fitted


def draw_line(picture: BgrImage, line: Line, left: int, baseline: int, base_px: float) -> None:
    """Write one line in place."""
    size = max(1, round(base_px * line.scale))
    cv2.putText(picture, line.text, (left, baseline), line.colour, _face(), size, line.weight)


def darken(picture: BgrImage, rect: Rect) -> None:
    """Darken a rectangle in place; parts outside of the picture are left out."""
    top, left = max(0, rect.top), max(0, rect.left)
    area = picture[top : max(0, rect.top + rect.height), left : max(0, rect.left + rect.width)]
    if area.size:
        cv2.convertScaleAbs(area, dst=area, alpha=PANEL_LIGHT)


def panel_size_px(lines: Sequence[Line], base_px: float) -> tuple[int, int]:
    """Width and height of a panel around these lines."""
    pad = round(base_px * 0.5)
    wide = max(width_px(line, base_px) for line in lines)
    high = sum(line_height_px(base_px * line.scale) for line in lines)
    return wide + 2 * pad, high + pad


def draw_panel(
    picture: BgrImage, lines: Sequence[Line], left: int, top: int, base_px: float
) -> Rect:
    """Draw lines on a darkened panel in place; gives the panel's rectangle."""
    wide, high = panel_size_px(lines, base_px)
    rect = Rect(left, top, wide, high)
    darken(picture, rect)
    pad = round(base_px * 0.5)
    bottom = float(top + pad / 2)
    for line in lines:
        height = line_height_px(base_px * line.scale)
        bottom += height
        baseline = round(bottom - 0.33 * height)
        draw_line(picture, line, left + pad, baseline, base_px)
    return rect
