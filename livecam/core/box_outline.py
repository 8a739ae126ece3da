"""The outline of what the network sees, where that is not all; panels of text hide it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from livecam.core.text import Rect
from livecam.core.types import BgrImage, CropBox

LEAST_SIDE_PX = 8


def mirrored(box: CropBox, width_px: int) -> CropBox:
    """The same box in the picture of this width that is flipped left to right."""
    return replace(box, left=width_px - box.left - box.width)


def outlined_box(box: CropBox, width: int, height: int, *, mirror: bool) -> CropBox | None:
    """What gets an outline in a shown picture of this size; None where the box is all of it."""
    if box.covers(width, height):
        return None
    return mirrored(box, width) if mirror else box


def outline_box(
    picture: BgrImage, box: CropBox, *, thickness_px: int = 1, below: Sequence[Rect] = ()
) -> None:
    """A light line with dark neighbours just inside the box, in place: visible on any ground.

    Args:
        picture: what is drawn on.
        box: in its pixels.
        thickness_px: of either line.
        below: rectangles of the picture that hide the line.
    """
    if min(box.width, box.height) < LEAST_SIDE_PX:
        return
    line_px = 2 * thickness_px
    outer = Rect(box.left, box.top, box.width, box.height)
    inner = Rect(
        box.left + line_px, box.top + line_px, box.width - 2 * line_px, box.height - 2 * line_px
    )
    crossing = (rect for rect in below if rect.overlaps(outer) and not rect.lies_in(inner))
    hidden = [(part, part.copy()) for part in (rect.part_of(picture) for rect in crossing)]
    _draw_edges(picture, box, 0, thickness_px, 0)
    _draw_edges(picture, box, thickness_px, thickness_px, 255)
    for part, kept in hidden:
        part[:] = kept


def outline_through(picture: BgrImage, panel: Rect, boxes: Sequence[CropBox]) -> None:
    """Let the lines of boxes shine through a panel that hides them, in place.

    They cut through none of its letters: what is bright stays.
    """
    for box in boxes:
        is_hidden = panel.overlaps(Rect(box.left, box.top, box.width, box.height))
        if not is_hidden or min(box.width, box.height) < LEAST_SIDE_PX:
            continue
        for edge in _edges(box, inset=1):
            part = edge.common(panel).part_of(picture)
            np.maximum(part, part // 2 + 127, out=part)


def _edges(box: CropBox, inset: int) -> tuple[Rect, ...]:
    """The four edges, one pixel thick, of the box that is smaller by `inset` on each side."""
    left, top = box.left + inset, box.top + inset
    wide, high = box.width - 2 * inset, box.height - 2 * inset
    return (
        Rect(left, top, wide, 1),
        Rect(left, top + high - 1, wide, 1),
        Rect(left, top + 1, 1, high - 2),
        Rect(left + wide - 1, top + 1, 1, high - 2),
    )


def _draw_edges(picture: BgrImage, box: CropBox, inset: int, thickness: int, grey: int) -> None:
    """The four edges of the box that is smaller by `inset` on each side."""
    smaller = CropBox(
        box.left + inset, box.top + inset, box.width - 2 * inset, box.height - 2 * inset
    )
    inside = smaller.part_of(picture)
    inside[:thickness] = inside[-thickness:] = grey
    inside[:, :thickness] = inside[:, -thickness:] = grey
