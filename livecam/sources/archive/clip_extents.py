"""From when to when each clip of an archive was looked at."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

from livecam.core.archive.clip_extent import ClipExtent
from livecam.sources.archive.condition_sql import READ_PARTS
from livecam.sources.archive.opened_archive import Counting, OpenedArchive
from livecam.sources.archive.queries import ArchiveConnection, chunks_of, files_of

_QUERY = f"""
SELECT source, min(checksum), epoch_us(min("at")), epoch_us(max("at")),
  max(coalesce(look_s, 0)), bool_and(look_s IS NULL)
FROM {READ_PARTS} GROUP BY source ORDER BY source
"""  # noqa: S608  (a constant)


def clip_extents(archive: OpenedArchive, counting: Counting) -> list[ClipExtent]:
    """One for each clip and picture, by their names.

    Raises:
        SourceLostError: a part is damaged, or was changed meanwhile.
    """
    found: dict[str, ClipExtent] = {}
    for extent in _of_chunks(archive, counting):
        before = found.get(extent.source)  # its segments may lie in two chunks
        found[extent.source] = extent if before is None else before.joined(extent)
    return [found[name] for name in sorted(found)]


def _of_chunks(archive: OpenedArchive, counting: Counting) -> Iterator[ClipExtent]:
    with (
        counting("reading the clips", len(archive.footers)) as advance,
        closing(ArchiveConnection()) as connection,
    ):
        for _, footers in chunks_of(archive.footers):
            for batch in connection.rows(_QUERY, [files_of(footers)]):
                columns = [column.to_pylist() for column in batch.columns]
                for source, checksum, first, last, look_s, is_picture in zip(*columns, strict=True):
                    yield ClipExtent(
                        str(source),
                        str(checksum or ""),
                        _time_of(first),
                        _time_of(last),
                        float(look_s),
                        bool(is_picture),
                    )
            for _ in footers:
                advance()


def _time_of(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else datetime.fromtimestamp(microseconds / 1e6, UTC)
