"""The status card: what is shown while a source is opened, or lost and waited for.

Screens draw it at their own resolution; a recording holds the same without words on keys.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from livecam.core import text, text_panel
from livecam.core.dimmed_last_picture import dimmed_last_picture
from livecam.core.formatting import clock_text
from livecam.core.key_bindings import bindings_for
from livecam.core.screen_help import draw_help
from livecam.core.screen_layer import screen_letters_px
from livecam.core.status_card_words import status_card_lines
from livecam.core.text import BOLD, RED, YELLOW, Line, Rect
from livecam.core.types import BgrImage, Waiting
from livecam.core.view import View

SMALLEST_LETTER_PX = 7


@dataclass(frozen=True, eq=False)
class StatusCard:
    """What a screen shows without a frame.

    Attributes:
        ground: the picture below the text, uint8 BGR, as large as the last one.
        waiting: what is waited for; None where the ground is a live picture.
        notice: a line at the lower left, "" for none.
        recording_s: seconds recorded so far, shown on screens only; None while not recording.
        shows_help: whether screens show the table of keys instead of the words.
    """

    ground: BgrImage
    waiting: Waiting | None = None
    notice: str = ""
    recording_s: float | None = None
    shows_help: bool = False

    @cached_property
    def picture(self) -> BgrImage:
        """The card as a recording holds it: ground and words in the pixels of the frame."""
        picture = BgrImage(self.ground.copy())
        self.draw(picture)
        return picture

    def draw(self, picture: BgrImage) -> None:
        """Write onto a copy of the ground, in place, what a recording holds."""
        if self.waiting is not None:
            height, width = picture.shape[:2]
            _draw_waiting(picture, self.waiting, text.base_size_px(width, height))

    def draw_layer(self, canvas: BgrImage) -> None:
        """Write on a window's canvas, which has the ground on it, in place."""
        height, width = canvas.shape[:2]
        base = screen_letters_px(width, height)
        if self.shows_help and draw_help(canvas, bindings_for(is_seekable=False)):
            return
        if self.waiting is not None:
            _draw_waiting(canvas, self.waiting, base, on_screen=True)
        if self.notice:
            text_panel.draw_message(canvas, self.notice, base)
        if self.recording_s is not None:
            _draw_recording(canvas, self.recording_s, base)


def status_card_of(
    last: BgrImage | None,
    waiting: Waiting,
    *,
    view: View | None = None,
    notice: str = "",
    recording_s: float | None = None,
) -> StatusCard:
    """The card of a source that is waited for: the last picture, darkened and without colour.

    Args:
        last: the last picture, uint8 BGR of any size; None before the first one.
        waiting: what to say.
        view: whether the last picture is flipped left to right, and keys are shown.
        notice: what a key has done, on screens only.
        recording_s: seconds recorded so far; None while not recording.
    """
    mirror, shows_help = (view.mirror, view.help) if view is not None else (False, False)
    return StatusCard(
        dimmed_last_picture(last, mirror=mirror), waiting, notice, recording_s, shows_help
    )


def preview_of(picture: BgrImage, notice: str, view: View | None = None) -> StatusCard:
    """A picture without annotation, with a line that says why."""
    mirror, shows_help = (view.mirror, view.help) if view is not None else (False, False)
    ground = BgrImage(np.array(cv2.flip(picture, 1) if mirror else picture))
    return StatusCard(ground, None, notice, shows_help=shows_help)


def _draw_waiting(
    picture: BgrImage, waiting: Waiting, letters_px: int, *, on_screen: bool = False
) -> None:
    height, width = picture.shape[:2]
    usual = round(1.15 * letters_px)
    lines = status_card_lines(waiting, 0.85 * width / usual, on_screen=on_screen)
    base = _fitting_size(lines, usual, width, height)
    if base >= SMALLEST_LETTER_PX:
        _draw_in_the_middle(picture, lines, base)
    else:  # a stamp: the headline alone, if that
        _draw_in_the_middle(picture, [Line("waiting", YELLOW, 1.0, BOLD)], max(6, width // 7))


def _draw_recording(canvas: BgrImage, recording_s: float, base: int) -> None:
    line, margin = (
        Line(f"REC {clock_text(recording_s)}", RED, 1.0, BOLD),
        text_panel.margin_px(base),
    )
    wide, _ = text_panel.panel_size_px([line], base)
    text_panel.draw_panel(canvas, [line], canvas.shape[1] - wide - margin, margin, base)


def _fitting_size(lines: Sequence[Line], usual: int, width: int, height: int) -> int:
    """Height of the letters so that all lines fit."""
    widest_em = max(text.width_px(line, 100) for line in lines) / 100
    high_em = text.LINE_EM * len(lines) + 2
    return min(usual, math.floor(0.95 * width / (widest_em + 1)), math.floor(height / high_em))


def _draw_in_the_middle(picture: BgrImage, lines: Sequence[Line], base: int) -> None:
    height, width = picture.shape[:2]
    heights = [text.line_height_px(base * line.scale) for line in lines]
    top = (height - sum(heights)) // 2
    pad = round(base * 0.7)
    wide = max(text.width_px(line, base) for line in lines) + 2 * pad
    left = (width - wide) // 2
    text_panel.darken(picture, Rect(left, top - pad, wide, sum(heights) + 2 * pad))
    for line, high in zip(lines, heights, strict=True):
        top += high
        middle = (width - text.width_px(line, base)) // 2
        text.draw_line(picture, line, middle, top - round(0.33 * high), base)
