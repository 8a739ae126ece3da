"""Tables on standard output, for `devices`, `doctor`, `models` and `find`."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.console import Console
from rich.measure import Measurement
from rich.table import Column, Table
from rich.text import Text

from livecam.cli.console import shown
from livecam.core.printable_text import printable

_UNLIMITED = 10_000
_LEAST = 8


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str | Text]]) -> None:
    """Print a table as wide as the terminal; long words such as paths are folded.

    Args:
        headings: one a column.
        rows: plain text, in which nothing is markup, or styled text.

    Raises:
        BrokenPipeError: the reader of standard output has closed it.
    """
    table = Table(*(Column(heading, overflow="fold") for heading in headings))
    for row in rows:
        table.add_row(*(_printable(cell) if isinstance(cell, str) else cell for cell in row))
    console = Console()
    # Printing by Rich would end the program with 1 when the reader closes the pipe.
    with console.capture() as drawn:
        console.print(table)
    print(drawn.get(), end="", flush=True)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a table shows.

    Attributes:
        headings: one a column.
        cells: plain text of each row.
        shrinks: number of the column whose texts are shortened where they do not fit.
    """

    headings: Sequence[str]
    cells: Sequence[Sequence[str]]
    shrinks: int


def print_in_lines(*choices: Rows) -> None:
    """Print the first table that fits the terminal, each row in one line; else the last, shortened.

    Where standard output is no terminal, and nobody said how wide it is (COLUMNS), the first one is
    printed as wide as it is.

    Raises:
        BrokenPipeError: the reader of standard output has closed it.
    """
    console = Console()
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _width(choices[0], console)
    chosen = next((one for one in choices if _width(one, console) <= console.width), choices[-1])
    too_much = _width(chosen, console) - console.width
    if too_much > 0:
        chosen = _shortened(chosen, too_much)
    with console.capture() as drawn:
        console.print(_one_line_table(chosen))
    print(drawn.get(), end="", flush=True)


def _one_line_table(rows: Rows) -> Table:
    table = Table(*(Column(heading, no_wrap=True) for heading in rows.headings))
    for row in rows.cells:
        table.add_row(*(Text(shown(cell)) for cell in row))
    return table


def _width(rows: Rows, console: Console) -> int:
    unlimited = console.options.update(width=_UNLIMITED)
    return Measurement.get(console, unlimited, _one_line_table(rows)).maximum


def _shortened(rows: Rows, too_much: int) -> Rows:
    texts = [rows.headings[rows.shrinks], *(row[rows.shrinks] for row in rows.cells)]
    kept = max(_LEAST, max(cell_len(shown(text)) for text in texts) - too_much)
    return replace(
        rows,
        cells=[
            [printable(cell, kept) if n == rows.shrinks else cell for n, cell in enumerate(r)]
            for r in rows.cells
        ],
    )


def _printable(cell: str) -> Text:
    """The cell's lines: only a caller makes several, never what it shows."""
    return Text("\n".join(shown(line) for line in cell.split("\n")))
