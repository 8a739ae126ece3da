"""Tables on standard output, for `devices`, `doctor` and `models`."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from livecam.cli.console import shown


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


def _printable(cell: str) -> Text:
    """The cell's lines: only a caller makes several, never what it shows."""
    return Text("\n".join(shown(line) for line in cell.split("\n")))
