"""An archive of made figures: as many rows as wanted, with moments at known places."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from livecam.core.archive.manifest import (
    MANIFEST_FILE,
    PARTS_FOLDER,
    PartEntry,
    SourceState,
    settings_line,
)

SETTINGS = "0123456789ab"
ROWS_OF_A_PART = 1_000_000
ROWS_OF_A_GROUP = 131_072
MOMENT_ROWS = 100
MOMENTS_OF_A_PART = 50
DAY = "2026-07-01"


def make_archive(folder: Path, rows: int) -> int:
    """Write it; gives how many moments it has.

    `time_s` and `daisy.probability` differ from row to row; the other columns are the same in all.
    """
    parts = folder / PARTS_FOLDER / f"day={DAY}"
    parts.mkdir(parents=True)
    random = np.random.default_rng(0)
    moments = 0
    with (folder / MANIFEST_FILE).open("w", encoding="utf-8") as manifest:
        manifest.write(settings_line(SETTINGS, {"title": "made"}))
        for number in range(rows // ROWS_OF_A_PART):
            key = f"{number:016x}-0000-{SETTINGS}"
            source = f"/clips/{number}.mp4"
            path = parts / f"{key}.parquet"
            moments += _write_part(path, source, random)
            part = path.relative_to(folder).as_posix()
            state = SourceState(source, 1, 1)
            entry = PartEntry(key, "done", SETTINGS, (state,), 0, part, ROWS_OF_A_PART)
            manifest.write(entry.to_line())
    return moments


def _write_part(path: Path, source: str, random: np.random.Generator) -> int:
    count = ROWS_OF_A_PART
    probability = (0.7 * random.random(count, dtype=np.float32) ** 3).astype(np.float32)
    # Each in a stretch of its own, so that no two touch.
    stretch = count // MOMENTS_OF_A_PART
    begins = np.arange(MOMENTS_OF_A_PART) * stretch + random.integers(
        0, stretch - 2 * MOMENT_ROWS, MOMENTS_OF_A_PART
    )
    for begin in begins:
        probability[begin : begin + MOMENT_ROWS] = random.uniform(0.85, 1.0, MOMENT_ROWS)
    columns = {
        "source": _same(source, pa.string(), count),
        "checksum": _same("", pa.string(), count),
        "segment": _same(0, pa.int32(), count),
        "frame": _same(0, pa.int64(), count),
        "time_s": pa.array(np.arange(count, dtype=np.float64)),
        "at": pa.nulls(count, pa.timestamp("us", "UTC")),
        "look_s": _same(1.0, pa.float32(), count),
        "width": _same(1280, pa.int32(), count),
        "height": _same(720, pa.int32(), count),
        "seen": _same("daisy", pa.string(), count),
        "daisy.probability": pa.array(probability),
        **{f"daisy.{name}": _same(1.0, pa.float32(), count) for name in ("logit", "max", "mean")},
    }
    differing = {"time_s", "daisy.probability"}
    pq.write_table(
        pa.table(columns),
        path,
        row_group_size=ROWS_OF_A_GROUP,
        compression="zstd",
        use_dictionary=[name for name in columns if name not in differing],
    )
    return MOMENTS_OF_A_PART


def _same(value: object, kind: pa.DataType, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(value, kind), count)
