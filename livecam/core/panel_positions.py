"""Where panels of text lie: the field in whose corners they go, clear of what the network sees.

Beside that square there is often less room than a panel needs; then panels keep inside of it. What
decides is the room alone and not the words, so that a panel stays where it is from frame to frame.
In a photograph, which stands still, the panel of figures also keeps clear of what is found.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from livecam.core.text import Rect
from livecam.core.types import CropBox


class Room(NamedTuple):
    """What a kind of panel needs, in heights of ordinary letters, its margin included."""

    wide_em: float
    high_em: float


FIGURES_ROOM = Room(16.0, 12.0)  # also for the most probable classes, and for messages
COLOUR_BAR_ROOM = Room(4.4, 8.2)
STATE_ROOM = Room(8.5, 4.0)  # recording and pause


@lru_cache(maxsize=64)
def panel_field(
    size_px: tuple[int, int], outlined: CropBox | None, base: int, room: Room, *, line_px: int = 2
) -> Rect:
    """The part of a picture in whose corners panels go.

    Args:
        size_px: width and height of the picture.
        outlined: what has a line around it; None where nothing has.
        base: height of ordinary letters in pixels.
        room: what the panel needs.
        line_px: thickness of the line, which is inside of the outlined box.
    """
    width, height = size_px
    if outlined is None:
        return Rect(0, 0, width, height)
    beside = _beside_px(width, outlined.left, outlined.width)
    above = _beside_px(height, outlined.top, outlined.height)
    if beside >= room.wide_em * base or above >= room.high_em * base:
        return Rect(0, 0, width, height)
    left, wide = _span(width, outlined.left, outlined.width, line_px)
    top, high = _span(height, outlined.top, outlined.height, line_px)
    return Rect(left, top, wide, high)


def clearest_corner(
    field: Rect, panel_px: tuple[int, int], margin_px: int, boxes: Sequence[CropBox]
) -> Rect:
    """Where a panel hides least of what is found: at the upper left, unless another is better.

    The lower right one is that of the colour bar.

    Args:
        field: the part of the picture that it may lie in.
        panel_px: its width and height.
        margin_px: its distance from the field's edges.
        boxes: of what is found, in the picture.
    """
    wide, high = panel_px
    left, top = field.left + margin_px, field.top + margin_px
    right = max(left, field.left + field.width - wide - margin_px)
    bottom = max(top, field.top + field.height - high - margin_px)
    places = [Rect(*corner, wide, high) for corner in ((left, top), (left, bottom), (right, top))]
    return min(places, key=lambda place: _hidden_px(place, boxes))


def _hidden_px(place: Rect, boxes: Sequence[CropBox]) -> int:
    common = [place.common(Rect(box.left, box.top, box.width, box.height)) for box in boxes]
    return sum(one.width * one.height for one in common)


def _beside_px(length: int, begin: int, side: int) -> int:
    """How much room there is on either side of the outlined box, along one axis."""
    return min(begin, length - begin - side)


def _span(length: int, begin: int, side: int, line_px: int) -> tuple[int, int]:
    """First pixel and length of the field along one axis, inside of the line where there is one."""
    if _beside_px(length, begin, side) <= 0 or side <= 2 * line_px:
        return 0, length
    return begin + line_px, side - 2 * line_px
