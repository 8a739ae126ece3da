"""Rows of results, and the tables that they are written to."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.inputs.scratch_folder import ROOT

PERFORMANCE_PAGE = ROOT / "docs" / "performance.md"
"""The page with the rows that have a target, between BEGIN and END."""
RESULTS_FILE = ROOT / "benchmarks" / "RESULTS.md"
"""All rows."""
BEGIN, END = "<!-- performance -->", "<!-- end -->"


@dataclass(frozen=True, slots=True)
class Row:
    """One result.

    Attributes:
        what: what was measured.
        target: what it should reach; "" where there is no target.
        measured: the figures, or why it could not be measured.
        passed: whether the target was reached; None where nothing is judged.
    """

    what: str
    target: str
    measured: str
    passed: bool | None = None

    @property
    def verdict(self) -> str:
        """In a word, for Markdown."""
        return {True: "yes", False: "**no**", None: ""}[self.passed]


def write_tables(rows: Sequence[Row], machine: str) -> None:
    """Write the rows with targets into the performance page and all rows into RESULTS.md."""
    replace_between_markers(PERFORMANCE_PAGE, page_section(rows, machine))
    RESULTS_FILE.write_text(results_page(rows, machine), "utf-8")


def page_section(rows: Sequence[Row], machine: str) -> str:
    """The section of the performance page: what has a target."""
    lines = [
        f"Measured by `python -m benchmarks` on: {machine}. All rows: `benchmarks/RESULTS.md`."
    ]
    return "\n".join([*lines, "", *_target_table(rows)])


def results_page(rows: Sequence[Row], machine: str) -> str:
    """The file of all rows: figures without a target first."""
    lines = ["# What `python -m benchmarks` measured", "", f"On: {machine}.", ""]
    lines += ["| what | measured |", "|---|---|"]
    lines += [f"| {r.what} | {r.measured} |" for r in rows if not r.target]
    return "\n".join([*lines, "", *_target_table(rows)]) + "\n"


def _target_table(rows: Sequence[Row]) -> list[str]:
    lines = ["| what | target | measured | reached |", "|---|---|---|---|"]
    lines += [f"| {r.what} | {r.target} | {r.measured} | {r.verdict} |" for r in rows if r.target]
    return lines


def terminal_table(rows: Sequence[Row]) -> str:
    """The table for a terminal."""
    return "\n".join(
        f"{ {True: 'ok  ', False: 'FAIL', None: '    '}[r.passed] } {r.what}: {r.measured}"
        + (f"   (target: {r.target})" if r.target else "")
        for r in rows
    )


def replace_between_markers(path: Path, text: str) -> None:
    """Put the text between the markers.

    Raises:
        ValueError: the markers are not there.
    """
    page = path.read_text("utf-8")
    if BEGIN not in page:
        raise ValueError(f"{path} has no {BEGIN}")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")
