"""Small pieces of Markdown, and the parts of docstrings that they are made from."""

import inspect
import re
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table."""
    lines = [_line(head), _line(["---"] * len(head)), *map(_line, rows)]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def attributes_of(cls: type) -> dict[str, str]:
    """What the Google docstring of a class says about each attribute.

    Raises:
        ValueError: it has no such section.
    """
    _, found, section = (inspect.getdoc(cls) or "").partition("Attributes:\n")
    if not found:
        raise ValueError(f"{cls} documents no attributes")
    said = {}
    for entry in re.finditer(r"^ *(\w+): (.*?)(?=\n *\w+: |\Z)", section, re.DOTALL | re.MULTILINE):
        said[entry[1]] = " ".join(entry[2].split())
    return said


def sentence(text: str) -> str:
    """With a capital letter and without the last full stop, as in the cells of a table."""
    text = " ".join(text.split()).removesuffix(".")
    return text[:1].upper() + text[1:]
