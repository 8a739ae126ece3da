"""The page of `livecam judge --page`: tables and pictures in one HTML file that needs no other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

import cv2
import numpy as np

from livecam.core.heat_overlay import paint_heat
from livecam.core.map_placement import MapPlacement
from livecam.core.map_quality.deletion_insertion import STEPS
from livecam.core.map_quality.map_scores import centre_of
from livecam.core.map_quality.report import Judgement, heading, report_tables
from livecam.core.map_quality.summary import BASELINES, JudgedPicture
from livecam.core.map_quality.truth import Truth
from livecam.core.map_scale import USUAL_SCALE, MapScale
from livecam.core.printable_text import printable
from livecam.core.types import BgrImage, CropBox, RgbImage
from livecam.core.view import View
from livecam.pipeline.judging import PlacedMap
from livecam.sinks.html_page import html_page, html_table, picture_html

MOST_PICTURES = 200
"""So many are shown: a file of some megabytes still opens everywhere."""

SHOWN_SIDE_PX = 224
_COLOURS = ("#d8572a", "#2a6fdb", "#7a3fb5", "#1d8a53", "#9a7b00", "#b0286d")
_OF_BASELINES = ("#8a8a8a", "#bdbdbd")
_CHART_PX = (224, 120)
_VIEW = View(class_index=0, class_cycle=(0,), auto=True)
_LONGEST_NAME = 200

_STYLE = """
section { border-top: 1px solid #8886; padding: .8rem 0; }
h2 { font-size: 1rem; margin: 0 0 .4rem; overflow-wrap: anywhere; }
.row { gap: .8rem; }
figcaption { font-size: .85rem; width: min-content; min-width: 100%; }
svg { background: #8881; }
.better { color: #1d8a53; } .worse { color: #d0342c; }
i { display: inline-block; width: 1em; height: .25em; vertical-align: middle;
  margin: 0 .3em 0 .8em; }
"""


class JudgementPage:
    """Collects pictures while they are judged."""

    def __init__(self, scale: MapScale = USUAL_SCALE) -> None:
        """`scale` is that of the network's maps."""
        self._sections: list[str] = []
        self._view = replace(_VIEW, gain_is_relative=scale.gain_is_relative)

    def add(
        self,
        judged: JudgedPicture,
        rgb: Mapping[str, RgbImage],
        placed: Mapping[str, PlacedMap],
        truth: Mapping[str, Truth | None],
    ) -> None:
        """Keep one picture; those beyond `MOST_PICTURES` are left out.

        Args:
            judged: its figures.
            rgb: as the network saw it, by the names of its maps.
            placed: its maps.
            truth: where its things are.
        """
        if len(self._sections) >= MOST_PICTURES:
            return
        names = [name for name in placed if name not in BASELINES]
        pictures = {
            name: map_picture(rgb[name], placed[name], truth[name], self._view) for name in names
        }
        figures = [_figure(name, picture, judged) for name, picture in pictures.items()]
        figures += [_chart(title, judged) for title in ("deletion", "insertion")]
        title = f"{printable(judged.name, _LONGEST_NAME)}: {judged.class_name}"
        percent = f"{100 * judged.probability:.1f} %"
        self._sections.append(
            f"<section><h2>{escape(title)} {percent}</h2>"
            f'<div class="row">{"".join(figures)}</div></section>'
        )

    def html(self, judgement: Judgement) -> str:
        """The whole page."""
        shown, count = len(self._sections), len(judgement.pictures)
        note = f" The first {shown} of {count} are shown." if shown < count else ""
        body = [
            f"<h1>Is the map true?</h1><p>{escape(heading(judgement))}</p>",
            *(_table(table) for table in report_tables(judgement)),
            "<p>In brackets: 95 % interval. Cross: the map's centre. White: true boxes.",
            f"Brightest is each map's own maximum.{note}</p>",
            f"<p>Curves:{_legend(judgement)}</p>",
            *self._sections,
        ]
        return html_page("livecam judge", _STYLE, body)


def _figure(name: str, shown: BgrImage, judged: JudgedPicture) -> str:
    values = judged.scores[name].values
    words = f"{name}: deletion {values['deletion']:.3f}, insertion {values['insertion']:.3f}"
    if "centre_error_px" in values:
        words += f",<br>centre {values['centre_error_px']:.0f} px off, IoU {values['iou_mean']:.2f}"
    return f"<figure>{picture_html(shown, name)}<figcaption>{words}</figcaption></figure>"


def map_picture(
    rgb: RgbImage, placed: PlacedMap, truth: Truth | None, view: View = _VIEW
) -> BgrImage:
    """The map on its picture, with the true boxes and a cross at its centre.

    Args:
        rgb: uint8 [height, width, 3], as the network saw it.
        placed: in its pixels.
        truth: where the things are; None for no boxes.
        view: how the map is drawn.

    Returns:
        uint8 BGR, `SHOWN_SIDE_PX` on the short side.
    """
    heat = placed.heat
    height, width = heat.shape
    bgr = BgrImage(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), np.uint8))
    painted = paint_heat(bgr, MapPlacement.of(CropBox(0, 0, width, height), heat), heat, view)
    scale = SHOWN_SIDE_PX / min(height, width)
    size = round(width * scale), round(height * scale)
    shown = np.asarray(cv2.resize(painted, size, interpolation=cv2.INTER_AREA), np.uint8)
    for box in truth.boxes if truth else ():
        begin = round(box.left * scale), round(box.top * scale)
        end = round(box.right * scale) - 1, round(box.bottom * scale) - 1
        cv2.rectangle(shown, begin, end, (0, 0, 0), 3)
        cv2.rectangle(shown, begin, end, (255, 255, 255), 1)
    x, y = placed.centre or centre_of(heat)
    middle = round(x * scale - 0.5), round(y * scale - 0.5)
    cv2.drawMarker(shown, middle, (0, 0, 0), cv2.MARKER_CROSS, 17, 4)
    cv2.drawMarker(shown, middle, (255, 255, 255), cv2.MARKER_CROSS, 15, 2)
    return BgrImage(shown)


def _chart(title: str, judged: JudgedPicture) -> str:
    """The curves of all maps of one kind."""
    width, height = _CHART_PX
    # Baselines first: the drawings' curves lie above them.
    names = sorted(judged.scores, key=lambda name: name not in BASELINES)
    lines = []
    for name in names:
        curve = getattr(judged.scores[name].curves, title)
        points = " ".join(
            f"{width * step / STEPS:.1f},{2 + (height - 4) * (1 - value):.1f}"
            for step, value in enumerate(curve)
        )
        lines.append(
            f'<polyline fill="none" stroke="{_colour(name, list(judged.scores))}" '
            f'stroke-width="{1.2 if name in BASELINES else 2}" points="{points}"/>'
        )
    wanted = "less is better" if title == "deletion" else "more is better"
    return (
        f'<figure><svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-label="{title}">{"".join(lines)}</svg>'
        f"<figcaption>{title} ({wanted})</figcaption></figure>"
    )


def _colour(name: str, names: Sequence[str]) -> str:
    if name in BASELINES:
        return _OF_BASELINES[BASELINES.index(name)]
    drawings = [other for other in names if other not in BASELINES]
    return _COLOURS[drawings.index(name) % len(_COLOURS)]


def _legend(judgement: Judgement) -> str:
    names = list(judgement.pictures[0].scores) if judgement.pictures else []
    return "".join(
        f'<i style="background:{_colour(name, names)}"></i>{escape(name)}' for name in names
    )


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    return html_table(head, body, lambda cell: cell if cell in {"better", "worse"} else "")
