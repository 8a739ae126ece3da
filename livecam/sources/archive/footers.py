"""The footers of part files: what is in each, and whether it can be read at all.

One file without its footer would stop every query, and one with another type would change the
numbers of all others in silence: such files are found here, and left out.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from livecam.core.archive.columns import FIGURES, classes_of_columns, column_of
from livecam.core.formatting import reason_of
from livecam.sources.archive.part_files import ArchivePart

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
        look_s: the spacing of its looks; 0 of pictures, None where they have several.
        is_pictures: whether each look is a picture of its own, none of a clip.
        first_s: time of the first look in the clip.
        last_s: time of the last one.
        is_dated: whether any look says when it was taken.
    """

    part: ArchivePart
    rows: int
    classes: tuple[str, ...]
    columns: frozenset[str]
    look_s: float | None
    is_pictures: bool = False
    first_s: float = 0.0
    last_s: float = 0.0
    is_dated: bool = True

    @property
    def step_s(self) -> float:
        """From one look to the next, on average; 0 of a single one."""
        return (self.last_s - self.first_s) / (self.rows - 1) if self.rows > 1 else 0.0

    @property
    def is_even(self) -> bool:
        """Whether row numbers tell the times, nearly: no look is missing, and none too many."""
        if self.is_pictures:
            return True
        if self.look_s is None:
            return False
        missing_s = (self.last_s - self.first_s) - (self.rows - 1) * self.look_s
        return abs(missing_s) <= 0.5 * self.look_s


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


def first_damaged(paths: Iterable[str]) -> str | None:
    """The first of these files whose rows cannot be read, though their footers can; None for none.

    It reads them all: to be asked only where a query has failed.
    """
    for path in paths:
        try:
            with pq.ParquetFile(path) as file:
                for _ in file.iter_batches():
                    pass
        except FileNotFoundError:  # it was changed, not damaged
            continue
        except (pa.ArrowException, OSError):
            return path
    return None


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
    except (pa.ArrowException, OSError) as error:
        return UnreadablePart(part, _reason(error))
    names = schema.names
    spacings, nulls = _values(metadata, "look_s")
    is_pictures = nulls == metadata.num_rows
    is_one = len(spacings) == 1 and not nulls
    times_s, _ = _values(metadata, "time_s")
    undated = sum(one.null_count for one in _statistics(metadata, "at") if one.has_null_count)
    return PartFooter(
        part,
        metadata.num_rows,
        classes_of_columns(names),
        frozenset(names),
        _only(spacings) if is_one else 0.0 if is_pictures else None,
        is_pictures,
        min(times_s, default=0.0),
        max(times_s, default=0.0),
        undated < metadata.num_rows,
    )


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):  # Arrow's own text repeats the path
        return "it is not there any more"
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


def _only(values: set[float]) -> float | None:
    """The one value; None where it is no number."""
    (value,) = values
    return value if math.isfinite(value) else None


def _values(metadata: "pq.FileMetaData", name: str) -> tuple[set[float], int]:
    """The least and the largest number of a column in each row group; and how many it lacks.

    Where the footer does not say, not-a-number is among them.
    """
    found: set[float] = set()
    nulls = 0
    groups = _statistics(metadata, name)
    if len(groups) < metadata.num_row_groups:
        return {math.nan}, 0
    for group in groups:
        nulls += group.null_count
        if group.has_min_max:
            found |= {float(group.min), float(group.max)}
        elif group.num_values:
            return {math.nan}, 0
    return found, nulls


def _statistics(metadata: "pq.FileMetaData", name: str) -> list["pq.Statistics"]:
    """Those of a column in each row group that has any."""
    found = []
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        columns = (group.column(n) for n in range(group.num_columns))
        statistics = next((c.statistics for c in columns if c.path_in_schema == name), None)
        if statistics is not None and statistics.has_null_count:
            found.append(statistics)
    return found
