"""The panels of figures and of the most probable classes, for pictures and for screens."""

from livecam.core import text, text_panel
from livecam.core.annotated_frame import AnnotatedFrame, Stats
from livecam.core.class_figures import ClassFigures
from livecam.core.formatting import seen_words
from livecam.core.text import BOLD, GREY, WHITE, YELLOW, Colour, Line, Rect
from livecam.core.types import BgrImage
from livecam.core.view import View

BAR_PX = 2  # of the bars below them
PALE_MAGENTA: Colour = (255, 140, 255)
PALE_GREEN: Colour = (150, 255, 150)
"""The colours of a pair (heat_overlay.py), as light as letters on a dark panel have to be."""

ORANGE: Colour = (80, 180, 255)
APPROXIMATE = "approximate map (gradient)"

ROW_SCALE = 1.25  # height of a row of the most probable classes, in lines


def class_line(stats: Stats) -> Line:
    """The class and its probability, for where there is room for one line."""
    return Line(f"{stats.class_name} {100 * stats.probability:.0f} %", WHITE, 1.0, BOLD)


def figure_lines(annotated: AnnotatedFrame, *, engine: str = "") -> list[Line]:
    """The lines of the figures' panel; the names of a pair have the colours of their maps.

    Args:
        annotated: the figures; frames per second of photographs mean nothing, and are left out.
        engine: the engine's short name, on screens only.
    """
    stats, second = annotated.stats, annotated.second
    rate = "-- FPS" if stats.fps is None else f"{stats.fps:.1f} FPS"
    last = "   ".join(filter(None, (rate if annotated.has_rate else "", engine)))
    lines = class_lines(stats, second)
    lines += map_kind_lines(stats)
    lines.append(Line(seen_words(stats.seen, is_sure=stats.is_sure), WHITE))
    return [*lines, Line(last, GREY)] if last else lines


def class_lines(first: Stats | ClassFigures, second: ClassFigures | None) -> list[Line]:
    """The class, its probability and the figures of its map; of a pair, those of both."""
    if second is None:
        return _class_lines(first, WHITE)
    return _class_lines(first, PALE_MAGENTA) + _class_lines(second, PALE_GREEN)


def map_kind_lines(figures: Stats | ClassFigures) -> list[Line]:
    """A line where the map is approximate; none of exact ones."""
    return [Line(APPROXIMATE, ORANGE)] if figures.is_approximate else []


def _class_lines(figures: Stats | ClassFigures, colour: Colour) -> list[Line]:
    """A class with its probability and the figures of its map."""
    return [
        Line(f"{figures.class_name}  {100 * figures.probability:.1f} %", colour, 1.35, BOLD),
        Line(f"max {figures.maximum:.1f}   mean {figures.mean:.1f}", YELLOW, 1.0, BOLD),
    ]


def clock_lines(annotated: AnnotatedFrame) -> list[Line]:
    """Date and time at which the frame was taken, by the clock on the wall; none where unknown."""
    at = annotated.status.at
    return [] if at is None else [Line(f"{at:%Y-%m-%d %H:%M:%S}", WHITE)]


def heat_line(view: View, reference: float) -> Line:
    """How the heat is drawn, on screens only: what keys have set.

    Args:
        view: how it is drawn.
        reference: the activation at full brightness.
    """
    return Line(f"{view.interpolation}   {'auto' if view.auto else 'fixed'} {reference:.1f}", GREY)


def top_five_place(stats: Stats, field: Rect, top: int, beside: Rect | None, base: int) -> Rect:
    """Where the most probable classes go: on the right of a field.

    In a narrow one they go below the figures' panel, as many of them as fit.

    Args:
        stats: `top` has the classes.
        field: the part of the picture that they may lie in.
        top: first free row on the right.
        beside: the figures' panel, None where there is none.
        base: height of ordinary letters in pixels.
    """
    pad, row, margin = text.pad_px(base), _row_px(base), text_panel.margin_px(base)
    names_px = max(text.width_px(Line(name), base) for _, name, _ in stats.top)
    wide = names_px + round(base * 3.8) + 2 * pad
    left = field.left + field.width - wide - margin
    if beside is not None and left < beside.left + beside.width:
        top = max(top, beside.top + beside.height + margin // 2)
    room_px = field.top + field.height - top - pad
    return Rect(left, top, wide, row * max(1, min(len(stats.top), room_px // row)) + pad)


def draw_top_five(picture: BgrImage, stats: Stats, place: Rect, base: int) -> None:
    """Name, bar and probability of the most probable classes at a place, in place.

    Args:
        picture: what is drawn on.
        stats: `top` has the classes.
        place: from `top_five_place`.
        base: height of ordinary letters in pixels.
    """
    pad, row = text.pad_px(base), _row_px(base)
    text_panel.darken(picture, place)
    for number in range((place.height - pad) // row):
        index, name, probability = stats.top[number]
        line = Line(name, WHITE if index == stats.class_index else GREY)
        baseline = place.top + pad // 2 + row * number + round(row * 0.62)
        _draw_class(picture, line, probability, place, baseline=baseline, base=base)


def _row_px(base: int) -> int:
    return text.line_height_px(base * ROW_SCALE)


def _draw_class(
    picture: BgrImage, line: Line, probability: float, panel: Rect, *, baseline: int, base: int
) -> None:
    """One row: the name, the probability at its right end, and below them a bar."""
    pad = text.pad_px(base)
    left, right = panel.left + pad, panel.left + panel.width - pad
    text.draw_line(picture, line, left, baseline, base)
    percent = Line(f"{100 * probability:.1f} %", line.colour)
    text.draw_line(picture, percent, right - text.width_px(percent, base), baseline, base)
    under = baseline + round(text.line_height_px(base * ROW_SCALE) * 0.22)
    length_px = round((panel.width - 2 * pad) * probability)
    Rect(left, under - 1, length_px, BAR_PX).part_of(picture)[..., :3] = YELLOW
