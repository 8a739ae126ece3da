"""The rows of one part as a Parquet file: types and units written out, never guessed."""

import io
import json
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any

import numpy as np

from livecam.core.archive.columns import (
    CLASS_COLUMNS,
    COLUMNS,
    FEATURES_COLUMN,
    GRID_COLUMN,
    GRID_SIZE_COLUMNS,
    MODEL_KEY,
    OBJECTS_COLUMN,
    ArchiveColumn,
    column_of,
)
from livecam.core.archive.manifest import SourceState
from livecam.core.archive.measured_look import MeasuredLook
from livecam.core.archive.sources import text_of_name

_MARK, _LENGTH_BYTES = b"PAR1", 4  # https://parquet.apache.org/docs/file-format/


@dataclass(frozen=True, slots=True)
class PartContents:
    """What one part of the table says beside its rows.

    Attributes:
        sources: the clip, or the pictures; rows name them by number.
        segment: number of the clip's segment.
        look_s: seconds between two looks; None for pictures.
        class_names: of the pass, in order.
        about: model, settings and versions, for the metadata.
        grid: whether rows have the maps.
        features: whether rows have what the maps are computed from.
        boxes: whether rows have the things in the maps.
    """

    sources: Sequence[SourceState]
    segment: int
    look_s: float | None
    class_names: Sequence[str]
    about: Mapping[str, Any] = field(default_factory=dict)
    grid: bool = False
    features: bool = False
    boxes: bool = False


def part_bytes(rows: Sequence[MeasuredLook], contents: PartContents) -> bytes:
    """The whole Parquet file.

    Args:
        rows: in the order of the clip; at least one.
        contents: what stands beside them.
    """
    import pyarrow as pa

    columns = [*_common(rows, contents), *_of_classes(rows, contents), *_on_demand(rows, contents)]
    fields = [
        pa.field(name, array.type, metadata={"unit": about.unit, "meaning": about.meaning})
        for name, about, array in columns
    ]
    schema = pa.schema(fields, metadata={MODEL_KEY: json.dumps(contents.about)})
    table = pa.Table.from_arrays([array for _, _, array in columns], schema=schema)
    return _parquet_bytes(table)


_Column = tuple[str, ArchiveColumn, Any]


def _common(rows: Sequence[MeasuredLook], contents: PartContents) -> list[_Column]:
    import pyarrow as pa

    sources = [contents.sources[row.source] for row in rows]
    arrays = {
        "source": pa.array([text_of_name(of.source) for of in sources], pa.string()),
        "checksum": pa.array([of.checksum for of in sources], pa.string()),
        "segment": pa.array([contents.segment] * len(rows), pa.int32()),
        "frame": pa.array([row.frame for row in rows], pa.int64()),
        "time_s": pa.array([row.time_s for row in rows], pa.float64()),
        "at": pa.array(
            [None if row.at is None else row.at.astimezone(UTC) for row in rows],
            pa.timestamp("us", "UTC"),
        ),
        "look_s": pa.array([contents.look_s] * len(rows), pa.float32()),
        "width": pa.array([row.width for row in rows], pa.int32()),
        "height": pa.array([row.height for row in rows], pa.int32()),
        "seen": pa.array([row.seen for row in rows], pa.string()),
    }
    return [(about.name, about, arrays[about.name]) for about in COLUMNS]


def _of_classes(rows: Sequence[MeasuredLook], contents: PartContents) -> list[_Column]:
    import pyarrow as pa

    columns: list[_Column] = []
    for number, name in enumerate(contents.class_names):
        of_rows = [row.classes[number] for row in rows]
        values = {
            "probability": [of.probability for of in of_rows],
            "logit": [of.logit for of in of_rows],
            "max": [of.maximum for of in of_rows],
            "mean": [of.mean for of in of_rows],
            "centre_x": [None if of.centre is None else of.centre[0] for of in of_rows],
            "centre_y": [None if of.centre is None else of.centre[1] for of in of_rows],
        }
        columns += [
            (column_of(name, about.name), about, pa.array(values[about.name], pa.float32()))
            for about in CLASS_COLUMNS
        ]
        if contents.grid:
            grids = _halves([of.grid.reshape(-1) for of in of_rows])
            columns.append((column_of(name, GRID_COLUMN.name), GRID_COLUMN, grids))
    return columns


def _on_demand(rows: Sequence[MeasuredLook], contents: PartContents) -> list[_Column]:
    import pyarrow as pa

    columns: list[_Column] = []
    if contents.grid:
        shapes = [row.classes[0].grid.shape for row in rows]
        columns += [
            (about.name, about, pa.array([shape[axis] for shape in shapes], pa.int16()))
            for axis, about in enumerate(GRID_SIZE_COLUMNS)
        ]
    if contents.features:
        features = _halves([row.features for row in rows if row.features is not None])
        columns.append((FEATURES_COLUMN.name, FEATURES_COLUMN, features))
    if contents.boxes:
        objects = pa.array([_object_records(row) for row in rows], _objects_type())
        columns.append((OBJECTS_COLUMN.name, OBJECTS_COLUMN, objects))
    return columns


def _halves(values: "Sequence[np.ndarray[Any, Any]]") -> Any:
    """Lists of float16, of one fixed length where all have the same."""
    import pyarrow as pa

    flat = pa.array(np.concatenate(values).astype(np.float16))
    lengths = [len(of) for of in values]
    if len(set(lengths)) == 1:
        return pa.FixedSizeListArray.from_arrays(flat, lengths[0])
    offsets = pa.array(np.cumsum([0, *lengths]), pa.int32())
    return pa.ListArray.from_arrays(offsets, flat)


def _objects_type() -> Any:
    import pyarrow as pa

    box = [(name, pa.float32()) for name in ("x", "y", "width", "height", "score")]
    return pa.list_(pa.struct([("class", pa.string()), *box]))


def _object_records(row: MeasuredLook) -> list[dict[str, Any]]:
    records = []
    for located in row.objects or ():
        x, y, width, height = located.box.xywh()
        records.append(
            {"class": located.class_name, "x": x, "y": y, "width": width, "height": height}
            | {"score": located.score}
        )
    return records


def is_whole_part(path: Path) -> bool:
    """Whether a Parquet file is there with its first bytes and its whole footer.

    Only its ends are read: it is asked of every part of an archive. What the footer says of
    itself, its length and the mark behind it, comes last in a file.
    """
    mark_bytes = len(_MARK)
    try:
        with path.open("rb") as file:
            begins = file.read(mark_bytes)
            size = file.seek(0, os.SEEK_END)
            if size < 2 * mark_bytes + _LENGTH_BYTES:
                return False
            file.seek(size - mark_bytes - _LENGTH_BYTES)
            length, ends = file.read(_LENGTH_BYTES), file.read(mark_bytes)
    except OSError:
        return False
    footer_bytes = int.from_bytes(length, "little") + _LENGTH_BYTES + mark_bytes
    return begins == ends == _MARK and mark_bytes + footer_bytes <= size


def without_sources(part: Path, names: Collection[str]) -> tuple[bytes, int]:
    """A part's file without the rows of some sources, and how many rows it has then.

    Args:
        part: the file.
        names: of the sources.

    Raises:
        OSError: it cannot be read.
    """
    import pyarrow as pa
    from pyarrow import parquet

    table = parquet.read_table(part, partitioning=None)
    texts = {text_of_name(name) for name in names}
    kept = table.filter(pa.array([text not in texts for text in table["source"].to_pylist()]))
    return _parquet_bytes(kept), kept.num_rows


def _parquet_bytes(table: Any) -> bytes:
    from pyarrow import parquet

    file = io.BytesIO()
    # Of floats a dictionary only costs: hardly two are equal.
    repeated = ["source", "checksum", "seen"]
    parquet.write_table(table, file, compression="zstd", use_dictionary=repeated)
    return file.getvalue()
