"""Rows of the result, and where they stand: those with a target in docs/, all in a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BEGIN, END = "<!-- performance -->", "<!-- end -->"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what, what it should reach, what it reached; `passed` is None where nobody judges.

    A part that could not be measured has passed None and says why in `measured`.
    """

    what: str
    target: str
    measured: str
    passed: bool | None = None

    @property
    def verdict(self) -> str:
        """In a word."""
        return {True: "yes", False: "**no**", None: ""}[self.passed]


def short(rows: Sequence[Row], machine: str) -> str:
    """The table for docs/performance.md: what has a target."""
    lines = [
        f"Measured by `python -m benchmarks` on: {machine}. All rows: `benchmarks/RESULTS.md`."
    ]
    lines += ["", "| what | target | measured | reached |", "|---|---|---|---|"]
    lines += [f"| {r.what} | {r.target} | {r.measured} | {r.verdict} |" for r in rows if r.target]
    return "\n".join(lines)


def whole(rows: Sequence[Row], machine: str) -> str:
    """The file of all rows: the figures first, then what they are judged by."""
    lines = ["# What `python -m benchmarks` measured", "", f"On: {machine}.", ""]
    lines += ["| what | measured |", "|---|---|"]
    lines += [f"| {r.what} | {r.measured} |" for r in rows if not r.target]
    lines += ["", "| what | target | measured | reached |", "|---|---|---|---|"]
    lines += [f"| {r.what} | {r.target} | {r.measured} | {r.verdict} |" for r in rows if r.target]
    return "\n".join(lines) + "\n"


def plain(rows: Sequence[Row]) -> str:
    """The table for a terminal."""
    return "\n".join(
        f"{ {True: 'ok  ', False: 'FAIL', None: '    '}[r.passed] } {r.what}: {r.measured}"
        + (f"   (target: {r.target})" if r.target else "")
        for r in rows
    )


def into_readme(path: Path, text: str) -> None:
    """Put the table between the marks.

    Raises:
        ValueError: the marks are not there.
    """
    readme = path.read_text("utf-8")
    if BEGIN not in readme:
        raise ValueError(f"{path} has no {BEGIN}")
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")
