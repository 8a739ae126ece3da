"""Reads what is known of the strongest looks of runs: their rows alone, from their parts."""

import math
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

import numpy as np
import numpy.typing as npt

from livecam.core.archive.columns import (
    FIGURES,
    GRID_COLUMN,
    GRID_SIZE_COLUMNS,
    OBJECTS_COLUMN,
    column_of,
)
from livecam.core.archive.found_moment import ArchivedLook, FoundMoment
from livecam.core.archive.look_runs import LookRuns
from livecam.core.bounding_box import Box
from livecam.core.conditions.evaluate import ClassValues
from livecam.core.conditions.expression import OTHER
from livecam.core.located_object import LocatedObject
from livecam.sources.archive.condition_sql import READ_PARTS, quoted
from livecam.sources.archive.footers import PartFooter
from livecam.sources.archive.opened_archive import Counting, OpenedArchive
from livecam.sources.archive.queries import ArchiveConnection

_GRID_SIZE = tuple(column.name for column in GRID_SIZE_COLUMNS)
_PLAIN = ("source", "checksum", "frame", "time_s", "at", "seen", "width", "height")


@dataclass(frozen=True, slots=True)
class Details:
    """What is read of a look beside its plain columns.

    Attributes:
        classes: whose figures; the first one's centre and map.
        grid: whether its map is read.
        objects: whether its boxes are.
        likeness: whether the strength of runs is their likeness to a picture.
    """

    classes: tuple[str, ...] = ()
    grid: bool = False
    objects: bool = False
    likeness: bool = False

    def columns_of(self, footer: PartFooter) -> list[str]:
        """The columns to read of a part; those that it does not have are left out."""
        names = list(_PLAIN)
        for class_name in self.classes:
            names += [column_of(class_name, figure) for figure in FIGURES]
        for first in self.classes[:1]:
            names += [column_of(first, "centre_x"), column_of(first, "centre_y")]
            names += [column_of(first, GRID_COLUMN.name), *_GRID_SIZE] if self.grid else []
        names += [OBJECTS_COLUMN.name] if self.objects else []
        return [name for name in names if name in footer.columns]


def moments_of(
    archive: OpenedArchive, runs: LookRuns, details: Details, counting: Counting
) -> list[FoundMoment]:
    """The moments of the runs, in the order of their times; the likest first.

    Raises:
        SourceLostError: a part is damaged, or was changed meanwhile.
    """
    looks: dict[_Place, tuple[Mapping[str, Any], ArchivedLook]] = {}
    times_s: dict[_Place, float] = {}
    edges = [(runs.first_part, runs.first_row), (runs.last_part, runs.last_row)]
    parts, rows = (np.concatenate(of) for of in zip((runs.part, runs.row), *edges, strict=True))
    strongest = set(zip(runs.part.tolist(), runs.row.tolist(), strict=True))
    wanted = np.unique(parts)
    with (
        counting("reading the moments", len(wanted)) as advance,
        closing(ArchiveConnection()) as connection,
    ):
        for number in wanted.tolist():
            ours = np.unique(rows[parts == number])
            for row, record in _records_of(connection, archive.footers[number], ours, details):
                place = (number, row)
                times_s[place] = float(record["time_s"])
                if place in strongest:
                    looks[place] = record, _look(record, details)
            advance()
    moments = [_moment(runs, n, looks, times_s, details) for n in range(len(runs))]
    moments.sort(key=_by_likeness if details.likeness else _by_time)
    return moments


_Place = tuple[int, int]
"""The number of a part, and a row in it."""


def _by_time(one: FoundMoment) -> tuple[float, str, float]:
    return math.inf if one.start is None else one.start.timestamp(), one.source, one.start_s


def _by_likeness(one: FoundMoment) -> float:
    return -(one.likeness or 0.0)


def _records_of(
    connection: ArchiveConnection,
    footer: PartFooter,
    rows: npt.NDArray[np.int64],
    details: Details,
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Some rows of a part, with their numbers.

    DuckDB decodes only the pages that have them: a seventh of the time of whole row groups.
    """
    columns = ", ".join(map(quoted, details.columns_of(footer)))
    text = (
        f"SELECT file_row_number, {columns} FROM {READ_PARTS} "  # noqa: S608  (quoted names)
        "WHERE file_row_number IN (SELECT unnest(?))"
    )
    for batch in connection.rows(text, [[str(footer.part.path)], rows.tolist()]):
        for record in batch.to_pylist():
            yield int(record["file_row_number"]), record


def _moment(
    runs: LookRuns,
    n: int,
    looks: Mapping[_Place, tuple[Mapping[str, Any], ArchivedLook]],
    times_s: Mapping[_Place, float],
    details: Details,
) -> FoundMoment:
    record, look = looks[int(runs.part[n]), int(runs.row[n])]
    last_s = times_s[int(runs.last_part[n]), int(runs.last_row[n])]
    return FoundMoment(
        source=str(record["source"]),
        checksum=str(record.get("checksum") or ""),
        start_s=times_s[int(runs.first_part[n]), int(runs.first_row[n])],
        end_s=last_s + float(runs.look_s[n]),
        looks=int(runs.looks[n]),
        strongest=look,
        likeness=float(runs.strength[n]) if details.likeness else None,
    )


def _look(row: Mapping[str, Any], details: Details) -> ArchivedLook:
    values = {
        name: ClassValues(*(float(row[column_of(name, f)]) for f in _ORDER))
        for name in details.classes
    }
    first = details.classes[0] if details.classes else ""
    centre = row.get(column_of(first, "centre_x")), row.get(column_of(first, "centre_y"))
    at = row["at"]
    look = ArchivedLook(
        frame=int(row["frame"]),
        time_s=float(row["time_s"]),
        at=None if at is None else at.astimezone(UTC),
        seen=str(row["seen"] or OTHER),
        classes=values,
        centre=None if None in centre or np.isnan(centre).any() else centre,  # type: ignore[arg-type]
        size_px=(int(row.get("width") or 0), int(row.get("height") or 0)),
        objects=tuple(map(_object, row.get(OBJECTS_COLUMN.name) or ())),
    )
    grid = row.get(column_of(first, GRID_COLUMN.name))
    if grid is None:
        return look
    rows, columns = (int(row[name]) for name in _GRID_SIZE)
    return replace(look, grid=np.asarray(grid, np.float32).reshape(rows, columns))


_ORDER = ("probability", "max", "mean", "logit")
"""As in `ClassValues`."""


def _object(found: Mapping[str, Any]) -> LocatedObject:
    box = Box(found["x"], found["y"], found["width"], found["height"])
    return LocatedObject(box, float(found["score"]), class_name=str(found["class"]))
