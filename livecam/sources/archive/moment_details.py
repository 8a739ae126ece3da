"""Reads what is known of the strongest looks of runs: their rows alone, from their parts."""

import math
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

import numpy as np
import numpy.typing as npt

from livecam.core.archive.figure_columns import FIGURES, column_of
from livecam.core.archive.found_moment import ArchivedLook, FoundMoment
from livecam.core.archive.look_runs import LookRuns
from livecam.core.bounding_box import Box
from livecam.core.conditions.evaluate import ClassValues
from livecam.core.conditions.expression import OTHER
from livecam.core.located_object import LocatedObject
from livecam.sources.archive.condition_sql import quoted
from livecam.sources.archive.find_looks import ArchiveConnection
from livecam.sources.archive.footers import PartFooter
from livecam.sources.archive.opened_archive import Counting, OpenedArchive

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
            names += [column_of(first, "grid"), "grid_rows", "grid_columns"] if self.grid else []
        names += ["objects"] if self.objects else []
        return [name for name in names if name in footer.columns]


def moments_of(
    archive: OpenedArchive, runs: LookRuns, details: Details, counting: Counting
) -> list[FoundMoment]:
    """The moments of the runs, in the order of their times; the likest first.

    Raises:
        SourceLostError: a part is damaged, or was changed meanwhile.
    """
    moments: list[FoundMoment] = []
    with (
        counting("reading the moments", len(runs)) as advance,
        closing(ArchiveConnection()) as connection,
    ):
        runs = runs.taken(np.lexsort((runs.row, runs.part)))
        for number in np.unique(runs.part):
            ours = runs.taken(runs.part == number)
            footer = archive.footers[int(number)]
            looks = _looks_of(connection, footer, ours.row, details)
            for n, (row, look) in enumerate(looks):
                likeness = float(ours.strength[n]) if details.likeness else None
                moments.append(replace(_moment(row, look, ours, n), likeness=likeness))
                advance()
    moments.sort(key=_by_likeness if details.likeness else _by_time)
    return moments


def _by_time(one: FoundMoment) -> tuple[float, str, float]:
    return math.inf if one.start is None else one.start.timestamp(), one.source, one.start_s


def _by_likeness(one: FoundMoment) -> float:
    return -(one.likeness or 0.0)


def _looks_of(
    connection: ArchiveConnection,
    footer: PartFooter,
    rows: npt.NDArray[np.int64],
    details: Details,
) -> Iterator[tuple[Mapping[str, Any], ArchivedLook]]:
    """Some looks of a part, by their rising rows: their columns, and what these say.

    DuckDB decodes only the pages that have them: a seventh of the time of whole row groups.
    """
    columns = ", ".join(map(quoted, details.columns_of(footer)))
    text = (
        f"SELECT {columns} FROM read_parquet(?) "  # noqa: S608  (quoted names of columns)
        "WHERE file_row_number IN (SELECT unnest(?)) ORDER BY file_row_number"
    )
    for batch in connection.rows(text, [[str(footer.part.path)], rows.tolist()]):
        for row in batch.to_pylist():
            yield row, _look(row, details)


def _moment(row: Mapping[str, Any], look: ArchivedLook, runs: LookRuns, n: int) -> FoundMoment:
    return FoundMoment(
        source=str(row["source"]),
        checksum=str(row.get("checksum") or ""),
        start_s=float(runs.begin_s[n]),
        end_s=float(runs.end_s[n]),
        looks=int(runs.looks[n]),
        strongest=look,
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
        objects=tuple(map(_object, row.get("objects") or ())),
    )
    grid = row.get(column_of(first, "grid"))
    if grid is None:
        return look
    shape = int(row["grid_rows"]), int(row["grid_columns"])
    return replace(look, grid=np.asarray(grid, np.float32).reshape(shape))


_ORDER = ("probability", "max", "mean", "logit")
"""As in `ClassValues`."""


def _object(found: Mapping[str, Any]) -> LocatedObject:
    box = Box(found["x"], found["y"], found["width"], found["height"])
    return LocatedObject(box, float(found["score"]), class_name=str(found["class"]))
