"""What `livecam find` prints: a table, JSON or CSV of moments, or of days or clips."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any

from livecam.assembly.finding import Found
from livecam.cli.console import print_line
from livecam.cli.tables import Rows, print_in_lines
from livecam.core.archive.found_moment import FoundMoment, moment_record
from livecam.core.archive.summaries import By, Summary, summaries_by, summary_record
from livecam.core.conditions.evaluate import ClassValues
from livecam.core.formatting import clock_text, counted, duration_text


def place_text(seconds: float) -> str:
    """A place in a clip: 1:02.5."""
    tenths = round(seconds * 10)
    return f"{clock_text(tenths // 10)}.{tenths % 10}"


def length_text(seconds: float) -> str:
    """How long something lasts: 2.5 s, 2 min 5 s."""
    return f"{seconds:.1f} s" if seconds < 60 else duration_text(seconds)


def figures_text(name: str, values: ClassValues) -> str:
    """The figures of a class in a few words."""
    return f"{name} {100 * values.probability:.1f} %, max {values.max:.1f}"


def print_moments(moments: Sequence[FoundMoment]) -> None:
    """A line for each, and how many there are; with fewer columns on a narrow terminal."""
    has_likeness = any(one.likeness is not None for one in moments)
    headings = ["when", "clip", "from", "to", "lasts", "looks", "strongest"]
    headings += ["likeness"] if has_likeness else []
    rows = [_row(one, has_likeness=has_likeness) for one in moments]
    narrow = ["when", "clip", "from", "likeness" if has_likeness else "lasts", "strongest"]
    narrow_rows = [_narrow_row(one, has_likeness=has_likeness) for one in moments]
    print_in_lines(Rows(headings, rows, 1), Rows(narrow, narrow_rows, 1))
    print_line(summary_line(moments))


def _row(one: FoundMoment, *, has_likeness: bool) -> list[str]:
    strongest = one.strongest
    figures = "; ".join(figures_text(name, values) for name, values in strongest.classes.items())
    figures = figures or f"sees {strongest.seen}"
    row = [
        _when(one),
        PurePath(one.source).name,
        *([place_text(one.start_s), place_text(one.end_s)] if one.is_of_clip else ["", ""]),
        length_text(one.duration_s) if one.is_of_clip else "",
        str(one.looks),
        f"{place_text(strongest.time_s)} {figures}" if one.is_of_clip else figures,
    ]
    return [*row, f"{one.likeness:.3f}"] if has_likeness else row


def _narrow_row(one: FoundMoment, *, has_likeness: bool) -> list[str]:
    first = next(iter(one.strongest.classes.items()), None)
    figure = f"sees {one.strongest.seen}"
    if first is not None:
        figure = f"{first[0]} {100 * first[1].probability:.1f} %"
    length = length_text(one.duration_s) if one.is_of_clip else ""
    return [
        _when(one),
        PurePath(one.source).name,
        place_text(one.start_s) if one.is_of_clip else "",
        f"{one.likeness:.3f}" if has_likeness else length,
        figure,
    ]


def _when(one: FoundMoment) -> str:
    return "" if one.start is None else f"{one.start.astimezone():%Y-%m-%d %H:%M:%S}"


def print_summaries(moments: Sequence[FoundMoment], by: By) -> None:
    """A line for each day or clip, and how many there are."""
    rows = [_summary_row(one, by) for one in summaries_by(by, moments)]
    clips = [] if by == "clip" else ["clips"]
    headings = [by, "moments", *clips, "together", "longest"]
    print_in_lines(Rows(headings, rows, 0 if by == "clip" else len(headings) - 1))
    print_line(summary_line(moments))


def _summary_row(one: Summary, by: By) -> list[str]:
    longest = one.longest
    lasts = f"{length_text(longest.duration_s)} at {place_text(longest.start_s)}"
    if by == "clip":
        row = [PurePath(one.name).name, str(len(one.moments))]
        return [*row, *([length_text(one.seconds), lasts] if longest.is_of_clip else ["", ""])]
    row = [one.name, str(len(one.moments)), str(one.clips), length_text(one.seconds)]
    name = PurePath(longest.source).name
    return [*row, f"{lasts} of {name}" if longest.is_of_clip else name]


def report_object(found: Found, by: By | None) -> dict[str, Any]:
    """What --json prints."""
    condition = found.search.condition
    moments = found.moments
    seconds = sum(one.duration_s for one in moments)
    report: dict[str, Any] = {
        "archive": str(found.archive.folder),
        "settings": found.archive.settings,
        "condition": None if condition is None else str(condition.expression),
        "hold_s": None if condition is None else condition.hold_s,
        "left_out": list(found.archive.notices),
        "count": len(moments),
        "seconds": round(seconds, 3),
    }
    if by is not None:
        return {**report, f"{by}s": [summary_record(by, s) for s in summaries_by(by, moments)]}
    return {**report, "moments": [moment_record(one) for one in moments]}


def csv_text(found: Found, by: By | None) -> str:
    """What --csv prints; a heading also where there is no row."""
    if by is not None:
        records = [summary_record(by, one) for one in summaries_by(by, found.moments)]
        headings = [by, "moments", "clips", "seconds"]
        return _csv(headings, ([one[name] for name in headings] for one in records))
    figures = ("probability", "max", "mean", "logit")
    headings = ["source", "start", "end", "start_s", "end_s", "looks", "likeness"]
    headings += ["strongest_s", "frame", "seen", "centre_x", "centre_y"]
    headings += [f"{name}.{figure}" for name in found.classes for figure in figures]
    return _csv(headings, (_csv_row(one, found.classes, figures) for one in found.moments))


def _csv_row(one: FoundMoment, classes: Sequence[str], figures: Sequence[str]) -> list[Any]:
    record = moment_record(one)
    strongest = record["strongest"]
    row = [record[name] for name in ("source", "start", "end", "start_s", "end_s", "looks")]
    row += [record.get("likeness"), strongest["time_s"], strongest["frame"], strongest["seen"]]
    row += strongest["centre"] or [None, None]
    return row + [strongest["classes"][name][figure] for name in classes for figure in figures]


def _csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue()


def summary_line(moments: Sequence[FoundMoment]) -> str:
    """How many there are, in one line."""
    clips = len({one.source for one in moments})
    seconds = sum(one.duration_s for one in moments)
    return f"{counted(len(moments), 'moment')} in {counted(clips, 'clip')}, {length_text(seconds)}"
