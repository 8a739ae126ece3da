"""What teaching says of its result: tables and lines, for the terminal and the page of samples."""

from collections.abc import Sequence
from dataclasses import dataclass

from livecam.core.formatting import counted
from livecam.core.teaching.held_out import ClassFigure, Contradiction, share_right
from livecam.core.teaching.samples import OTHER

HEADINGS = ("class", "samples", "recognised", "taken for others")
NAMED_CONTRADICTIONS = 10


@dataclass(frozen=True, slots=True)
class TeachingReport:
    """What was learnt, for people.

    Attributes:
        base: title of the network below.
        figures: of each class.
        contradictions: samples that the others contradict, worst first.
        names: of all samples, by their places.
        other_things: how many features of other things came with the program.
    """

    base: str
    figures: Sequence[ClassFigure]
    contradictions: Sequence[Contradiction]
    names: Sequence[str]
    other_things: int

    def rows(self) -> list[tuple[str, ...]]:
        """A row for each class, under `HEADINGS`: each sample as all others see it, without it."""
        return [self._row(figure) for figure in self.figures]

    def _row(self, figure: ClassFigure) -> tuple[str, ...]:
        names = [one.name for one in self.figures]
        taken = [
            f"{name} {count}"
            for name, count in zip(names, figure.taken_for, strict=True)
            if count and name != figure.name
        ]
        recognised = f"{figure.right} of {figure.judged}" if figure.judged else "-"
        samples = str(figure.samples)
        if figure.name == OTHER and self.other_things:
            samples += f" + {self.other_things} built in"
        return (figure.name, samples, recognised, ", ".join(taken))

    def lines(self) -> list[str]:
        """What stands below the table."""
        share = share_right(self.figures)
        if share is None:
            return [
                "no figure yet: it takes samples of another moment, too, to judge those of one by"
            ]
        percent = f"{100 * share:.0f} % recognised"
        lines = [f"each sample judged by the others, those of its moment left out: {percent}"]
        few = [one.name for one in self.figures if one.name != OTHER and one.judged < 3]
        if few:
            lines.append(f"too few samples of {', '.join(few)}: the figure says little yet")
        if self.contradictions:
            count = len(self.contradictions)
            verb = "contradicts" if count == 1 else "contradict"
            lines.append(
                f"{counted(count, 'sample')} {verb} the others; delete what is wrong, and teach "
                "again:"
            )
            lines += [
                f"  {self.names[one.place]}: looks like {one.taken_for}"
                for one in self.contradictions[:NAMED_CONTRADICTIONS]
            ]
            if count > NAMED_CONTRADICTIONS:
                lines.append(f"  and {count - NAMED_CONTRADICTIONS} more")
        return lines


def short_progress(counts: dict[str, int], share: float | None) -> str:
    """One line for the screen while samples are taken: "hold 1: rose (12), 0: other (3)"."""
    names = [name for name in counts if name != OTHER]
    parts = [f"{number}: {name} ({counts[name]})" for number, name in enumerate(names, 1)]
    parts.append(f"0: {OTHER} ({counts[OTHER]})")
    recognised = "" if share is None else f"; {100 * share:.0f} % recognised"
    return "hold " + ", ".join(parts) + recognised
