"""What `livecam find` prints: a table, JSON or CSV of moments, or of days or clips."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any

from livecam.assembly.finding import Found
from livecam.cli.tables import print_table
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
    """A row for each."""
    has_likeness = any(one.likeness is not None for one in moments)
    headings = ["when", "clip", "from", "to", "lasts", "looks", "strongest"]
    headings += ["likeness"] if has_likeness else []
    print_table(headings, (_row(one, has_likeness=has_likeness) for one in moments))


def _row(one: FoundMoment, *, has_likeness: bool) -> list[str]:
    strongest, start = one.strongest, one.start
    figures = "; ".join(figures_text(name, values) for name, values in strongest.classes.items())
    row = [
        "" if start is None else f"{start.astimezone():%Y-%m-%d %H:%M:%S}",
        PurePath(one.source).name,
        place_text(one.start_s),
        place_text(one.end_s),
        length_text(one.duration_s),
        str(one.looks),
        f"{place_text(strongest.time_s)} {figures or f'sees {strongest.seen}'}",
    ]
    return [*row, f"{one.likeness:.3f}"] if has_likeness else row


def print_summaries(moments: Sequence[FoundMoment], by: By) -> None:
    """A row for each day or clip."""
    rows = (
        [
            PurePath(one.name).name if by == "clip" else one.name,
            str(len(one.moments)),
            str(one.clips),
            length_text(one.seconds),
            _place_of_longest(one),
        ]
        for one in summaries_by(by, moments)
    )
    print_table([by, "moments", "clips", "together", "longest"], rows)


def _place_of_longest(summary: Summary) -> str:
    longest = summary.longest
    place = f"{place_text(longest.start_s)} of {PurePath(longest.source).name}"
    return f"{length_text(longest.duration_s)} at {place}"


def report_object(found: Found, by: By | None) -> dict[str, Any]:
    """What --json prints."""
    moment = found.search.moment
    moments = found.moments
    seconds = sum(one.duration_s for one in moments)
    report: dict[str, Any] = {
        "archive": str(found.archive.folder),
        "settings": found.archive.settings,
        "condition": None if moment is None else str(moment.expression),
        "hold_s": None if moment is None else moment.hold_s,
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
