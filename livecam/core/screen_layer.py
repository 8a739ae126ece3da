"""The screen's layer of text: drawn by a window at its own resolution, never recorded.

The window scales the picture onto its canvas; `draw_frame_layer` writes everything else on top:
figures, colour bar, top five, recording and pause, the place in a clip, messages, keys.

A new piece is a method of `_FrameLayer`, called in `draw`, that lies beside those before it. What
recordings hold is in annotated_picture.py; the page's layer is in web/static/picture_layer.js.
"""

from dataclasses import dataclass, field, replace

from livecam.core import text, text_panel
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.bounding_box import box_of_crop
from livecam.core.box_outline import outline_box
from livecam.core.centre_cross import cross_place, draw_cross
from livecam.core.class_activation import reference_of
from livecam.core.colour_bar import colour_bar_place, draw_colour_bar
from livecam.core.figures_panel import (
    class_line,
    draw_top_five,
    figure_lines,
    heat_line,
    top_five_place,
)
from livecam.core.judgement_panel import draw_judgement, judgement_lines, leaves_room_below
from livecam.core.key_bindings import bindings_for
from livecam.core.object_boxes import Ground, draw_objects
from livecam.core.panel_positions import (
    COLOUR_BAR_ROOM,
    FIGURES_ROOM,
    STATE_ROOM,
    Room,
    panel_field,
)
from livecam.core.screen_help import draw_help
from livecam.core.screen_lines import entry_lines, limit_lines, live_lines, recording_lines
from livecam.core.text import BOLD, WHITE, Line, Rect
from livecam.core.types import BgrImage, CropBox

SMALL_SIDE_PX = 130  # below this, there is room for one line
SMALLEST_LETTERS_PX = 13


def screen_letters_px(width: int, height: int) -> int:
    """Height of ordinary letters on a canvas of this size: readable in a small window, too."""
    return max(SMALLEST_LETTERS_PX, text.base_size_px(width, height))


def draw_frame_layer(canvas: BgrImage, place: Rect, annotated: AnnotatedFrame) -> None:
    """Draw what belongs to a frame, in place.

    Args:
        canvas: uint8 [height, width, 3 or 4] of the window's own size, the picture on it already;
            a fourth channel does not count.
        place: where the picture is, in pixels of the canvas.
        annotated: the frame, its figures, and what the loop knows beside them.
    """
    height, width = canvas.shape[:2]
    base = screen_letters_px(width, height)
    line_px = max(1, base // 18)
    frame_height, frame_width = annotated.painted.shape[:2]
    ground = Ground(place, (frame_width, frame_height), annotated.view.mirror)
    is_all_seen = annotated.box.covers(frame_width, frame_height)
    outlined = None if is_all_seen else ground.placed(box_of_crop(annotated.box))
    layer = _FrameLayer(canvas, annotated, ground, base, outlined, line_px)
    if min(height, width) >= text_panel.SMALLEST_SIDE_PX:
        layer.draw()
    layer.draw_objects()
    layer.draw_cross()
    if outlined is not None:
        outline_box(canvas, outlined, thickness_px=line_px, below=layer.panels)


@dataclass(slots=True)
class _FrameLayer:
    """The pieces, drawn one after the other; each knows where the ones before it are.

    Attributes:
        canvas: what is drawn on.
        annotated: what is known about the frame.
        ground: where the frame is on the canvas.
        base: height of ordinary letters in pixels.
        outlined: what gets a line around it; None for none.
        line_px: how thick each of the line's two colours is.
        panels: rectangles that are taken.
    """

    canvas: BgrImage
    annotated: AnnotatedFrame
    ground: Ground
    base: int
    outlined: CropBox | None = None
    line_px: int = 1
    panels: list[Rect] = field(default_factory=list)

    @property
    def margin(self) -> int:
        return text_panel.margin_px(self.base)

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the canvas."""
        return self.canvas.shape[1], self.canvas.shape[0]

    def field(self, room: Room) -> Rect:
        """Where such a panel may lie, clear of the square's line."""
        return panel_field(self.size_px, self.outlined, self.base, room, line_px=2 * self.line_px)

    def draw(self) -> None:
        """Everything but the outline."""
        view = self.annotated.view
        bindings = bindings_for(is_seekable=view.is_seekable, class_keys=view.class_keys)
        if view.help and (table := draw_help(self.canvas, bindings)):
            self.panels.append(table)  # alone: panels beside it would shine through
            return
        if min(self.size_px) < SMALL_SIDE_PX:
            self.draw_one_line()
            return
        state, place = self.draw_state(), self.draw_place()
        entry = self.draw_class_entry(place)
        judged = entry or self.draw_judgement(place)
        figures = self.draw_figures(state, judged) if view.figures else None
        if view.top_five and self.annotated.stats.top:
            self.draw_top_five(state, figures, judged)
        if view.figures and view.overlay:
            self.draw_colour_bar()
        if entry is None:
            self.draw_message(self.annotated.status.message, judged or place)

    def draw_objects(self) -> None:
        """The boxes around what is found, around the panels that are there."""
        annotated = self.annotated
        if annotated.objects and not annotated.view.help:
            self.panels += draw_objects(
                self.canvas, annotated.objects, self.ground, self.base, below=self.panels
            )

    def draw_cross(self) -> None:
        """Where the evidence lies, with the figures, at the canvas's own resolution."""
        shows = self.annotated.view.figures and min(self.size_px) >= SMALL_SIDE_PX
        at = cross_place(self.annotated) if shows and not self.annotated.view.help else None
        if at is None:
            return
        place, scale = self.ground.place, self.ground.place.width / self.ground.frame_px[0]
        placed = (place.left + at[0] * scale, place.top + at[1] * scale)
        draw_cross(self.canvas, placed, self.base, below=self.panels)

    def state_lines(self) -> list[Line]:
        """Recording and pause."""
        status = self.annotated.status
        lines = recording_lines(status.recording_s, status.recorder)
        paused = [Line("PAUSED", WHITE, 1.0, BOLD)] if self.annotated.view.paused else []
        return lines + paused

    def draw_one_line(self) -> None:
        """What goes on, else class and probability, where more would hide the picture."""
        lines, judgement = self.state_lines()[-1:], self.annotated.status.judgement
        if (entry := self.annotated.view.class_entry) is not None:
            lines = [text.fitted(entry_lines(entry)[0], self.size_px[0] - 4, self.base)]
        if not lines and judgement is not None:
            lines = [text.fitted(judgement_lines(judgement)[1], self.size_px[0] - 4, self.base)]
        if not lines and self.annotated.view.figures:
            lines = [class_line(self.annotated.stats)]
        if lines:
            self.panels.append(text_panel.draw_panel(self.canvas, lines, 2, 2, self.base))

    def draw_state(self) -> Rect | None:
        """Recording and pause, top right."""
        lines = self.state_lines()
        if not lines:
            return None
        wide, high = text_panel.panel_size_px(lines, self.base)
        field = self.field(STATE_ROOM)
        left, top = field.left + field.width - wide - self.margin, field.top + self.margin
        panel = Rect(left, top, wide, high)
        text_panel.fill_panel(self.canvas, lines, panel, self.base)
        self.panels.append(panel)
        return panel

    def draw_judgement(self, below: Rect | None) -> Rect | None:
        """The judged frame, bottom left, above the panel `below`."""
        judgement = self.annotated.status.judgement
        if judgement is None:
            return None
        panel = draw_judgement(self.canvas, judgement, self.base, above=below)
        self.panels.append(panel)
        return panel

    def draw_class_entry(self, below: Rect | None) -> Rect | None:
        """The name that is being typed, bottom left, above the panel `below`."""
        entry = self.annotated.view.class_entry
        if entry is None:
            return None
        field, margin = self.field(FIGURES_ROOM), self.margin
        room = field.width - 2 * margin
        lines = [text.fitted(line, room, self.base) for line in entry_lines(entry)]
        lines = self._fitting(lines, field.height, fewest=1)
        high = text_panel.panel_height_px(lines, self.base)
        bottom = text_panel.bottom_above(below, field.top + field.height, self.base)
        panel = text_panel.draw_panel(
            self.canvas, lines, field.left + margin, bottom - high, self.base
        )
        self.panels.append(panel)
        return panel

    def draw_figures(self, beside: Rect | None, below: Rect | None) -> Rect | None:
        """The main panel, top left; below the state where both are too wide.

        It has as many lines as there is room above `below`; none where that is for none.
        """
        field, height = self.field(FIGURES_ROOM), self.size_px[1]
        room = height // 2 if below is None else below.top - 2 * self.margin - field.top
        lines = self._fitting(self.figure_lines(field), room, fewest=4 if below is None else 0)
        if not lines:
            return None
        wide, high = text_panel.panel_size_px(lines, self.base)
        left, top = field.left + min(self.margin, field.width - wide), field.top + self.margin
        if beside is not None and Rect(left, top, wide, high).overlaps(beside):
            top = beside.top + beside.height + self.margin // 2
        panel = Rect(max(0, left), top, wide, high)
        text_panel.fill_panel(self.canvas, lines, panel, self.base)
        self.panels.append(panel)
        return panel

    def draw_top_five(self, state: Rect | None, figures: Rect | None, judged: Rect | None) -> None:
        """The most probable classes, on the right, below the state; those above `judged` alone."""
        stats, field = self.annotated.stats, self.field(FIGURES_ROOM)
        top = field.top + self.margin
        place = top_five_place(stats, field, top, figures, self.base)
        if state is not None and place.overlaps(state):
            top = state.top + state.height + self.margin // 2
            place = top_five_place(stats, field, top, figures, self.base)
        if judged is not None and place.overlaps(judged):
            above = replace(field, height=judged.top - self.margin // 2 - field.top)
            place = top_five_place(stats, above, top, figures, self.base)
            if not place.lies_in(above):
                return
        draw_top_five(self.canvas, stats, place, self.base)
        self.panels.append(place)

    def figure_lines(self, field: Rect) -> list[Line]:
        """All lines of the main panel."""
        annotated, status = self.annotated, self.annotated.status
        room_em = (field.width - 2 * self.margin) / self.base - 1
        lines = [
            *figure_lines(annotated, engine=status.engine),
            heat_line(annotated.view, self.reference()),
        ]
        if status.stands_still:  # how old it was, and what limited the rate, is true no more
            return lines
        return [*lines, *live_lines(annotated), *limit_lines(status.rates.limit, room_em)]

    def _fitting(self, lines: list[Line], room_px: int, *, fewest: int) -> list[Line]:
        """As many of the lines as fit into the room; the first `fewest` at least."""
        room_px = min(room_px, self.size_px[1] // 2)
        while len(lines) > fewest and text_panel.panel_height_px(lines, self.base) > room_px:
            lines = lines[:-1]
        return lines

    def draw_colour_bar(self) -> None:
        """The colour bar, bottom right, unless something else is there."""
        view, reference = self.annotated.view, self.reference()
        for room in (self.field(COLOUR_BAR_ROOM), Rect(0, 0, *self.size_px)):
            place = colour_bar_place(room, view, reference, self.base)
            if place is not None and not any(place.overlaps(panel) for panel in self.panels):
                draw_colour_bar(self.canvas, place, view, reference, self.base)
                self.panels.append(place)
                return

    def draw_place(self) -> Rect | None:
        """Where a clip or a folder stands, bottom left; not where the judged frame needs all."""
        status, height = self.annotated.status, self.size_px[1]
        fits = status.judgement is None or leaves_room_below(status.judgement, height, self.base)
        return self.draw_message(status.place if fits else "", None)

    def draw_message(self, words: str, below: Rect | None) -> Rect | None:
        """A message, bottom left, above the panel `below`; nothing without words."""
        if not words:
            return None
        field, base = self.field(FIGURES_ROOM), self.base
        panel = text_panel.draw_message(self.canvas, words, base, field=field, above=below)
        self.panels.append(panel)
        return panel

    def reference(self) -> float:
        """The activation at full brightness."""
        view = self.annotated.view
        return reference_of(self.annotated.activation.grid, act_max=view.act_max, auto=view.auto)
