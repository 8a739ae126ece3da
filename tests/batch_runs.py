"""Runs of `livecam batch` over clips with known seconds of daisies, and what they wrote."""

import subprocess
from pathlib import Path

import pyarrow as pa
from made_clips import daisy_clip
from pyarrow import parquet
from support import livecam_here

from livecam.core.archive.manifest import Manifest, read_manifest

CONTENTS = {"a": "-dd--", "b": "d----", "c": "-----", "e": "ddd--d"}
FLOWERS = ("--model", "flowers")


def batch(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    # One process: half the time to start, and what is tested here does not depend on it.
    processes = () if "--ray" in arguments else ("--processes", 1)
    archive = () if "--out" in arguments else ("--out", cwd / "archive")
    given = (*arguments, *FLOWERS, *processes, *archive)
    return livecam_here("batch", *given, cwd=cwd)


def manifest_of(archive: Path) -> Manifest:
    return read_manifest((archive / "manifest.jsonl").read_text("utf-8").splitlines())


def table_of(archive: Path, settings: str | None = None) -> list[dict]:
    """Every row of the parts that the manifest knows, in order; there are no other files."""
    manifest = manifest_of(archive)
    known = {archive / entry.part for entry in manifest.parts()}
    assert known == {path for path in (archive / "parts").rglob("*") if path.is_file()}
    tables = [
        parquet.read_table(archive / entry.part, partitioning=None)
        for entry in manifest.parts(settings)
    ]
    rows = pa.concat_tables(tables, promote_options="default").to_pylist() if tables else []
    assert len(rows) == sum(entry.rows for entry in manifest.parts(settings))
    return sorted(rows, key=lambda row: (row["source"], row["frame"]))


def seen_by_clip(rows: list[dict]) -> dict[str, str]:
    """As CONTENTS has it, read from the table."""
    found: dict[str, str] = {}
    for row in rows:
        name = Path(row["source"]).stem
        letter = "d" if row["daisy.probability"] > 0.5 else "-"
        found[name] = found.get(name, "") + letter
    return found


def write_clips(folder: Path) -> Path:
    """A folder of clips with CONTENTS."""
    folder.mkdir()
    for name, seconds in CONTENTS.items():
        daisy_clip(folder / f"{name}.mp4", seconds)
    return folder
