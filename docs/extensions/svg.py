"""Drawing of boxes and arrows as SVG that follows the page's colours, dark or light."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

ACCENTS = {
    "core": "#3f7d4e",
    "settings": "#8a6d1d",
    "native": "#7a7a7a",
    "pipeline": "#b0533c",
    "execution": "#a3485f",
    "models": "#7d4fa3",
    "engines": "#9a4f93",
    "sources": "#2f77a8",
    "sinks": "#2b8285",
    "web": "#4a67b5",
    "assembly": "#9b5d2e",
    "cli": "#5c6b78",
    "api.py": "#5c6b78",
}
LINE_PX = 15


@dataclass(frozen=True)
class Box:
    """A rectangle with a title, lines of text below it, and a coloured edge."""

    x: float
    y: float
    width: float
    height: float
    title: str
    lines: Sequence[str]
    accent: str
    note: str = ""

    def drawn(self) -> str:
        """As SVG."""
        x, y = self.x, self.y
        size = f'width="{self.width}" height="{self.height}"'
        edge = f'width="4" height="{self.height - 12}" rx="2" fill="{self.accent}"'
        parts = [
            f'<rect class="box" x="{x}" y="{y}" {size} rx="6"/>',
            f'<rect x="{x}" y="{y + 6}" {edge}/>',
            f'<text class="title" x="{x + 14}" y="{y + 21}">{escape(self.title)}</text>',
        ]
        for number, line in enumerate(self.lines):
            top = y + 39 + number * LINE_PX
            parts.append(f'<text class="words" x="{x + 14}" y="{top}">{escape(line)}</text>')
        if self.note:
            bottom = y + self.height - 9
            parts.append(f'<text class="note" x="{x + 14}" y="{bottom}">{escape(self.note)}</text>')
        return "\n".join(parts)


def wrapped(text: str, width_px: float, most: int = 4) -> list[str]:
    """The text in lines that fit into a box of this width."""
    lines = textwrap.wrap(text, max(8, int((width_px - 22) / 6.7)))
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1].rstrip(".,;") + " …"]
    return lines


def arrow(points: Sequence[tuple[float, float]]) -> str:
    """A line downwards through points, curved between each odd one and the next, with a head."""
    (x, y), *others = points
    path = f"M {x} {y}"
    for number, (x1, y1) in enumerate(others):
        is_last = number == len(others) - 1
        bottom = y1 - 5 if is_last else y1  # there the head begins
        middle = (y + bottom) / 2
        path += f" L {x1} {y1}" if number % 2 else f" C {x} {middle} {x1} {middle} {x1} {bottom}"
        x, y = x1, y1
    return f'<path class="arrow" d="{path}"/>'


def picture(parts: Sequence[str], width: float, height: float, label: str) -> str:
    """A block of HTML for Markdown: no empty lines, or Markdown would end it there."""
    head = (
        '<defs><marker id="head" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path class="head" d="M 0 0 L 8 4 L 0 8 z"/>'
        "</marker></defs>"
    )
    inner = "\n".join([head, *parts])
    return (
        f'<div class="drawing"><svg viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(label)}">\n{inner}\n</svg></div>\n'
    )
