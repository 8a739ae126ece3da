"""Searches an archive; prints seconds, processor seconds and what was found as JSON.

Ways: livecam's own, and DuckDB alone with a window over what the condition leaves.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from livecam.core.archive.look_runs import lasting
from livecam.core.conditions.parse import parse_held_condition
from livecam.sources.archive.find_looks import LookQuery, find_runs, strength_of
from livecam.sources.archive.opened_archive import EVERY_DAY, open_archive

WINDOW = """
WITH looks AS (
  SELECT file_index AS clip, time_s FROM read_parquet(?) WHERE "daisy.probability" > 0.8
), numbered AS (
  SELECT clip, time_s, time_s - row_number() OVER (PARTITION BY clip ORDER BY time_s) AS run
  FROM looks
)
SELECT clip, min(time_s), max(time_s) FROM numbered GROUP BY clip, run HAVING count(*) >= 2
"""


@contextmanager
def uncounted(_words: str, _total: int) -> Iterator[Callable[[], None]]:
    """No progress."""
    yield lambda: None


def by_livecam(folder: Path) -> int:
    """Opening included."""
    archive = open_archive(folder, None, EVERY_DAY, uncounted)
    moment = parse_held_condition("daisy > 0.8 for 2s")
    query = LookQuery(moment.expression)
    strength = strength_of(moment.expression, archive.classes)
    return len(lasting(find_runs(archive, query, strength, uncounted), moment.hold_s))


def by_window(folder: Path) -> int:
    """The usual query."""
    files = sorted(map(str, folder.glob("parts/*/*.parquet")))
    with duckdb.connect() as connection:
        return len(connection.execute(WINDOW, [files]).fetchall())


def main() -> None:
    way = {"livecam": by_livecam, "window": by_window}[sys.argv[1]]
    began_s, began_processor_s = time.perf_counter(), time.process_time()
    found = way(Path(sys.argv[2]))
    seconds = time.perf_counter() - began_s
    processor_s = time.process_time() - began_processor_s
    print(json.dumps({"found": found, "seconds": seconds, "processor_s": processor_s}))


if __name__ == "__main__":
    main()
