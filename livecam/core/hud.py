"""The head-up display: figures, colour bar, crop outline, top five, help, notifications."""

import math
from functools import lru_cache

import cv2
import numpy as np

from livecam.core import text
from livecam.core.annotated_frame import AnnotatedFrame, RecorderState, Stats
from livecam.core.class_activation import reference_of
from livecam.core.heat_overlay import colour_ramp
from livecam.core.key_bindings import help_rows
from livecam.core.text import BOLD, GREY, RED, WHITE, YELLOW, Line
from livecam.core.types import BgrImage, CropBox
from livecam.core.view import View

SMALLEST_SIDE_PX = 60  # below this, letters would hide the picture
SMALL_SIDE_PX = 180  # below this, there is room for one line
HELP_GROUND = (24, 24, 24)
FEW_MINUTES = 10.0  # of room on the disk: from here on it is said
BAR_TICKS = (1.0, 0.5, 0.25, 0.1)  # brightness


def draw_hud(annotated: AnnotatedFrame, *, engine: str) -> None:
    """Draw everything that the view asks for onto `annotated.picture`, in place.

    Args:
        annotated: its picture has the heat painted and is mirrored already.
        engine: short name of the engine.
    """
    picture, view, stats = annotated.picture, annotated.view, annotated.stats
    status = annotated.status
    height, width = picture.shape[:2]
    outline_square(picture, annotated.box, mirror=view.mirror)
    if min(height, width) < SMALLEST_SIDE_PX:
        return
    if view.help and draw_help(picture, help_rows()):
        return  # alone: panels beside it would shine through
    base = text.base_size_px(width, height)
    recording = recording_lines(status.recording_s, status.recorder)
    if min(height, width) < SMALL_SIDE_PX:
        _draw_small(picture, stats, view, recording, base)
        return
    panel = _draw_figures(annotated, engine, base) if view.figures else text.Rect(0, 0, 0, 0)
    below = _draw_state(picture, view, recording, base)
    if view.top_five:
        _draw_top_five(picture, stats, below, panel, base)
    if status.notification:
        _draw_notification(picture, status.notification, base)


def _draw_figures(annotated: AnnotatedFrame, engine: str, base: int) -> text.Rect:
    """The main panel and, where heat is drawn, its colour bar; gives the panel's rectangle."""
    picture, view, stats = annotated.picture, annotated.view, annotated.stats
    reference = reference_of(annotated.activation.grid, act_max=view.act_max, auto=view.auto)
    lines = figure_lines(stats, view, engine, reference)
    lines += live_lines(stats, annotated.frame.drops.total)
    lines += limit_lines(annotated.status.rates.limit)
    panel = text.draw_panel(picture, lines, _margin(base), _margin(base), base)
    if view.overlay:
        draw_colour_bar(picture, view, reference, base)
    return panel


def _draw_small(
    picture: BgrImage, stats: Stats, view: View, recording: list[Line], base: int
) -> None:
    """One line where more would hide the picture: what goes on, else class and probability."""
    lines = recording[:1]
    if view.paused:
        lines = [Line("PAUSED", WHITE, 1.0, BOLD)]
    if view.figures and not lines:
        lines = [Line(f"{stats.class_name} {100 * stats.probability:.0f} %", WHITE, 1.0, BOLD)]
    if lines:
        text.draw_panel(picture, lines, 2, 2, base)


def outline_square(picture: BgrImage, box: CropBox, *, mirror: bool) -> None:
    """A thin light line with dark neighbours just inside the square, visible on any ground."""
    height, width = picture.shape[:2]
    if box.side == width == height or box.side < 8:
        return
    left = width - box.left - box.side if mirror else box.left
    right, bottom = left + box.side - 1, box.top + box.side - 1
    cv2.rectangle(picture, (left, box.top), (right, bottom), (0, 0, 0), 1)
    cv2.rectangle(picture, (left + 1, box.top + 1), (right - 1, bottom - 1), WHITE, 1)


def figure_lines(stats: Stats, view: View, engine: str, reference: float) -> list[Line]:
    """The main panel's lines."""
    rate = "-- FPS" if stats.fps is None else f"{stats.fps:.1f} FPS"
    scale = "auto" if view.auto else "fixed"
    return [
        Line(f"{stats.class_name}  {100 * stats.probability:.1f} %", WHITE, 1.35, BOLD),
        Line(f"max {stats.maximum:.1f}   mean {stats.mean:.1f}", YELLOW, 1.0, BOLD),
        Line(f"sees {stats.seen or 'something else'}", WHITE),
        Line(f"{rate}   {engine}", GREY),
        Line(f"{view.interpolation}   {scale} {reference:.1f}", GREY),
    ]


def live_lines(stats: Stats, drops: int) -> list[Line]:
    """How old a live picture is when it is seen, and how many were left out."""
    if stats.age_ms is None:
        return []
    return [Line(f"{stats.age_ms:.0f} ms old   {drops} dropped", GREY)]


def limit_lines(limit: str) -> list[Line]:
    """What limits the rate, and below it what to do."""
    what, colon, way_out = limit.partition(": ")
    return [Line(part, YELLOW, 0.9) for part in (what + colon.strip(), way_out) if part]


def clock_text(seconds: float) -> str:
    """Seconds as "0:07", "12:34" or "1:02:03"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _margin(base: int) -> int:
    return round(base * 0.6)


def recording_lines(recording_s: float | None, recorder: RecorderState) -> list[Line]:
    """Recording time, and what the user should know about the recording."""
    if recording_s is None:
        return []
    if recorder.is_broken:
        return [Line("NOT RECORDING", YELLOW, 1.0, BOLD)]
    lines = [Line(f"REC {clock_text(recording_s)}", RED, 1.0, BOLD)]
    if recorder.dropped:
        lines.append(Line(f"{recorder.dropped} dropped", YELLOW))
    minutes = recorder.minutes_left
    if minutes is not None and minutes < FEW_MINUTES:
        lines.append(Line(f"{minutes:.0f} min of disk left" if minutes >= 1 else "disk full soon"))
    return lines


def _draw_state(picture: BgrImage, view: View, recording: list[Line], base: int) -> int:
    """Recording and pause, top right; gives the first free row below."""
    top = _margin(base)
    lines = list(recording)
    if view.paused:
        lines.append(Line("PAUSED", WHITE, 1.0, BOLD))
    if not lines:
        return top
    wide, high = text.panel_size_px(lines, base)
    text.draw_panel(picture, lines, picture.shape[1] - wide - _margin(base), top, base)
    return top + high + _margin(base) // 2


def _draw_top_five(picture: BgrImage, stats: Stats, top: int, panel: text.Rect, base: int) -> None:
    """Name, bar and probability of the most probable classes, on the right.

    On a narrow picture they go below the figures' panel.
    """
    percents = [f"{100 * probability:.1f} %" for _, _, probability in stats.top]
    lines = [
        Line(name, WHITE if index == stats.class_index else GREY) for index, name, _ in stats.top
    ]
    pad, row = round(base * 0.5), text.line_height_px(base * 1.25)
    names_px = max(text.width_px(line, base) for line in lines)
    wide = names_px + round(base * 3.8) + 2 * pad
    left = picture.shape[1] - wide - _margin(base)
    if left < panel.left + panel.width:
        top = max(top, panel.top + panel.height + _margin(base) // 2)
    text.darken(picture, text.Rect(left, top, wide, row * len(lines) + pad))
    for number, (line, percent) in enumerate(zip(lines, percents, strict=True)):
        baseline = top + pad // 2 + row * number + round(row * 0.62)
        text.draw_line(picture, line, left + pad, baseline, base)
        figure = Line(percent, line.colour)
        right = left + wide - pad
        text.draw_line(picture, figure, right - text.width_px(figure, base), baseline, base)
        filled = round((wide - 2 * pad) * stats.top[number][2])
        under = baseline + round(row * 0.22)
        cv2.line(picture, (left + pad, under), (left + pad + filled, under), YELLOW, 2)


def draw_colour_bar(picture: BgrImage, view: View, reference: float, base: int) -> None:
    """The scale at the bottom right: colours from dark to bright, ticks in units of activation.

    Brightness b belongs to the activation reference + ln(b) / gain.
    """
    labels = [f"{reference + math.log(level) / view.gain:.0f}" for level in BAR_TICKS]
    above = "" if view.auto else ">"  # the frame's own maximum is not exceeded
    stamp = _colour_bar(view.style, view.colormap, (above + labels[0], *labels[1:]), base)
    height, width = picture.shape[:2]
    high, wide = stamp.ink.shape[:2]
    left, top = width - wide - _margin(base), height - high - _margin(base)
    if left < 0 or top < 0 or wide > width // 3 or _bar_px(base) > height // 2:
        return
    stamp.put(picture, left, top)


def _bar_px(base: int) -> int:
    return round(base * 6.5)


@lru_cache(maxsize=64)
def _colour_bar(style: str, colormap: str, labels: tuple[str, ...], base: int) -> text.Stamp:
    """The panel with the bar; while the reference stands still it is always the same."""
    view = View(0, (), style=style, colormap=colormap)
    lines = [Line(label, WHITE, 0.85) for label in labels]
    label_px = max(text.width_px(line, base) for line in lines)
    long, wide, pad = _bar_px(base), round(base * 0.8), round(base * 0.5)

    def draw(panel: BgrImage) -> None:
        height, width = panel.shape[:2]
        text.darken(panel, text.Rect(0, 0, width, height))
        ramp = colour_ramp(view)[::-1].reshape(256, 1, 3)
        bar = np.asarray(cv2.resize(ramp, (wide, long), interpolation=cv2.INTER_LINEAR))
        panel[pad : pad + long, pad : pad + wide] = bar
        for level, line in zip(BAR_TICKS, lines, strict=True):
            row, edge = pad + round((1.0 - level) * (long - 1)), pad + wide
            cv2.line(panel, (edge - pad // 2, row), (edge + 2, row), WHITE, 1)
            text.draw_line(panel, line, edge + pad, row + round(base * 0.3), base)

    return text.stamp_of(draw, wide + label_px + 3 * pad, long + 2 * pad)


def _draw_notification(picture: BgrImage, notification: str, base: int) -> None:
    room_px = picture.shape[1] - 2 * _margin(base) - base
    line = Line(text.shortened(notification, room_px, 0.9 * base), WHITE, 0.9)
    _, high = text.panel_size_px([line], base)
    bottom = picture.shape[0] - _margin(base)
    text.draw_panel(picture, [line], _margin(base), bottom - high, base)


def draw_help(picture: BgrImage, rows: list[tuple[str, str]]) -> bool:
    """The table of keys in the middle, as large as fits; whether it fits at all."""
    height, width = picture.shape[:2]
    keys_em, gap_em = 4.5, 1.0
    words_em = max(text.width_px(Line(words), 100) for _, words in rows) / 100
    base = min(
        text.base_size_px(width, height),
        math.floor(height / (1.45 * (len(rows) + 1.5))),
        math.floor(width / (keys_em + words_em + 2 * gap_em)),
    )
    if base < 6:
        return False
    row_px = text.line_height_px(base)
    wide = round(base * (keys_em + words_em + 2 * gap_em))
    high = row_px * len(rows) + base
    left, top = (width - wide) // 2, (height - high) // 2
    picture[max(0, top) : top + high, max(0, left) : left + wide] = HELP_GROUND
    for number, (keys, words) in enumerate(rows):
        baseline = top + base // 2 + row_px * number + round(row_px * 0.7)
        text.draw_line(picture, Line(keys, YELLOW, 1.0, BOLD), left + base, baseline, base)
        begin = left + round(base * (gap_em + keys_em))
        text.draw_line(picture, Line(words), begin, baseline, base)
    return True
