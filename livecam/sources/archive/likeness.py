"""Finds the looks of an archive that are most like a picture: by the cosine of their features."""

import math
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from livecam.core.archive.columns import FEATURES_COLUMN
from livecam.core.archive.look_runs import LookRuns, concatenated, sorted_by_time, strongest_runs
from livecam.core.formatting import reason_of
from livecam.core.printable_text import printable
from livecam.errors import SettingsError, SourceLostError
from livecam.sources.archive.condition_sql import READ_PARTS
from livecam.sources.archive.find_looks import LookQuery, matching_looks, no_runs
from livecam.sources.archive.footers import PartFooter
from livecam.sources.archive.opened_archive import Counting, OpenedArchive
from livecam.sources.archive.queries import ArchiveConnection, chunks_of, files_of

_BLOCK_ROWS = 4096
_SAME_S = 0.05
SAME_SCENE = 0.05
"""Neighbours whose likeness is so little less are one moment with the likest look."""

_CANDIDATES_EACH = 50
"""So many looks are kept for each that is wanted: neighbours become one moment."""

Vector = npt.NDArray[np.float32]


def check_features(archive: OpenedArchive) -> None:
    """Raise SettingsError where what is searched has no features, or some parts of it lack them.

    It names the other settings of the archive that have some.
    """
    if all(FEATURES_COLUMN.name in one.columns for one in archive.footers):
        return
    having = [one.settings for one in archive.others if one.about.get("features")]
    if having:
        raise SettingsError(
            f"what the archive {archive.folder} has of the settings {archive.settings} is without "
            f"features; with features: --settings {' or '.join(having)}."
        )
    raise SettingsError(
        f"the archive {archive.folder} has no features: measure it with livecam batch --features."
    )


def most_alike(
    archive: OpenedArchive, query: LookQuery, wanted: Vector, most: int, counting: Counting
) -> LookRuns:
    """The runs of looks that are most like the wanted one; `strength` is their likeness.

    Memory is bounded: features are read in blocks, and only the best looks are kept.

    Args:
        archive: with features.
        query: which looks are compared.
        wanted: float32 [channels], as the features of the archive.
        most: so many runs at most.
        counting: shows how far it is.

    Raises:
        SettingsError: the features are those of another network.
        SourceLostError: a part is damaged, or was changed meanwhile.
    """
    best = no_runs()
    direction = _unit(wanted[np.newaxis])[0]
    for looks in matching_looks(archive, query, None, counting):
        likeness = np.empty(len(looks), np.float32)
        for part in np.unique(looks.part):
            ours = np.flatnonzero(looks.part == part)
            footer = archive.footers[int(part)]
            likeness[ours] = _likeness(footer, looks.row[ours], direction)
        best = _best(concatenated([best, replace(looks, strength=likeness)]), most)
    return strongest_runs(sorted_by_time(best), most, SAME_SCENE)


def _best(looks: LookRuns, most: int) -> LookRuns:
    kept = most * _CANDIDATES_EACH
    if len(looks) <= kept:
        return looks
    return looks.taken(np.argpartition(-looks.strength, kept)[:kept])


def _unit(vectors: Vector) -> Vector:
    """Each of length 1; those without any stay 0: they are like nothing."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, 1), np.float32)


def _likeness(footer: PartFooter, rows: npt.NDArray[np.int64], direction: Vector) -> Vector:
    found = np.empty(len(rows), np.float32)
    for first, block in _blocks(footer):
        ours = np.flatnonzero((rows >= first) & (rows < first + len(block)))
        if not len(ours):
            continue
        if block.shape[1] != len(direction):
            raise SettingsError(
                f"{footer.part.path} has {block.shape[1]} features a look, the picture has "
                f"{len(direction)}: they are of different networks."
            )
        found[ours] = _unit(block[rows[ours] - first].astype(np.float32)) @ direction
    return found


def _blocks(footer: PartFooter) -> Iterator[tuple[int, npt.NDArray[np.float16]]]:
    """The number of the first row, and features [rows, channels], block by block."""
    path, first = footer.part.path, 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_BLOCK_ROWS, columns=[FEATURES_COLUMN.name]):
                column: Any = batch.column(0)
                flat = column.flatten().to_numpy(zero_copy_only=False)
                yield first, flat.reshape(len(column), -1)
                first += len(column)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise SourceLostError(
            f"{path} could not be read ({reason_of(error)}): was the archive changed meanwhile? "
            "Run it again."
        ) from error


def features_of_look(archive: OpenedArchive, clip: str, time_s: float) -> Vector:
    """The features of the look of a clip that is nearest to a time: float32 [channels].

    Args:
        archive: with features.
        clip: the end of its name, from a / on.
        time_s: in the clip.

    Raises:
        SettingsError: the archive has no such clip, or the clip ends before.
        SourceLostError: a part is damaged, or was changed meanwhile.
    """
    name = clip.replace("\\", "/")
    text = (
        f"SELECT file_index, file_row_number, abs(time_s - ?) AS away, time_s, "  # noqa: S608
        f"coalesce(look_s, 0) FROM {READ_PARTS} "
        "WHERE source = ? OR ends_with(replace(source, '\\', '/'), ?) ORDER BY away LIMIT 1"
    )
    nearest: tuple[float, int, int, float, float] = (math.inf, 0, 0, 0.0, 0.0)
    with closing(ArchiveConnection()) as connection:
        for number, footers in chunks_of(archive.footers):
            values = [time_s, files_of(footers), clip, f"/{name.lstrip('/')}"]
            for batch in connection.rows(text, values):
                for index, row, away, at_s, look_s in zip(
                    *(column.to_pylist() for column in batch.columns), strict=True
                ):
                    nearest = min(nearest, (away, number + index, row, at_s, look_s))
    away, part, row, found_s, look_s = nearest
    if math.isinf(away):
        raise SettingsError(f"the archive {archive.folder} has no clip {printable(clip)!r}.")
    if time_s > found_s + look_s + _SAME_S:
        raise SettingsError(
            f"{printable(clip)} has no look at {time_s:g} s: its last one before is at "
            f"{found_s:g} s."
        )
    rows = np.array([row])
    for first, block in _blocks(archive.footers[part]):
        if first <= row < first + len(block):
            return np.asarray(block[rows[0] - first], np.float32)
    raise AssertionError("every row is in a block")
