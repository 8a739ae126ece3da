"""Finds the looks of an archive that a condition holds for, by DuckDB, joined to runs."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from livecam.core.archive.figure_columns import FIGURES, column_of
from livecam.core.archive.look_runs import LookRuns, concatenated, joined, sorted_by_time
from livecam.core.conditions.expression import SEEN, Comparison, Expression, Not
from livecam.errors import SourceLostError
from livecam.sources.archive.condition_sql import READ_PARTS, Sql, condition_sql, quoted
from livecam.sources.archive.footers import PartFooter, first_damaged
from livecam.sources.archive.opened_archive import Counting, OpenedArchive

ROWS_PER_QUERY = 32_000_000
FILES_PER_QUERY = 1000
_CONFIG = {"memory_limit": "600MB", "autoinstall_known_extensions": "false"}

_BATCH_ROWS = 1 << 18
_MOST_ROWS = 1 << 40


@dataclass(frozen=True, slots=True)
class LookQuery:
    """Which looks are wanted.

    Attributes:
        condition: holds for them; with the archive's names of classes. None for any look.
        since: they were taken then or later; None for any time.
        until: they were taken before that.
    """

    condition: Expression | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def sql(self) -> Sql:
        """What stands behind WHERE."""
        parts = [condition_sql(self.condition)] if self.condition is not None else []
        for sign, moment in ((">=", self.since), ("<", self.until)):
            if moment is not None:
                text = moment.astimezone(UTC).isoformat()
                parts.append(Sql(f'"at" {sign} CAST(? AS TIMESTAMPTZ)', (text,)))
        text = " AND ".join(f"({part.text})" for part in parts) or "TRUE"
        return Sql(text, tuple(value for part in parts for value in part.values))


@dataclass(frozen=True, slots=True)
class Strength:
    """By which figure looks of a moment are compared.

    Attributes:
        class_name: whose.
        figure: which one.
        sign: 1, or -1 where the smallest is the strongest.
    """

    class_name: str
    figure: str
    sign: int = 1

    @property
    def sql(self) -> str:
        """As an expression."""
        column = quoted(column_of(self.class_name, self.figure))
        return f"CAST({'-' if self.sign < 0 else ''}{column} AS FLOAT)"


def strength_of(condition: Expression, classes: Sequence[str]) -> Strength | None:
    """What the condition is most about: the first figure that it wants to be large.

    Where it wants none so, the first that it wants to be small.

    Args:
        condition: with the archive's names of classes.
        classes: those that all parts have.

    Returns:
        None where the archive has no figure that the condition is about.
    """
    found = list(_strengths(condition, classes, is_negated=False))
    return max(found, key=lambda one: one.sign, default=None)


def _strengths(
    condition: Expression, classes: Sequence[str], *, is_negated: bool
) -> Iterator[Strength]:
    """What each comparison wants, from left to right."""
    if isinstance(condition, Not):
        yield from _strengths(condition.part, classes, is_negated=not is_negated)
    elif not isinstance(condition, Comparison):
        for part in condition.parts:
            yield from _strengths(part, classes, is_negated=is_negated)
    elif condition.figure != SEEN:
        is_large = condition.operator in {">", ">=", "=="}
        yield Strength(condition.class_name, condition.figure, 1 if is_large != is_negated else -1)
    elif condition.value in classes:
        is_seen = condition.operator == "=="
        yield Strength(str(condition.value), FIGURES[0], 1 if is_seen != is_negated else -1)


def find_runs(
    archive: OpenedArchive, query: LookQuery, strength: Strength | None, counting: Counting
) -> LookRuns:
    """The runs of looks that are wanted, clip by clip, by their times.

    Times are right to a quarter of a look; `moment_details` reads the exact ones. Their `clip` and
    `part` are the numbers of parts in `archive.footers`: of a clip that of its first part. Memory
    grows with the runs, not with the looks.

    Args:
        archive: with parts that have all classes of the condition.
        query: which looks.
        strength: by which they are compared within a run; None: the first one is the strongest.
        counting: shows how far it is.

    Raises:
        SourceLostError: a part is damaged, or was changed meanwhile.
    """
    found = [no_runs()]
    found.extend(map(joined, matching_looks(archive, query, strength, counting)))
    return joined(sorted_by_time(concatenated(found)))


def matching_looks(
    archive: OpenedArchive, query: LookQuery, strength: Strength | None, counting: Counting
) -> Iterator[LookRuns]:
    """The looks that are wanted, each a run of its own, in the order of the parts, in batches.

    Args, raises: as `find_runs`.
    """
    first_of: dict[str, int] = {}
    clips = np.array(
        [first_of.setdefault(one.part.clip, n) for n, one in enumerate(archive.footers)], np.int64
    )
    with (
        counting("searching", len(archive.footers)) as advance,
        closing(ArchiveConnection()) as connection,
    ):
        for first, footers in chunks_of(archive.footers):
            numbers = np.arange(first, first + len(footers))
            is_even = np.array([one.is_even for one in footers])
            for chosen in (numbers[is_even], numbers[~is_even]):
                files = _Files(chosen, [archive.footers[int(n)] for n in chosen])
                for batch in _batches(connection, files, query, strength):
                    yield _looks_of(batch, files, clips)
            for _ in footers:
                advance()


def no_runs() -> LookRuns:
    """None at all."""
    none = np.empty(0)
    whole, real = none.astype(np.int64), none.astype(np.float64)
    return LookRuns.of_looks(
        clip=whole,
        time_s=real,
        look_s=real,
        strength=none.astype(np.float32),
        part=whole,
        row=whole,
    )


def files_of(footers: Sequence[PartFooter]) -> list[str]:
    """The files, as a query takes them."""
    return [str(one.part.path) for one in footers]


def chunks_of(footers: Sequence[PartFooter]) -> Iterator[tuple[int, Sequence[PartFooter]]]:
    """The parts of one query after the other, with the number of the first."""
    first = rows = 0
    for number, footer in enumerate(footers):
        if number > first and (
            rows + footer.rows > ROWS_PER_QUERY or number - first >= FILES_PER_QUERY
        ):
            yield first, footers[first:number]
            first, rows = number, 0
        rows += footer.rows
    if first < len(footers):
        yield first, footers[first:]


class ArchiveConnection:
    """DuckDB, for queries of parts."""

    def __init__(self) -> None:
        """Within bounded memory; nothing is downloaded."""
        self._connection: Any = duckdb.connect(":memory:", config=_CONFIG)  # type: ignore[arg-type]

    def rows(self, text: str, values: Sequence[Any]) -> Iterator[Any]:
        """What a query finds, in the order of the files, as Arrow's record batches.

        Raises:
            SourceLostError: a part is damaged, or was changed meanwhile.
        """
        try:
            # Of `execute` the rows would be copied once more.
            found = self._connection.sql(text, params=list(values))
            yield from found.to_arrow_reader(_BATCH_ROWS)
        except duckdb.Error as error:
            damaged = first_damaged(_files_among(values))
            if damaged is not None:
                raise SourceLostError(
                    f"{damaged} is damaged: delete it, and the same livecam batch as before "
                    "measures it again."
                ) from error
            first_line = str(error).splitlines()[0]
            raise SourceLostError(
                f"the archive could not be searched on ({first_line}): was it changed meanwhile? "
                "Run it again."
            ) from error

    def close(self) -> None:
        """Free it."""
        self._connection.close()


def _files_among(values: Sequence[Any]) -> list[str]:
    """The parts of a query: the one list of texts among its values."""
    lists = (value for value in values if isinstance(value, list))
    return next(value for value in lists if all(isinstance(one, str) for one in value))


@dataclass(frozen=True, slots=True, eq=False)
class _Files:
    """The parts of one query: all of them even, or none.

    Attributes:
        numbers: int64, of the parts among all of the archive.
        footers: of them.
    """

    numbers: npt.NDArray[np.int64]
    footers: Sequence[PartFooter]

    @property
    def are_even(self) -> bool:
        """Whether the numbers of rows tell the times."""
        return self.footers[0].is_even

    def of(self, column: str, files: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """A figure of the footers, for each look."""
        values = [getattr(one, column) for one in self.footers]
        return np.array(values, np.float64)[files]


def _batches(
    connection: ArchiveConnection, files: _Files, query: LookQuery, strength: Strength | None
) -> Iterator[Any]:
    """The looks that are wanted, in the order of the parts, as Arrow's record batches.

    Times are read only where they have to be: of even parts the numbers of rows tell them, in a
    third of the time.
    """
    if not files.footers:
        return
    where = query.sql
    columns = ["file_index", "file_row_number"]
    columns.append(strength.sql if strength else "CAST(0 AS FLOAT)")
    columns += [] if files.are_even else ["time_s", "look_s"]
    text = f"SELECT {', '.join(columns)} FROM {READ_PARTS} WHERE {where.text}"  # noqa: S608
    yield from connection.rows(text, [files_of(files.footers), *where.values])


def _looks_of(batch: Any, files: _Files, clips: npt.NDArray[np.int64]) -> LookRuns:
    """The looks of a batch, each a run of its own."""
    arrays = [batch.column(n).to_numpy(zero_copy_only=False) for n in range(batch.num_columns)]
    within, row = arrays[0].astype(np.int64), arrays[1].astype(np.int64)
    part = files.numbers[within]
    if files.are_even:
        time_s = files.of("first_s", within) + row * files.of("step_s", within)
        look_s = files.of("look_s", within)
    else:
        time_s = arrays[3].astype(np.float64)
        look_s = np.nan_to_num(arrays[4].astype(np.float64))
    # Pictures of one part are no neighbours: each is a clip of its own, with a number of its own.
    alone = np.array([one.is_pictures for one in files.footers])[within]
    return LookRuns.of_looks(
        clip=np.where(alone, -1 - (part * _MOST_ROWS + row), clips[part]),
        time_s=time_s,
        look_s=look_s,
        strength=arrays[2].astype(np.float32),
        part=part,
        row=row,
    )
