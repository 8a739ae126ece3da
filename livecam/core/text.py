"""Letters on pictures, in OpenCV's built-in outline font: measured, fitted, drawn."""

import re
import threading
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import cv2
import numpy as np

from livecam.core.printable_text import printable
from livecam.core.types import BgrImage

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
GREY: Colour = (200, 200, 200)
RED: Colour = (80, 80, 255)
YELLOW: Colour = (120, 225, 255)

REGULAR, BOLD = 400, 700
_ALL_DIGITS_0 = str.maketrans("123456789", "000000000")
LINE_EM = 1.45  # distance of base lines, in heights of letters

FEWEST_KEPT_LETTERS = 8  # of words that are shortened
MOST_DRAWN_LETTERS = 500  # as many as fit on a wide screen

SMALLEST_LETTERS_PX = 7
"""Smaller ones cannot be read."""

_one_thread_at_a_time = threading.Lock()
"""OpenCV (5.0) sets its fonts up in every thread anew, with memory that they share: texts that two
threads began at the same time came out with wrong letters, or never."""

_FIGURE_AT_END = re.compile(r" +[0-9.]+ %$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, with its size relative to the base size.

    Whatever text it is given becomes printable: half a character would end the process.
    """

    text: str
    colour: Colour = WHITE
    scale: float = 1.0
    weight: int = REGULAR

    def __post_init__(self) -> None:
        """Make the text printable."""
        object.__setattr__(self, "text", printable(self.text, MOST_DRAWN_LETTERS))


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of a picture in pixels."""

    left: int
    top: int
    width: int
    height: int

    def part_of(self, picture: BgrImage) -> BgrImage:
        """The picture's pixels inside of it, not copied; empty where it lies outside."""
        top, left = max(0, self.top), max(0, self.left)
        bottom, right = max(0, self.top + self.height), max(0, self.left + self.width)
        return BgrImage(picture[top:bottom, left:right])

    def lies_in(self, other: "Rect") -> bool:
        """Whether all of it is inside of the other one."""
        return (
            other.left <= self.left
            and other.top <= self.top
            and self.left + self.width <= other.left + other.width
            and self.top + self.height <= other.top + other.height
        )

    def common(self, other: "Rect") -> "Rect":
        """What both have in common; of no width or height where that is nothing."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right = min(self.left + self.width, other.left + other.width)
        bottom = min(self.top + self.height, other.top + other.height)
        return Rect(left, top, max(0, right - left), max(0, bottom - top))

    def overlaps(self, other: "Rect") -> bool:
        """Whether they have a pixel in common."""
        return (
            self.left < other.left + other.width
            and other.left < self.left + self.width
            and self.top < other.top + other.height
            and other.top < self.top + self.height
        )


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
        keep, ink = _with_channels(self, area.shape[2])
        cv2.multiply(area, keep, dst=area, scale=1 / 255)
        cv2.add(area, ink, dst=area)


@lru_cache(maxsize=64)
def _with_channels(stamp: Stamp, channels: int) -> tuple[BgrImage, BgrImage]:
    """What is kept and added, also for pictures with a fourth channel that does not count."""
    if channels == 3:
        return stamp.keep, stamp.ink
    both = (cv2.cvtColor(part, cv2.COLOR_BGR2BGRA) for part in (stamp.keep, stamp.ink))
    keep, ink = (BgrImage(np.asarray(part, np.uint8)) for part in both)
    return keep, ink


def stamp_of(draw: Callable[[BgrImage], None], width: int, height: int) -> Stamp:
    """The stamp of something that is drawn onto pictures of this size.

    What it does to black is the ink, and what it does to white is ink and what is kept.
    """
    black = BgrImage(np.zeros((height, width, 3), np.uint8))
    white = BgrImage(np.full((height, width, 3), 255, np.uint8))
    draw(black)
    draw(white)
    return Stamp(BgrImage(np.asarray(cv2.subtract(white, black), np.uint8)), black)


def _face() -> cv2.FontFace:
    """The font; made for each call, in its thread: 0.3 us of the 8 of a line."""
    return cv2.FontFace("sans")


@cache
def base_size_px(width_px: int, height_px: int) -> int:
    """Height of ordinary letters for a frame of this size."""
    return max(10, min(48, round(min(height_px / 30, width_px / 40))))


@cache
def line_height_px(size_px: float) -> int:
    """Distance of base lines for letters of this size."""
    return round(size_px * LINE_EM)


def pad_px(base_px: float) -> int:
    """Distance of letters from their panel's edge."""
    return round(base_px * 0.5)


def width_px(line: Line, base_px: float) -> int:
    """How wide the line will be."""
    # The font's digits are all of one width, so figures that change need not be measured anew.
    size = max(1, round(base_px * line.scale))
    return _measured_px(line.text.translate(_ALL_DIGITS_0), size, line.weight)


@lru_cache(maxsize=512)
def _measured_px(words: str, size_px: int, weight: int) -> int:
    with _one_thread_at_a_time:
        return int(cv2.getTextSize((1, 1), words, (0, 0), _face(), size_px, weight)[2])


def shortened(words: str, room_px: int, size_px: float) -> str:
    """The words, their middle left out where they would be wider than the room."""
    words = printable(words, MOST_DRAWN_LETTERS)

    def without_middle(kept: int) -> str:
        return f"{words[: kept // 2]}...{words[len(words) - kept // 2 :]}"

    def fits(fitted: str) -> bool:
        return width_px(Line(fitted), size_px) <= room_px

    counts = range(len(words) - 2, FEWEST_KEPT_LETTERS - 2, -2)
    if not counts or fits(words):
        return words
    # By halves: measuring a line takes as long as drawing it.
    first = bisect_left(counts, True, key=lambda kept: fits(without_middle(kept)))
    return without_middle(counts[min(first, len(counts) - 1)])


def fitted(line: Line, room_px: int, base_px: float) -> Line:
    """The line in a panel not wider than the room: smaller letters, then fewer of its words.

    Its figure at the end ("97.5 %") stays whole: a part of it would be another figure.
    """
    inner_px = room_px - 2 * pad_px(base_px)
    size_px = max(1, round(base_px * line.scale))
    while width_px(line, base_px) > inner_px and size_px > SMALLEST_LETTERS_PX:
        size_px -= 1
        line = replace(line, scale=size_px / base_px)
    figure = _FIGURE_AT_END.search(line.text)
    words, end = (line.text[: figure.start()], figure[0]) if figure else (line.text, "")
    kept = len(words)
    while width_px(line, base_px) > inner_px and kept:
        kept -= 1
        line = replace(line, text=f"{words[:kept].rstrip()}.{end}")
    return line


def wrapped(words: str, room_em: float) -> list[str]:
    """The words in as many lines as they need; a long address loses its middle.

    Args:
        words: any text.
        room_em: how wide a line may be, in heights of its letters.
    """
    lines: list[str] = []
    for word in printable(words, MOST_DRAWN_LETTERS).split():
        fitting = shortened(word, round(100 * room_em), 100)
        longer = f"{lines[-1]} {fitting}" if lines else fitting
        if lines and width_px(Line(longer, weight=BOLD), 100) <= 100 * room_em:
            lines[-1] = longer
        else:
            lines.append(fitting)
    return lines


def draw_line(picture: BgrImage, line: Line, left: int, baseline: int, base_px: float) -> None:
    """Write one line in place."""
    size = max(1, round(base_px * line.scale))
    with _one_thread_at_a_time:
        cv2.putText(picture, line.text, (left, baseline), line.colour, _face(), size, line.weight)
