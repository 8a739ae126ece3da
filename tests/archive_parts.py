"""Part files as `livecam batch` writes them, made of numbers: archives for tests of `find`."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from livecam.core.archive.manifest import MANIFEST_FILE, PartEntry, SourceState, settings_line

SETTINGS = "0123456789ab"
ABOUT = {"model": "flowers", "area": "square", "settings": SETTINGS}
NO_DAY = "__HIVE_DEFAULT_PARTITION__"
ROWS = COLUMNS = 7
FIGURES = ("probability", "logit", "max", "mean")


def write_part(
    archive: Path,
    source: str,
    classes: Mapping[str, Sequence[float]],
    *,
    look_s: float = 1.0,
    first_s: float = 0.0,
    segment: int = 0,
    start: datetime | None = None,
    settings: str = SETTINGS,
    about: Mapping[str, object] = ABOUT,
    size: tuple[int, int] = (64, 48),
    extra: Mapping[str, pa.Array] | None = None,
) -> Path:
    """One part; its looks have the probabilities given, by class, and figures that follow them.

    The other figures of a class are: logit 10 * p, max 40 * p, mean 4 * p.
    """
    count = len(next(iter(classes.values())))
    time_s = first_s + np.arange(count) * look_s
    columns: dict[str, pa.Array] = {
        "source": pa.array([source] * count, pa.string()),
        "checksum": pa.array([hashlib.sha256(source.encode()).hexdigest()] * count),
        "segment": pa.array([segment] * count, pa.int32()),
        "frame": pa.array(np.round(time_s * 30).astype(np.int64)),
        "time_s": pa.array(time_s),
        "at": pa.array(_moments(time_s, start), pa.timestamp("us", tz="UTC")),
        "look_s": pa.array([look_s] * count, pa.float32()),
        "seen": pa.array(_seen(classes, count), pa.string()),
    }
    for name, values in classes.items():
        given = np.asarray(values, np.float32)
        for figure, factor in zip(FIGURES, (1, 10, 40, 4), strict=True):
            columns[f"{name}.{figure}"] = pa.array(given * np.float32(factor))
        columns[f"{name}.centre_x"] = pa.array(np.full(count, size[0] / 2, np.float32))
        columns[f"{name}.centre_y"] = pa.array(np.full(count, size[1] / 2, np.float32))
        grid = np.zeros((count, ROWS * COLUMNS), np.float16)
        grid[:, 24] = 40 * np.nan_to_num(given)
        columns[f"{name}.grid"] = lists(grid)
    columns["grid_rows"] = pa.array([ROWS] * count, pa.int16())
    columns["grid_columns"] = pa.array([COLUMNS] * count, pa.int16())
    columns["width"] = pa.array([size[0]] * count, pa.int32())
    columns["height"] = pa.array([size[1]] * count, pa.int32())
    table = pa.table({**columns, **(extra or {})})
    table = table.replace_schema_metadata({"livecam": json.dumps(about)})
    day = NO_DAY if start is None else f"{start:%Y-%m-%d}"
    folder = archive / "parts" / f"day={day}"
    folder.mkdir(parents=True, exist_ok=True)
    clip = hashlib.sha256(source.encode()).hexdigest()[:16]
    key = f"{clip}-{segment:04d}-{settings}"
    path = folder / f"{key}.parquet"
    state = SourceState(source, 1, 1, "checksum")
    part = path.relative_to(archive).as_posix()
    entry = PartEntry(key, "done", settings, (state,), segment, part, count)
    with (archive / MANIFEST_FILE).open("a", encoding="utf-8") as manifest:
        manifest.write(settings_line(settings, about) + entry.to_line())
    pq.write_table(table, path, row_group_size=100)
    return path


def lists(values: np.ndarray) -> pa.Array:
    """[rows, n] as a list of n for each row."""
    return pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), values.shape[1])


def _moments(time_s: np.ndarray, start: datetime | None) -> list[datetime | None]:
    if start is None:
        return [None] * len(time_s)
    return [datetime.fromtimestamp(start.timestamp() + t, UTC) for t in time_s]


def _seen(classes: Mapping[str, Sequence[float]], count: int) -> list[str | None]:
    def best(n: int) -> str | None:
        name = max(classes, key=lambda one: classes[one][n])
        return name if classes[name][n] > 0.5 else None

    return [best(n) for n in range(count)]
