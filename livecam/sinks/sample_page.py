"""The page of `livecam teach --page`: every sample with its map, in one HTML file.

One sees at a glance whether the thing was learnt, or what stood behind it.
"""

from collections.abc import Mapping, Sequence
from html import escape

import cv2
import numpy as np

from livecam.core.heat_overlay import paint_heat
from livecam.core.map_offset import Offset
from livecam.core.map_placement import MapPlacement
from livecam.core.printable_text import printable
from livecam.core.teaching.fit import TaughtHead
from livecam.core.teaching.report import HEADINGS, TeachingReport
from livecam.core.teaching.samples import TaughtSample
from livecam.core.types import BgrImage, CropBox, FloatGrid
from livecam.core.view import View
from livecam.sinks.html_page import html_page, html_table, picture_html

SHOWN_SIDE_PX = 128
MOST_PICTURES = 600
"""So many are shown: a file of some megabytes still opens everywhere."""

_LONGEST_NAME = 60
_VIEW = View(class_index=0, class_cycle=(0,))
_STYLE = """
h2 { font-size: 1rem; margin: 1.2rem 0 .4rem; overflow-wrap: anywhere; }
.row { gap: .6rem; }
figure { width: 128px; } figcaption { font-size: .75rem; overflow-wrap: anywhere; }
img { display: block; margin-bottom: .3rem; width: 128px; }
.wrong img { outline: 3px solid #d0342c; } .wrong figcaption { color: #d0342c; }
"""


def shown_square(bgr: BgrImage) -> BgrImage:
    """The centred square of a picture as the page shows it, uint8 [128, 128, 3]."""
    height, width = bgr.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = bgr[top : top + side, left : left + side]
    size = (SHOWN_SIDE_PX, SHOWN_SIDE_PX)
    return BgrImage(np.asarray(cv2.resize(square, size, interpolation=cv2.INTER_AREA), np.uint8))


def sample_page(
    report: TeachingReport,
    taught: TaughtHead,
    samples: Sequence[TaughtSample],
    pictures: Mapping[str, BgrImage],
    offset_px: Offset,
) -> str:
    """The whole page.

    Args:
        report: figures and contradictions.
        taught: the head.
        samples: in its order.
        pictures: of samples by their names, from `shown_square`; others are not shown.
        offset_px: of the maps, in pixels of the network's input.
    """
    wrong = {one.place: one.taken_for for one in report.contradictions}
    sections = []
    for k, name in enumerate(taught.classes.all_names):
        places = _shown_places(k, samples, pictures, wrong)
        figures = [
            _figure(
                samples[place],
                pictures[samples[place].name],
                _grid(taught, samples[place]),
                offset_px,
                wrong.get(place, ""),
            )
            for place in places
        ]
        if figures:
            sections.append(f'<h2>{escape(name)}</h2><div class="row">{"".join(figures)}</div>')
    body = [
        "<h1>What was learnt, and where</h1>",
        f"<p>{escape(report.base)}. Each picture with the map of its class, as bright as the",
        "window shows it. Bright beside the thing: the background was learnt. Red: all other",
        "samples take it for something else.</p>",
        html_table(HEADINGS, report.rows()),
        f"<p>{'<br>'.join(escape(printable(line)) for line in report.lines())}</p>",
        *sections,
    ]
    return html_page("livecam teach", _STYLE, body)


def _shown_places(
    class_index: int,
    samples: Sequence[TaughtSample],
    pictures: Mapping[str, BgrImage],
    wrong: Mapping[int, str],
) -> list[int]:
    """Which samples of a class are shown: the contradicted ones first, they are looked for."""
    places = [
        place
        for place, one in enumerate(samples)
        if one.class_index == class_index and one.name in pictures
    ]
    places.sort(key=lambda place: place not in wrong)
    return places[: max(1, MOST_PICTURES * len(places) // len(samples))]


def _grid(taught: TaughtHead, sample: TaughtSample) -> FloatGrid:
    """The map of a sample's class."""
    kernel = taught.head.kernel[:, sample.class_index]
    return np.asarray(sample.cells.astype(np.float32) @ kernel, np.float32)


def _figure(
    sample: TaughtSample, picture: BgrImage, grid: FloatGrid, offset_px: Offset, taken_for: str
) -> str:
    box = CropBox(0, 0, SHOWN_SIDE_PX, SHOWN_SIDE_PX)
    painted = paint_heat(picture, MapPlacement.of(box, grid, offset_px), grid, _VIEW)
    name = printable(sample.name, _LONGEST_NAME)
    file_name = name.rpartition("/")[2]  # the class stands above all of its pictures
    words = f"{escape(file_name)}<br>max {grid.max():.0f}"
    if taken_for:
        words += f", looks like {escape(taken_for)}"
    kind = ' class="wrong"' if taken_for else ""
    shown = picture_html(painted, name)
    return f"<figure{kind}>{shown}<figcaption>{words}</figcaption></figure>"
