"""The annotated picture: what recordings, snapshots and the library hold; no user interface.

Heat, the square, and the figures as `--record-figures`, `--record-top` and `--record-clock` say, in
the pixels of the frame. What only a screen shows is in screen_layer.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from livecam.core import text, text_panel
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.box_outline import outline_box, outline_through, outlined_box
from livecam.core.centre_cross import cross_place, draw_cross
from livecam.core.class_activation import reference_of
from livecam.core.colour_bar import colour_bar_place, draw_colour_bar
from livecam.core.figures_panel import (
    class_line,
    clock_lines,
    draw_top_five,
    figure_lines,
    top_five_place,
)
from livecam.core.object_boxes import LABEL_SCALE, Ground, labels_of
from livecam.core.panel_positions import (
    COLOUR_BAR_ROOM,
    FIGURES_ROOM,
    Room,
    clearest_corner,
    panel_field,
)
from livecam.core.text import Line, Rect
from livecam.core.types import BgrImage, CropBox

SMALL_SIDE_PX = 180  # below this, there is room for one line


@dataclass(frozen=True, slots=True, eq=False)
class Annotations:
    """Square and panels of one picture, with their letters drawn: any thread may put them onto it.

    OpenCV (5.0) sets up its fonts in every thread that writes: 80 ms and 6 MB each time. So the
    thread that prepares a frame draws the letters.

    Attributes:
        outlined: what gets a line around it; None for none.
        panels: their places, and the finished pixels there; they hide outline and cross, and of
            boxes the lines are seen through them.
        cross: where the evidence lies, x and y; None for no cross.
        boxes: of what is found.
        labels: of those boxes, as the panels.
    """

    outlined: CropBox | None
    panels: tuple[tuple[Rect, BgrImage], ...]
    cross: tuple[float, float] | None = None
    boxes: tuple[CropBox, ...] = ()
    labels: tuple[tuple[Rect, BgrImage], ...] = ()

    def put(self, picture: BgrImage) -> None:
        """Draw them onto the picture that they were made for, in place."""
        if self.outlined is not None:
            outline_box(picture, self.outlined)
        for box in self.boxes:
            outline_box(picture, box)
        if self.cross is not None:
            height, width = picture.shape[:2]
            draw_cross(picture, self.cross, text.base_size_px(width, height))
        for place, pixels in (*self.labels, *self.panels):
            place.part_of(picture)[:] = pixels
        for place, _ in self.panels:
            outline_through(picture, place, self.boxes)


def annotations_of(annotated: AnnotatedFrame) -> Annotations:
    """What belongs onto a frame's painted picture, as its view asks for."""
    painted = annotated.painted
    height, width = painted.shape[:2]
    outlined = outlined_box(annotated.box, width, height, mirror=annotated.view.mirror)
    if min(height, width) < text_panel.SMALLEST_SIDE_PX:
        return Annotations(outlined, (), boxes=_boxes_of(annotated))
    boxes, panels = _boxes_of(annotated), _Panels(annotated, outlined)
    panels.draw(boxes)
    cross = cross_place(annotated) if annotated.view.record_figures else None
    labels = _Panels(annotated, outlined)
    labels.draw_labels(boxes, [place for place, _ in panels.drawn])
    return Annotations(outlined, tuple(panels.drawn), cross, boxes, tuple(labels.drawn))


def _boxes_of(annotated: AnnotatedFrame) -> tuple[CropBox, ...]:
    """The boxes around what is found, in the picture."""
    ground = Ground.whole(annotated.painted, mirrored=annotated.view.mirror)
    return tuple(ground.placed(one.box) for one in annotated.objects)


class _Panels:
    """The panels that the view asks for, each drawn onto a copy of its part of the picture."""

    def __init__(self, annotated: AnnotatedFrame, outlined: CropBox | None) -> None:
        self.annotated, self.outlined = annotated, outlined
        self.base = text.base_size_px(*self.size_px)
        self.drawn: list[tuple[Rect, BgrImage]] = []

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the picture."""
        height, width = self.annotated.painted.shape[:2]
        return width, height

    def field(self, room: Room) -> Rect:
        """Where such a panel may lie."""
        return panel_field(self.size_px, self.outlined, self.base, room)

    def draw(self, boxes: Sequence[CropBox]) -> None:
        """All of them; `boxes` are those of what is found."""
        view, stats, base = self.annotated.view, self.annotated.stats, self.base
        if min(self.size_px) < SMALL_SIDE_PX:
            if view.record_figures:
                self.draw_one_line()
            return
        field, margin = self.field(FIGURES_ROOM), text_panel.margin_px(base)
        figures: Rect | None = None
        lines = figure_lines(self.annotated) if view.record_figures else []
        lines += clock_lines(self.annotated) if view.record_clock else []
        if lines:
            # Of what moves the panel would jump; the most probable classes have the other corner.
            is_alone = self.annotated.frame.is_photograph and not view.record_top
            size_px = text_panel.panel_size_px(lines, base)
            figures = clearest_corner(field, size_px, margin, boxes if is_alone else ())
            self._add(figures, lambda part, there: text_panel.fill_panel(part, lines, there, base))
        if view.record_top and stats.top:
            place = top_five_place(stats, field, field.top + margin, figures, base)
            self._add(place, lambda part, there: draw_top_five(part, stats, there, base))
        if view.record_figures and view.overlay:
            self.draw_colour_bar()

    def draw_labels(self, boxes: Sequence[CropBox], panels: Sequence[Rect]) -> None:
        """Number and score of each thing that is found, clear of the panels."""
        objects, base = self.annotated.objects, self.base * LABEL_SCALE
        for place, line in labels_of(objects, boxes, self.size_px, self.base, panels):
            self._add(place, partial(_fill_label, line=line, base_px=base))

    def draw_one_line(self) -> None:
        """Class and probability, where there is room for no more."""
        line = text.fitted(class_line(self.annotated.stats), self.size_px[0] - 4, self.base)
        place = Rect(2, 2, *text_panel.panel_size_px([line], self.base))
        self._add(place, lambda part, there: text_panel.fill_panel(part, [line], there, self.base))

    def draw_colour_bar(self) -> None:
        """The colour bar, where it fits and nothing else is."""
        view, base = self.annotated.view, self.base
        grid = self.annotated.activation.grid
        reference = reference_of(grid, act_max=view.act_max, auto=view.auto)
        place = colour_bar_place(self.field(COLOUR_BAR_ROOM), view, reference, base)
        if place is not None and not any(place.overlaps(panel) for panel, _ in self.drawn):
            self._add(
                place, lambda part, there: draw_colour_bar(part, there, view, reference, base)
            )

    def _add(self, place: Rect, draw: Callable[[BgrImage, Rect], object]) -> None:
        """Draw a panel onto its part of the picture, copied; what lies outside is left out.

        Args:
            place: of the panel in the picture.
            draw: gets that part, and the panel's place in it.
        """
        pixels = BgrImage(place.part_of(self.annotated.painted).copy())
        if pixels.size:
            draw(pixels, Rect(min(0, place.left), min(0, place.top), place.width, place.height))
            self.drawn.append((place, pixels))


def _fill_label(part: BgrImage, there: Rect, *, line: Line, base_px: float) -> None:
    text_panel.fill_panel(part, [line], there, base_px)
