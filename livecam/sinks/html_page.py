"""What the HTML pages of commands share: one file each, which needs no other; light and dark."""

import base64
from collections.abc import Callable, Iterable, Sequence
from html import escape

from livecam.core.jpeg import jpeg_of
from livecam.core.types import BgrImage

JPEG_QUALITY = 80

_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 1.5rem auto; max-width: 1100px;
  padding: 0 1rem; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; white-space: nowrap; }
thead th { border-bottom: 1px solid #8886; vertical-align: bottom; }
@media (max-width: 480px) { thead th { white-space: normal; } }
.row { display: flex; flex-wrap: wrap; }
figure { margin: 0; }
img, svg { display: block; max-width: 100%; }
"""


def html_page(title: str, style: str, body: Iterable[str]) -> str:
    """The whole document.

    Args:
        title: of the window.
        style: CSS beside what all pages have.
        body: HTML, piece by piece.
    """
    return "\n".join([
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{_STYLE}{style}</style></head><body>",
        *body,
        "</body></html>\n",
    ])  # fmt: skip


def html_table(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    kind_of: Callable[[str], str] = lambda _: "",
) -> str:
    """A table of texts; `kind_of` gives the CSS class of a cell, "" for none."""
    heads = "".join(f"<th>{escape(cell)}</th>" for cell in headings)
    body = "".join(
        f"<tr>{''.join(_cell(cell, kind_of(cell)) for cell in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _cell(text: str, kind: str) -> str:
    attribute = f' class="{kind}"' if kind else ""
    return f"<td{attribute}>{escape(text)}</td>"


def picture_html(bgr: BgrImage, description: str) -> str:
    """A picture within the page, as JPEG; `description` is plain text."""
    data = base64.b64encode(jpeg_of(bgr, JPEG_QUALITY)).decode()
    return f'<img alt="{escape(description)}" src="data:image/jpeg;base64,{data}">'
