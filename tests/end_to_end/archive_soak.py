"""A made archive of many clips, whatever is killed meanwhile: the same rows in the end.

In the folder above tests, with PYTHONPATH=.:tests :
    python -m end_to_end.archive_soak WAY [CLIPS]

WAY is whole, workers (one is killed every 5 s), program (killed 20 times), or ray (two machines of
Ray's own cluster utility, which are processes here; one is lost on the way).
"""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from made_clips import daisy_clip

from livecam.core.archive.manifest import read_manifest

KINDS, LONGEST_S = 40, 8
KILL_EVERY_S, PROGRAM_KILLS = 5.0, 20
Watch = Callable[["subprocess.Popen[bytes]"], object]


def make_clips(folder: Path, count: int, seed: int = 0) -> dict[str, str]:
    """So many clips; the seconds that each shows a daisy, as letters, by name."""
    chance = random.Random(seed)
    folder.mkdir(parents=True)
    contents, made = {}, []
    for number in range(count):
        if number < KINDS:
            seconds = "".join(chance.choice("d--") for _ in range(chance.randint(1, LONGEST_S)))
            path = daisy_clip(folder / f"{number:05d}.mp4", seconds)
            made.append((seconds, path.read_bytes()))
        else:
            seconds, content = chance.choice(made)
            (folder / f"{number:05d}.mp4").write_bytes(content)
        contents[f"{number:05d}"] = seconds
    return contents


def moments_of(archive: Path) -> tuple[dict[str, str], str, int]:
    """What the table says each clip shows; a digest of all rows in order, and their number."""
    import pyarrow as pa
    from pyarrow import parquet

    manifest = read_manifest((archive / "manifest.jsonl").read_text("utf-8").splitlines())
    known = {archive / entry.part for entry in manifest.parts()}
    there = set((archive / "parts").rglob("*.parquet"))
    assert there == known, f"{len(there - known)} unknown, {len(known - there)} missing"
    tables = [parquet.read_table(path, partitioning=None) for path in sorted(known)]
    table = pa.concat_tables(tables).sort_by([("source", "ascending"), ("frame", "ascending")])
    found: dict[str, str] = {}
    for row in table.select(["source", "daisy.probability"]).to_pylist():
        name = Path(row["source"]).stem
        found[name] = found.get(name, "") + ("d" if row["daisy.probability"] > 0.5 else "-")
    digest = hashlib.sha256(json.dumps(table.to_pylist(), default=str).encode()).hexdigest()
    return found, digest, table.num_rows


def run_batch(clips: Path, archive: Path, *flags: str, watch: Watch = lambda _: None) -> int:
    """Run the program to its end; `watch` may kill it, or others, meanwhile."""
    command = [sys.executable, "-m", "livecam", "batch", str(clips), "--out", str(archive)]
    program = subprocess.Popen([*command, "--model", "flowers", *flags])
    try:
        watch(program)
        return program.wait(1200)
    finally:
        program.kill()


def kill_workers(program: "subprocess.Popen[bytes]") -> None:
    """One every five seconds, as long as the program runs."""
    while program.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            program.wait(KILL_EVERY_S)
        with suppress(psutil.NoSuchProcess):
            children = psutil.Process(program.pid).children()
            workers = [one for one in children if "spawn_main" in " ".join(one.cmdline())]
            for worker in random.sample(workers, min(1, len(workers))):
                worker.kill()


def kill_program(seconds: float) -> Watch:
    def watch(program: "subprocess.Popen[bytes]") -> None:
        with suppress(subprocess.TimeoutExpired):
            program.wait(seconds)
        program.send_signal(signal.SIGKILL)

    return watch


def on_ray(clips: Path, archive: Path) -> int:
    """Two machines, of which one is lost when some of the parts are there."""
    from ray.cluster_utils import Cluster

    given = {"num_cpus": 1, "object_store_memory": 100_000_000}
    cluster = Cluster(initialize_head=True, head_node_args=given)
    second = cluster.add_node(**given)

    def lose_one(program: "subprocess.Popen[bytes]") -> None:
        manifest = archive / "manifest.jsonl"
        while program.poll() is None:
            if manifest.exists() and manifest.read_bytes().count(b"\n") > 10:
                cluster.remove_node(second, allow_graceful=False)
                return
            time.sleep(0.1)

    try:
        return run_batch(clips, archive, "--ray", cluster.address, watch=lose_one)
    finally:
        cluster.shutdown()


def soak(folder: Path, way: str, count: int) -> dict[str, Any]:
    """Measure the clips this way and in one go; what is the same."""
    contents = make_clips(folder / "clips", count)
    began_s = time.monotonic()
    archive = folder / way
    match way:
        case "workers":
            code = run_batch(folder / "clips", archive, watch=kill_workers)
        case "program":
            for _ in range(PROGRAM_KILLS):
                watch = kill_program(random.uniform(1.0, 6.0))
                run_batch(folder / "clips", archive, watch=watch)
            code = run_batch(folder / "clips", archive)
        case "ray":
            code = on_ray(folder / "clips", archive)
        case _:
            code = run_batch(folder / "clips", archive)
    seconds = time.monotonic() - began_s
    run_batch(folder / "clips", folder / "compared")
    found, digest, rows = moments_of(archive)
    return {
        "exit_code": code,
        "moments_are_right": found == contents,
        "rows_are_equal": digest == moments_of(folder / "compared")[1],
        "rows": rows,
        "seconds": round(seconds, 1),
    }


if __name__ == "__main__":
    os.environ.setdefault("PYTHONPATH", os.pathsep.join(sys.path))
    with tempfile.TemporaryDirectory() as place:
        clip_count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
        sys.stdout.write(json.dumps(soak(Path(place), sys.argv[1], clip_count)) + "\n")
