"""Tables on standard output, for `devices`, `doctor` and `models`."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str | Text]]) -> None:
    """Print a table as wide as the terminal; long words such as paths go on in the next line.

    Args:
        headings: one a column.
        rows: plain words, in which nothing is taken for markup, or styled ones.

    Raises:
        BrokenPipeError: who read it has left.
    """
    table = Table(*(Column(heading, overflow="fold") for heading in headings))
    for row in rows:
        table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))
    console = Console()
    # Rich's own way of printing would end the program with 1 where the reader has enough.
    with console.capture() as drawn:
        console.print(table)
    print(drawn.get(), end="", flush=True)
