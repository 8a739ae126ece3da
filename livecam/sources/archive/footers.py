"""The footers of part files: what is in each, and whether it can be read at all.

One file without its footer would stop every query, and one with another type would change the
numbers of all others in silence: such files are found here, and left out.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from livecam.core.archive.columns import FIGURES, classes_of_columns, column_of
from livecam.core.formatting import reason_of
from livecam.sources.archive.parts import ArchivePart

METADATA_KEY = b"livecam"
_THREADS = 4
_TYPES: Mapping[str, pa.DataType] = {
    "source": pa.string(),
    "frame": pa.int64(),
    "time_s": pa.float64(),
    "look_s": pa.float32(),
    "at": pa.timestamp("us", tz="UTC"),
    "seen": pa.string(),
}


@dataclass(frozen=True, slots=True)
class PartFooter:
    """What the footer of a part says.

    Attributes:
        part: whose it is.
        rows: so many looks.
        classes: whose figures it has.
        columns: all that it has.
        look_s: the spacing of its looks; None where they have several.
        source: the clip; "" where the footer does not say.
        about: the model, the settings and versions it was made with.
    """

    part: ArchivePart
    rows: int
    classes: tuple[str, ...]
    columns: frozenset[str]
    look_s: float | None
    source: str
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnreadablePart:
    """A file that is left out, and why."""

    part: ArchivePart
    reason: str


def read_footers(
    parts: Iterable[ArchivePart], on_read: Callable[[], None]
) -> Iterator[PartFooter | UnreadablePart]:
    """The footers in the order of the parts; `on_read` is called after each.

    They are read by a few threads: an archive may lie on a network drive.
    """
    known: list[pa.Schema] = []
    with ThreadPoolExecutor(_THREADS) as threads:
        for read in threads.map(lambda part: _read(part, known), parts):
            yield read
            on_read()


def _read(part: ArchivePart, known: list[pa.Schema]) -> PartFooter | UnreadablePart:
    """One footer; `known` are schemas that were found right before."""
    try:
        metadata = pq.read_metadata(part.path)
        schema = metadata.schema.to_arrow_schema()
        if not any(schema.equals(other) for other in known):
            problem = _problem_of(schema)
            if problem:
                return UnreadablePart(part, problem)
            known[:] = [*known[-8:], schema]
        about = json.loads((schema.metadata or {}).get(METADATA_KEY, b"{}"))
    except (pa.ArrowException, OSError, ValueError) as error:
        return UnreadablePart(part, _reason(error))
    names = schema.names
    only = _Statistics(metadata)
    look_s = only.value_of("look_s")
    return PartFooter(
        part,
        metadata.num_rows,
        classes_of_columns(names),
        frozenset(names),
        None if look_s is None else float(look_s),
        str(only.value_of("source") or ""),
        about if isinstance(about, dict) else {},
    )


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return reason_of(error)
    return "it is cut off or no Parquet file"


def _problem_of(schema: pa.Schema) -> str:
    """Why a file with these columns is none of an archive; "" where it is one."""
    types = dict(_TYPES)
    for name in classes_of_columns(schema.names):
        types |= {column_of(name, figure): pa.float32() for figure in FIGURES}
    for name, wanted in types.items():
        if name not in schema.names:
            return f"it has no column {name}"
        found = schema.field(name).type
        if found != wanted and not (wanted == pa.string() and _is_text(found)):
            return f"its column {name} is {found}, not {wanted}"
    return ""


def _is_text(kind: pa.DataType) -> bool:
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(value) or pa.types.is_large_string(value))


class _Statistics:
    """What the footer knows of columns."""

    def __init__(self, metadata: "pq.FileMetaData") -> None:
        self._groups = [metadata.row_group(n) for n in range(metadata.num_row_groups)]
        first = self._groups[:1]
        self._places = {
            group.column(n).path_in_schema: n for group in first for n in range(group.num_columns)
        }

    def value_of(self, name: str) -> Any:
        """The value that all rows have; None where they have several, or it is not known."""
        found: set[Any] = set()
        for group in self._groups:
            statistics = group.column(self._places[name]).statistics
            if statistics is None or not statistics.has_min_max or statistics.null_count:
                return None
            found |= {statistics.min, statistics.max}
        return found.pop() if len(found) == 1 else None
