"""`python -m benchmarks`: measure everything, print the table, write it into the documentation.

Needs `pip install -e ".[bench]"`; what cannot be measured here is listed with the reason. Takes
about nine minutes on two cores that have nothing else to do; anything else that runs spoils it.
TensorFlow.js takes part where node is, and its packages are in the folder of --folder.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import platformdirs

from benchmarks.child import ROOT, python
from benchmarks.flat import flat_rows
from benchmarks.lever_rows import lever_rows
from benchmarks.live_rows import live_rows
from benchmarks.machine import describe, load
from benchmarks.make import Scratch
from benchmarks.networks import network_rows
from benchmarks.pipeline import hot_path_rows, pipeline_rows
from benchmarks.quality_rows import quality_rows
from benchmarks.scene_rows import scene_rows
from benchmarks.small import small_rows
from benchmarks.start import start_rows
from benchmarks.table import Row, into_readme, plain, short, whole

PARTS: dict[str, Callable[[Scratch], list[Row]]] = {
    "networks": network_rows,
    "quality": quality_rows,
    "hot path": hot_path_rows,
    "levers": lever_rows,
    "pipeline": pipeline_rows,
    "live": live_rows,
    "small machines": small_rows,
    "start": start_rows,
    "scene": scene_rows,
}


def main() -> int:
    """Measure; the exit code is 1 where a target was missed."""
    arguments = parsed()
    place = Scratch(arguments.folder)
    place.folder.mkdir(parents=True, exist_ok=True)
    busy = load()
    if busy > 0.5:
        tell(f"warning: other programs are at work here (load {busy:.1f}): the figures will be off")
    parts = {n: p for n, p in PARTS.items() if not arguments.only or n in arguments.only}
    if arguments.long:
        parts["memory"] = flat_rows
    tell("making networks (first use: half a minute)")
    python(["-m", "benchmarks.make", place.folder], place)
    rows: list[Row] = []
    for name, part in parts.items():
        began_s = time.perf_counter()
        rows += measured(name, part, place)
        tell(f"{name}: {time.perf_counter() - began_s:.0f} s")
    if not arguments.long and not arguments.only:
        rows.append(Row("memory over 20000 frames", "flat", "measured with --long only"))
    print(plain(rows))
    if not (arguments.no_readme or arguments.only):
        into_readme(ROOT / "docs" / "performance.md", short(rows, describe()))
        (ROOT / "benchmarks" / "RESULTS.md").write_text(whole(rows, describe()), "utf-8")
        tell("the tables are in docs/performance.md and benchmarks/RESULTS.md")
    return 1 if any(row.passed is False for row in rows) else 0


def measured(name: str, part: Callable[[Scratch], list[Row]], place: Scratch) -> list[Row]:
    """The part's rows; one that says why where it fails: the others go on."""
    try:
        return part(place)
    except Exception as error:  # noqa: BLE001  (whatever it is, the others are measured)
        return [Row(name, "", f"could not be measured: {error}", passed=False)]


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--long", action="store_true", help="also 20,000 frames, for the memory")
    parser.add_argument("--only", action="append", choices=[*PARTS], help="this part alone")
    parser.add_argument("--no-readme", action="store_true", help="write no tables into the files")
    kept = platformdirs.user_cache_path("livecam", appauthor=False) / "benchmarks"
    parser.add_argument("--folder", type=Path, default=kept, help="for what is made on the way")
    return parser.parse_args()


def tell(text: str) -> None:
    """To the user; the table goes to stdout."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
