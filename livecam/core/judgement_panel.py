"""The panel of a judged frame on a screen: its picture, curves of deletion and insertion, areas."""

import cv2
import numpy as np

from livecam.core import text, text_panel
from livecam.core.frame_judgement import FrameJudgement
from livecam.core.map_quality.deletion_insertion import STEPS
from livecam.core.text import BOLD, GREY, WHITE, Colour, Line, Rect
from livecam.core.types import BgrImage

DELETION: Colour = (110, 130, 255)
INSERTION: Colour = (150, 235, 140)
AXIS: Colour = (130, 130, 130)
PLOT_EM = (11.0, 5.5)  # width and height of the plot, in heights of letters
LARGEST_SHARE = 0.7  # of the canvas's width: without the picture where it would be wider


def judgement_lines(judgement: FrameJudgement) -> list[Line]:
    """What the panel says, from the top; the first two lines name the colours of the curves."""
    curves, probability = judgement.curves, judgement.probability
    percent = "" if probability is None else f"  {100 * probability:.1f} %"
    title = Line(f"judged: {judgement.class_name}{percent}", WHITE, 1.0, BOLD)
    if not curves.is_complete:
        return [title, Line(f"judging {100 * judgement.share_done:.0f} %", GREY), Line("", GREY)]
    return [
        title,
        Line(f"deletion {curves.deletion_area:.2f}, less is better", DELETION),
        Line(f"insertion {curves.insertion_area:.2f}, more is better", INSERTION),
    ]


def leaves_room_below(judgement: FrameJudgement, height: int, base: int) -> bool:
    """Whether a message fits below the panel on a canvas of this height."""
    heights = (text.line_height_px(base * line.scale) for line in judgement_lines(judgement))
    panel_px = sum(heights) + round(PLOT_EM[1] * base) + 2 * text.pad_px(base)
    return panel_px + 3 * (base + text_panel.margin_px(base)) <= height


def draw_judgement(
    canvas: BgrImage, judgement: FrameJudgement, base: int, *, above: Rect | None = None
) -> Rect:
    """Draw it at the lower left, in place; gives the panel's rectangle.

    Args:
        canvas: what is drawn on.
        judgement: as far as it is known.
        base: height of ordinary letters in pixels.
        above: another panel, above which it lies; None for the edge.
    """
    height, width = canvas.shape[:2]
    margin, pad = text_panel.margin_px(base), text.pad_px(base)
    room = width - 2 * margin - 2 * pad
    lines = [text.fitted(line, room + 2 * pad, base) for line in judgement_lines(judgement)]
    plot_width, plot_height = (round(em * base) for em in PLOT_EM)
    picture = _picture(judgement.picture, plot_height, canvas.shape[2])
    beside = picture.shape[1] + pad
    if plot_width + beside + 2 * pad > LARGEST_SHARE * width:
        picture, beside = BgrImage(picture[:, :0]), 0
    plot_width = min(plot_width, room)
    text_width = max(text.width_px(line, base) for line in lines)
    text_height = sum(text.line_height_px(base * line.scale) for line in lines)
    wide = 2 * pad + max(text_width, plot_width + beside)
    high = text_height + plot_height + 2 * pad
    top = max(0, text_panel.bottom_above(above, height, base) - high)
    panel = Rect(margin, top, wide, high)
    text_panel.darken(canvas, panel)
    text_panel.write_lines(canvas, lines, panel, base)
    top = panel.top + pad // 2 + text_height + pad // 2
    _put(canvas, picture, panel.left + pad, top)
    plot = Rect(panel.left + pad + beside, top, plot_width, plot_height)
    _draw_curves(canvas, judgement, plot, max(1, round(base / 10)))
    return panel


def _picture(bgr: BgrImage, height: int, channels: int) -> BgrImage:
    """The judged picture at this height, with as many channels as the canvas."""
    width = max(1, round(bgr.shape[1] * height / bgr.shape[0]))
    shrunk = np.asarray(cv2.resize(bgr, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    if channels == 4:
        shrunk = np.asarray(cv2.cvtColor(shrunk, cv2.COLOR_BGR2BGRA), np.uint8)
    return BgrImage(shrunk)


def _put(canvas: BgrImage, picture: BgrImage, left: int, top: int) -> None:
    area = canvas[top : top + picture.shape[0], left : left + picture.shape[1]]
    area[:] = picture[: area.shape[0], : area.shape[1]]


def _draw_curves(canvas: BgrImage, judgement: FrameJudgement, plot: Rect, thickness: int) -> None:
    """Probability upwards, the share of changed pixels to the right."""
    right, bottom = plot.left + plot.width - 1, plot.top + plot.height - 1
    for level in (0.0, 0.5, 1.0):
        row = round(bottom - level * (plot.height - 1))
        cv2.line(canvas, (plot.left, row), (right, row), AXIS, 1)
    cv2.line(canvas, (plot.left, plot.top), (plot.left, bottom), AXIS, 1)
    curves = judgement.curves
    for curve, colour in ((curves.deletion, DELETION), (curves.insertion, INSERTION)):
        points = [
            (
                round(plot.left + step / STEPS * (plot.width - 1)),
                round(bottom - value * (plot.height - 1)),
            )
            for step, value in enumerate(curve)
        ]
        if len(points) > 1:
            line = np.array(points, np.int32).reshape(-1, 1, 2)
            cv2.polylines(canvas, [line], isClosed=False, color=colour, thickness=thickness,
                          lineType=cv2.LINE_AA)  # fmt: skip
