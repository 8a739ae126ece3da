"""`python -m benchmarks`: run every benchmark, print the table, write it into the documentation.

Needs `pip install -e ".[bench]"`; what cannot be measured here is listed with the reason. Takes
about nine minutes on two cores that have nothing else to do; anything else that runs distorts it.
TensorFlow.js takes part where node is, and its packages are in the folder of --folder.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import platformdirs

from benchmarks.archive import batch_rate, find_moments
from benchmarks.engines import (
    area_and_detail,
    foreign_networks,
    inference_time,
    int8_accuracy,
)
from benchmarks.harness.subprocesses import run_python
from benchmarks.inputs.clips import make_clip
from benchmarks.inputs.scratch_folder import ScratchFolder
from benchmarks.objects import box_quality
from benchmarks.pipeline import (
    frame_overhead,
    live_latency,
    low_power,
    memory_growth,
    optimisations,
    throughput,
)
from benchmarks.quality import (
    deletion_and_insertion,
    keras_families,
    mirror_test,
    small_flowers,
    taught_classes,
)
from benchmarks.report.machine import load_average, machine_description
from benchmarks.report.tables import Row, terminal_table, write_tables
from benchmarks.sources import synthetic_scene
from benchmarks.startup import first_frame
from benchmarks.watching import processor_time

Benchmark = Callable[[ScratchFolder], list[Row]]

BENCHMARKS: dict[str, Benchmark] = {
    "engines/inference_time": inference_time.rows,
    "engines/area_and_detail": area_and_detail.rows,
    "engines/foreign_networks": foreign_networks.rows,
    "engines/int8_accuracy": int8_accuracy.rows,
    "objects/box_quality": box_quality.rows,
    "pipeline/frame_overhead": frame_overhead.rows,
    "pipeline/optimisations": optimisations.rows,
    "pipeline/throughput": throughput.rows,
    "pipeline/live_latency": live_latency.rows,
    "pipeline/low_power": low_power.rows,
    "watching/processor_time": processor_time.rows,
    "startup/first_frame": first_frame.rows,
    "sources/synthetic_scene": synthetic_scene.rows,
    "quality/small_flowers": small_flowers.rows,
}
"""In the order of the tables; the names are the files."""

LONG_BENCHMARKS: dict[str, Benchmark] = {
    "archive/batch_rate": batch_rate.rows,
    "archive/find_moments": find_moments.rows,
    "pipeline/memory_growth": memory_growth.rows,
    "quality/deletion_and_insertion": deletion_and_insertion.rows,
    "quality/keras_families": keras_families.rows,
    "quality/mirror_test": mirror_test.rows,
    "quality/taught_classes": taught_classes.rows,
}
"""Those that take minutes each: with --long or by name."""


def main() -> int:
    """Measure; the exit code is 1 where a target was missed."""
    arguments = parse_arguments()
    scratch = ScratchFolder(arguments.folder)
    scratch.folder.mkdir(parents=True, exist_ok=True)
    busy = load_average()
    if busy > 0.5:
        log(f"warning: other programs are running (load {busy:.1f}): the figures will be off")
    log("making networks and a clip (first use: half a minute)")
    run_python(["-m", "benchmarks.inputs.random_networks", scratch.folder], scratch)
    make_clip(scratch)
    rows: list[Row] = []
    for name, benchmark in chosen(arguments.only, with_long=arguments.long).items():
        began_s = time.perf_counter()
        rows += measured(name, benchmark, scratch)
        log(f"{name}: {time.perf_counter() - began_s:.0f} s")
    if not arguments.long and not arguments.only:
        rows.append(Row(memory_growth.WHAT, "flat", "measured with --long only"))
    print(terminal_table(rows))
    if not (arguments.no_write or arguments.only):
        write_tables(rows, machine_description())
        log("the tables are in the performance page and in benchmarks/RESULTS.md")
    return 1 if any(row.passed is False for row in rows) else 0


def chosen(only: list[str] | None, *, with_long: bool) -> dict[str, Benchmark]:
    """The named benchmarks; without names all, the long ones if they are asked for."""
    everything = BENCHMARKS | LONG_BENCHMARKS
    if only:
        return {name: everything[name] for name in everything if name in only}
    return everything if with_long else BENCHMARKS


def measured(name: str, benchmark: Benchmark, scratch: ScratchFolder) -> list[Row]:
    """The benchmark's rows; one with the reason where it fails: the others still run."""
    try:
        return benchmark(scratch)
    except Exception as error:  # noqa: BLE001  (whatever it is, the others are measured)
        return [Row(name, "", f"could not be measured: {error}", passed=False)]


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--long", action="store_true", help="also 20,000 frames, for the memory")
    names = [*BENCHMARKS, *LONG_BENCHMARKS]
    parser.add_argument(
        "--only", action="append", choices=names, metavar="NAME",
        help=f"this benchmark alone (repeatable): {', '.join(names)}",
    )  # fmt: skip
    parser.add_argument("--no-write", action="store_true", help="write no tables into the files")
    cache = platformdirs.user_cache_path("livecam", appauthor=False) / "benchmarks"
    parser.add_argument("--folder", type=Path, default=cache, help="for networks and recordings")
    return parser.parse_args()


def log(text: str) -> None:
    """Print to stderr; the table goes to stdout."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
