"""Queries of an archive's parts by DuckDB, in bounded memory: so many parts at a time."""

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb

from livecam.errors import SourceLostError
from livecam.sources.archive.footers import PartFooter, first_damaged

ROWS_PER_QUERY = 32_000_000
FILES_PER_QUERY = 1000
_CONFIG = {"memory_limit": "600MB", "autoinstall_known_extensions": "false"}

_BATCH_ROWS = 1 << 18


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
