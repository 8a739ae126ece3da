"""Boxes of found things drawn onto a picture: a thin outline, and a label with number and score."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from livecam.core import text_panel
from livecam.core.bounding_box import Box
from livecam.core.box_outline import outline_box
from livecam.core.located_object import LocatedObject
from livecam.core.text import BOLD, Line, Rect
from livecam.core.types import BgrImage, CropBox

LABEL_SCALE = 0.85  # of the labels' letters


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a frame is on what is drawn on.

    Attributes:
        place: its rectangle on the canvas.
        frame_px: width and height of the frame.
        mirrored: whether it is flipped left to right there.
    """

    place: Rect
    frame_px: tuple[int, int]
    mirrored: bool = False

    @classmethod
    def whole(cls, picture: BgrImage, *, mirrored: bool = False) -> Self:
        """The frame is the canvas."""
        height, width = picture.shape[:2]
        return cls(Rect(0, 0, width, height), (width, height), mirrored)

    def placed(self, box: Box) -> CropBox:
        """A box of the frame in whole pixels of the canvas."""
        (width, height), place = self.frame_px, self.place
        inside = box.clipped(width, height)
        if self.mirrored:
            inside = replace(inside, left=width - inside.right)
        across, down = place.width / width, place.height / height
        left, top = round(inside.left * across), round(inside.top * down)
        right, bottom = round(inside.right * across), round(inside.bottom * down)
        return CropBox(place.left + left, place.top + top, right - left, bottom - top)


def draw_objects(
    canvas: BgrImage,
    objects: Sequence[LocatedObject],
    ground: Ground,
    base_px: float,
    *,
    below: Sequence[Rect] = (),
) -> list[Rect]:
    """Draw them in place, around what is there already; gives the rectangles of the labels.

    No line shines through a panel or a label, as those are half-transparent.

    Args:
        canvas: uint8 [height, width, 3 or 4], the picture on it already.
        objects: with boxes in pixels of the frame that is not mirrored.
        ground: where the frame is on the canvas.
        base_px: height of ordinary letters.
        below: panels on the canvas, which hide lines and keep labels away.
    """
    height, width = canvas.shape[:2]
    boxes = [ground.placed(one.box) for one in objects]
    labels: list[Rect] = []
    if min(width, height) >= text_panel.SMALLEST_SIDE_PX:
        for place, line in labels_of(objects, boxes, (width, height), base_px, below):
            text_panel.fill_panel(canvas, [line], place, base_px * LABEL_SCALE)
            labels.append(place)
    thickness_px = max(1, round(base_px) // 18)
    for box in boxes:
        outline_box(canvas, box, thickness_px=thickness_px, below=[*below, *labels])
    return labels


def labels_of(
    objects: Sequence[LocatedObject],
    boxes: Sequence[CropBox],
    size_px: tuple[int, int],
    base_px: float,
    panels: Sequence[Rect] = (),
) -> Iterator[tuple[Rect, Line]]:
    """The label of each thing that can be read, and its place.

    Above the box, else below or inside of it, where no panel and no other label is; a thing that
    panels hide has none.

    Args:
        objects: what is found.
        boxes: of each of them, on the canvas.
        size_px: width and height of the canvas.
        base_px: height of ordinary letters.
        panels: what labels keep away from.
    """
    taken = list(panels)
    for one, box in zip(objects, boxes, strict=True):
        line = Line(_label(one), weight=BOLD)
        wide, high = text_panel.panel_size_px([line], base_px * LABEL_SCALE)
        for place in _places(box, (wide, high), size_px, taken):
            if not any(place.overlaps(other) for other in taken):
                taken.append(place)
                yield place, line
                break


def _places(
    box: CropBox, label_px: tuple[int, int], size_px: tuple[int, int], taken: Sequence[Rect]
) -> Iterator[Rect]:
    """Where the label of a box may stand, the best first: at its corners, else beside others.

    All of them lie on the canvas and touch the box.
    """
    wide, high = label_px
    right, bottom = box.left + box.width, box.top + box.height
    rows = (box.top - high, bottom, box.top, bottom - high)
    corners = [(left, top) for top in rows for left in (box.left, right - wide)]
    beside = [(box.left, rect.top + rect.height) for rect in taken]
    beside += [(rect.left + rect.width, top) for rect in taken for top in rows]
    beside += [(rect.left - wide, top) for rect in taken for top in rows]
    around = Rect(box.left - 1, box.top - 1, box.width + 2, box.height + 2)
    for left, top in corners + beside:
        place = Rect(max(0, min(left, size_px[0] - wide)), top, wide, high)
        if 0 <= top <= size_px[1] - high and place.overlaps(around):
            yield place


def _label(one: LocatedObject) -> str:
    number = f"{one.id}  " if one.id else ""
    return f"{number}{100 * one.score:.0f} %"
