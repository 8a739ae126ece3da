"""The status card: what the window shows while a source is opened, or lost and waited for."""

import math

import cv2
import numpy as np

from livecam.core import text
from livecam.core.text import BOLD, GREY, WHITE, YELLOW, Line
from livecam.core.types import BgrImage, Waiting

EMPTY_SIZE_PX = (640, 480)
EMPTY_GREY = 40
LEFT_OF_THE_PICTURE = 0.45
SMALLEST_LETTER_PX = 7


def status_card_lines(waiting: Waiting, room_em: float) -> list[Line]:
    """What is waited for, for how long, and what happens next.

    Args:
        waiting: the facts.
        room_em: how wide a line may be, in heights of its letters.
    """
    waited = f"waiting for {duration_text(waiting.waited_s)}"
    if waiting.doing:
        waited += f", {waiting.doing}"
    elif waiting.next_try_s is not None:
        # Rounded up: it never says 0 and then goes on waiting.
        waited += f", next try in {duration_text(math.ceil(waiting.next_try_s))}"
    return [
        *(Line(part, YELLOW, 1.2, BOLD) for part in wrapped(waiting.reason, room_em / 1.2)),
        Line(waited, WHITE),
        Line("it goes on by itself; q quits", GREY, 0.9),
    ]


def wrapped(words: str, room_em: float) -> list[str]:
    """The words in as many lines as they need; a long address loses its middle."""
    lines: list[str] = []
    for word in words.split():
        fitting = text.shortened(word, round(100 * room_em), 100)
        longer = f"{lines[-1]} {fitting}" if lines else fitting
        if lines and text.width_px(Line(longer, weight=BOLD), 100) <= 100 * room_em:
            lines[-1] = longer
        else:
            lines.append(fitting)
    return lines


def duration_text(seconds: float) -> str:
    """Whole seconds as "7 s", "2 min 5 s" or "1 h 2 min"."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def draw_status_card(
    last: BgrImage | None, waiting: Waiting, *, mirror: bool = False, corner: str = ""
) -> BgrImage:
    """The last picture, darkened and without colour, with what is waited for in its middle.

    Args:
        last: the last picture, uint8 BGR of any size; None before the first one.
        waiting: what to say.
        mirror: whether the last picture is flipped left to right.
        corner: what goes on meanwhile (a recording), at the top right; "" for nothing.

    Returns:
        A new picture of the same size, or of EMPTY_SIZE_PX.
    """
    picture = _ground(last, mirror=mirror)
    height, width = picture.shape[:2]
    usual = round(1.15 * text.base_size_px(width, height))
    lines = status_card_lines(waiting, 0.85 * width / usual)
    base = _fitting_size(lines, usual, width, height)
    if base >= SMALLEST_LETTER_PX:
        _draw_in_the_middle(picture, lines, base)
    else:  # a stamp: the headline alone, if that
        _draw_in_the_middle(picture, [Line("waiting", YELLOW, 1.0, BOLD)], max(6, width // 7))
    if corner and base >= SMALLEST_LETTER_PX:
        letters = text.base_size_px(width, height)
        line = Line(corner, text.RED, 1.0, BOLD)
        wide, _ = text.panel_size_px([line], letters)
        margin = round(letters * 0.6)
        text.draw_panel(picture, [line], width - wide - margin, margin, letters)
    return picture


def draw_preview(picture: BgrImage, notice: str, *, mirror: bool = False) -> BgrImage:
    """A picture without annotation, with a line at its lower left that says why."""
    drawn = BgrImage(np.array(cv2.flip(picture, 1) if mirror else picture))
    height, width = drawn.shape[:2]
    base = text.base_size_px(width, height)
    margin = round(base * 0.6)
    line = Line(text.shortened(notice, width - 2 * margin - base, base), WHITE)
    _, high = text.panel_size_px([line], base)
    text.draw_panel(drawn, [line], margin, height - margin - high, base)
    return drawn


def _ground(last: BgrImage | None, *, mirror: bool) -> BgrImage:
    if last is None:
        width, height = EMPTY_SIZE_PX
        return BgrImage(np.full((height, width, 3), EMPTY_GREY, np.uint8))
    grey = cv2.cvtColor(cv2.flip(last, 1) if mirror else last, cv2.COLOR_BGR2GRAY)
    dark = cv2.convertScaleAbs(grey, alpha=LEFT_OF_THE_PICTURE)
    return BgrImage(np.asarray(cv2.cvtColor(dark, cv2.COLOR_GRAY2BGR), np.uint8))


def _fitting_size(lines: list[Line], usual: int, width: int, height: int) -> int:
    """Height of the letters so that all lines fit."""
    widest_em = max(text.width_px(line, 100) for line in lines) / 100
    high_em = 1.45 * len(lines) + 2
    return min(usual, math.floor(0.95 * width / (widest_em + 1)), math.floor(height / high_em))


def _draw_in_the_middle(picture: BgrImage, lines: list[Line], base: int) -> None:
    height, width = picture.shape[:2]
    heights = [text.line_height_px(base * line.scale) for line in lines]
    top = (height - sum(heights)) // 2
    pad = round(base * 0.7)
    wide = max(text.width_px(line, base) for line in lines) + 2 * pad
    left = (width - wide) // 2
    text.darken(picture, text.Rect(left, top - pad, wide, sum(heights) + 2 * pad))
    for line, high in zip(lines, heights, strict=True):
        top += high
        middle = (width - text.width_px(line, base)) // 2
        text.draw_line(picture, line, middle, top - round(0.33 * high), base)
