"""The page of `livecam teach --page`: every sample with its map, in one HTML file.

One sees at a glance whether the thing was learnt, or what stood behind it.
"""

import base64
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

SHOWN_SIDE_PX = 128
JPEG_QUALITY = 80
MOST_PICTURES = 600
"""So many are shown: a file of some megabytes still opens everywhere."""

_LONGEST_NAME = 60
_VIEW = View(class_index=0, class_cycle=(0,))
_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 1.5rem auto; max-width: 1100px;
  padding: 0 1rem; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; white-space: nowrap; }
thead th { border-bottom: 1px solid #8886; }
h2 { font-size: 1rem; margin: 1.2rem 0 .4rem; overflow-wrap: anywhere; }
.row { display: flex; flex-wrap: wrap; gap: .6rem; }
figure { margin: 0; width: 128px; } figcaption { font-size: .75rem; overflow-wrap: anywhere; }
img { display: block; border: 3px solid transparent; box-sizing: border-box; width: 128px; }
.wrong img { border-color: #d0342c; } .wrong figcaption { color: #d0342c; }
"""


def small_picture(bgr: BgrImage) -> BgrImage:
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
        pictures: of samples by their names, from `small_picture`; others are not shown.
        offset_px: of the maps, in pixels of the network's input.
    """
    wrong = {one.place: one.taken_for for one in report.contradictions}
    sections = []
    for k, name in enumerate(taught.classes.all_names):
        places = [
            place
            for place, one in enumerate(samples)
            if one.class_index == k and one.name in pictures
        ]
        if not places:
            continue
        # The contradicted ones first: they are what the page is looked at for.
        places.sort(key=lambda place: place not in wrong)
        figures = [
            _figure(
                samples[place],
                pictures[samples[place].name],
                _grid(taught, samples[place]),
                offset_px,
                wrong.get(place, ""),
            )
            for place in places[: max(1, MOST_PICTURES * len(places) // len(samples))]
        ]
        sections.append(f'<h2>{escape(name)}</h2><div class="row">{"".join(figures)}</div>')
    return "\n".join([
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>livecam teach</title><style>{_STYLE}</style></head><body>",
        "<h1>What was learnt, and where</h1>",
        f"<p>{escape(report.base)}. Each picture with the map of its class, as bright as the",
        "window shows it. Bright beside the thing: the background was learnt. Red: all other",
        "samples take it for something else.</p>",
        _table(report),
        f"<p>{'<br>'.join(escape(printable(line)) for line in report.lines())}</p>",
        *sections,
        "</body></html>\n",
    ])  # fmt: skip


def _grid(taught: TaughtHead, sample: TaughtSample) -> FloatGrid:
    """The map of a sample's class."""
    kernel = taught.head.kernel[:, sample.class_index]
    return np.asarray(sample.cells.astype(np.float32) @ kernel, np.float32)


def _figure(
    sample: TaughtSample, picture: BgrImage, grid: FloatGrid, offset_px: Offset, taken_for: str
) -> str:
    box = CropBox(0, 0, SHOWN_SIDE_PX, SHOWN_SIDE_PX)
    painted = paint_heat(picture, MapPlacement.of(box, grid, offset_px), grid, _VIEW)
    jpeg = cv2.imencode(".jpg", painted, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1]
    data = base64.b64encode(jpeg.tobytes()).decode()
    name = escape(printable(sample.name, _LONGEST_NAME))
    words = f"{name}: max {grid.max():.0f}"
    if taken_for:
        words += f", looks like {escape(taken_for)}"
    kind = ' class="wrong"' if taken_for else ""
    return (
        f'<figure{kind}><img alt="{name}" src="data:image/jpeg;base64,{data}">'
        f"<figcaption>{words}</figcaption></figure>"
    )


def _table(report: TeachingReport) -> str:
    heads = "".join(f"<th>{escape(cell)}</th>" for cell in HEADINGS)
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in report.rows()
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
