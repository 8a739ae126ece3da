"""The page of `livecam find --sheet`: moments by day, each with its map, in one HTML file.

A click opens the clip at the second of the moment, where it lies.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from pathlib import Path
from urllib.parse import quote

from livecam.core.archive.found_moment import FoundMoment
from livecam.core.archive.summaries import UNKNOWN_DAY, Summary, summaries_by
from livecam.core.formatting import clock_text, counted, duration_text
from livecam.core.printable_text import printable
from livecam.core.types import BgrImage
from livecam.sinks.html_page import html_page, html_table, picture_html

SHOWN_WIDTH_PX = 240
MOST_PICTURES = 600
"""So many are shown: a file of some megabytes still opens everywhere."""

_LONGEST_NAME = 60
_CHART_PX = (720, 110)
_MOST_DAYS = 366
_STYLE = """
h2 { font-size: 1rem; margin: 1.6rem 0 .5rem; }
.sheet { display: flex; flex-wrap: wrap; gap: 1.2rem 1.6rem; margin: 1.2rem 0; }
.sheet section { max-width: 100%; border-top: 1px solid #8886; padding-top: .5rem; }
.sheet h2 { margin: 0 0 .5rem; font-size: .95rem; }
.row { gap: .9rem; align-items: flex-start; }
figure { width: 240px; } figcaption { font-size: .8rem; overflow-wrap: anywhere; }
figcaption b { font-weight: 600; }
figure a { color: inherit; text-decoration: none; display: block; }
figure a:hover figcaption, figure a:focus-visible figcaption { text-decoration: underline; }
figure img, .none { width: 240px; border-radius: 4px; }
.none { background: #8882; aspect-ratio: 16 / 9; display: grid; place-items: center;
  font-size: .8rem; text-align: center; }
.chart { overflow-x: auto; margin: 1rem 0; }
.chart svg { background: none; max-width: none; }
.chart rect { fill: #b45309; } .chart a:hover rect, .chart a:focus-visible rect { fill: #d97706; }
.chart text { font: 11px system-ui, sans-serif; fill: currentColor; }
.chart line { stroke: #8888; }
@media (prefers-color-scheme: dark) {
  .chart rect { fill: #f0a04b; } .chart a:hover rect { fill: #ffc27a; } }
"""


@dataclass(frozen=True, slots=True)
class SheetPicture:
    """What the sheet shows of a moment beside its figures.

    Attributes:
        picture: uint8 BGR, with its map; None where the clip cannot be read.
        path: of the clip; None where it is not there.
    """

    picture: BgrImage | None
    path: Path | None


class ContactSheet:
    """Collects the moments, and makes the page."""

    def __init__(self, file: Path, title: str) -> None:
        """Begin.

        Args:
            file: where the page will lie: clips are named from there on.
            title: what was looked for.
        """
        self._folder, self._title = file.absolute().parent, title
        self._figures: dict[int, str] = {}

    def add(self, moment: FoundMoment, shown: SheetPicture) -> None:
        """Keep the picture of one moment."""
        self._figures[id(moment)] = self._figure(moment, shown)

    def html(self, moments: Sequence[FoundMoment], notes: Sequence[str] = ()) -> str:
        """The whole page.

        Args:
            moments: all that were found, in order; those that were added have pictures.
            notes: lines about what is left out.
        """
        days = summaries_by("day", moments)
        seconds = sum(one.duration_s for one in moments)
        clips = counted(len({one.source for one in moments}), "clip")
        body = [
            f"<h1>{escape(printable(self._title, 200))}</h1>",
            f"<p>{counted(len(moments), 'moment')} in {clips}, {_lasting(seconds)} together.",
            "Each picture is the strongest look, and opens its clip where the moment begins.</p>",
            *(f"<p>{escape(printable(note))}</p>" for note in notes),
            _chart(days),
            '<div class="sheet">',
            *(self._section(day) for day in days),
            "</div>",
            "<h2>All figures</h2>",
            html_table(_HEADINGS, map(_row, moments)),
        ]
        return html_page("livecam find", _STYLE, body)

    def _section(self, day: Summary) -> str:
        figures = [self._figures[id(one)] for one in day.moments if id(one) in self._figures]
        left = len(day.moments) - len(figures)
        more = f"<p>and {counted(left, 'moment')} more, in the table below</p>" if left else ""
        name = "no time of day" if day.name == UNKNOWN_DAY else day.name
        words = f"{name}: {counted(len(day.moments), 'moment')}, {_lasting(day.seconds)}"
        return (
            f'<section id="{escape(_anchor(day.name))}"><h2>{escape(words)}</h2>'
            f'<div class="row">{"".join(figures)}</div>{more}</section>'
        )

    def _figure(self, moment: FoundMoment, shown: SheetPicture) -> str:
        name = printable(Path(moment.source).name, _LONGEST_NAME)
        place = f"{_place(moment.start_s)} - {_place(moment.end_s)}"
        if shown.picture is None:
            picture = '<div class="none">the clip is not there any more</div>'
        else:
            picture = picture_html(shown.picture, f"{name} at {_place(moment.strongest.time_s)}")
        caption = [escape(name), _figures(moment)]
        if moment.is_of_clip:
            caption.insert(0, f"<b>{_when(moment) or place}</b> {_lasting(moment.duration_s)}")
            caption.insert(2, place if _when(moment) else "")
        elif _when(moment):  # a picture
            caption.insert(0, f"<b>{_when(moment)}</b>")
        inside = f"{picture}<figcaption>{'<br>'.join(filter(None, caption))}</figcaption>"
        if shown.path is None:
            return f"<figure>{inside}</figure>"
        href = escape(self._address(shown.path, moment.start_s))
        return f'<figure><a href="{href}" target="_blank">{inside}</a></figure>'

    def _address(self, path: Path, begin_s: float) -> str:
        """Of the clip at a second, from the page's folder on where that is possible."""
        try:
            address = quote(Path(os.path.relpath(path, self._folder)).as_posix())
        except ValueError:  # another disk of Windows
            address = path.absolute().as_uri()
        return f"{address}#t={max(0.0, begin_s):.3f}"


_HEADINGS = ("when", "clip", "from", "to", "lasts", "looks", "strongest")


def _row(moment: FoundMoment) -> list[str]:
    return [
        "" if moment.start is None else f"{moment.start.astimezone():%Y-%m-%d %H:%M:%S}",
        printable(Path(moment.source).name, _LONGEST_NAME),
        _place(moment.start_s) if moment.is_of_clip else "",
        _place(moment.end_s) if moment.is_of_clip else "",
        _lasting(moment.duration_s) if moment.is_of_clip else "",
        str(moment.looks),
        _figures(moment),
    ]


def _figures(moment: FoundMoment) -> str:
    classes = moment.strongest.classes.items()
    words = [f"{name} {100 * one.probability:.1f} %, max {one.max:.1f}" for name, one in classes]
    words += [] if moment.likeness is None else [f"likeness {moment.likeness:.3f}"]
    return escape("; ".join(words) or f"sees {moment.strongest.seen}")


def _when(moment: FoundMoment) -> str:
    return "" if moment.start is None else f"{moment.start.astimezone():%H:%M:%S}"


def _place(seconds: float) -> str:
    tenths = round(seconds * 10)
    return f"{clock_text(tenths // 10)}.{tenths % 10}"


def _lasting(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else duration_text(seconds)


def _anchor(day: str) -> str:
    return f"day-{day}"


def _chart(days: Sequence[Summary]) -> str:
    """A bar for each day between the first and the last: how long the moments last together."""
    seconds = {day.name: day for day in days if day.name != UNKNOWN_DAY}
    if len(seconds) < 2:
        return ""
    dates = list(_dates(min(seconds), max(seconds)))
    width, height = _CHART_PX
    step = max(width / len(dates), 4.0)
    width = max(width, round(step * len(dates)))
    most = max(day.seconds for day in seconds.values())
    bars = []
    for number, name in enumerate(dates):
        if name not in seconds:
            continue
        day = seconds[name]
        tall = max(2.0, height * day.seconds / most)
        words = f"{name}: {counted(len(day.moments), 'moment')}, {_lasting(day.seconds)}"
        bars.append(
            f'<a href="#{_anchor(name)}"><title>{escape(words)}</title>'
            f'<rect x="{number * step:.1f}" y="{14 + height - tall:.1f}" rx="1" '
            f'width="{min(step * 0.8, 40):.1f}" height="{tall:.1f}"/></a>'
        )
    base = 14 + height
    return (
        f'<div class="chart"><svg width="{width}" height="{base + 18}" '
        f'viewBox="0 0 {width} {base + 18}" role="img" aria-label="how long on each day">'
        f'<text x="0" y="10">{escape(_lasting(most))}</text>'
        f'<line x1="0" y1="{base}.5" x2="{width}" y2="{base}.5"/>{"".join(bars)}'
        f'<text x="0" y="{base + 14}">{dates[0]}</text>'
        f'<text x="{width}" y="{base + 14}" text-anchor="end">{dates[-1]}</text></svg></div>'
    )


def _dates(first: str, last: str) -> Iterator[str]:
    """All days from the first to the last, the last `_MOST_DAYS` of them."""
    end = date.fromisoformat(last)
    day = max(date.fromisoformat(first), end - timedelta(days=_MOST_DAYS - 1))
    while day <= end:
        yield day.isoformat()
        day += timedelta(days=1)
