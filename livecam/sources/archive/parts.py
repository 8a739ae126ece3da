"""The part files of an archive: which there are, and what their names say."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from livecam.core.formatting import reason_of
from livecam.errors import SourceError

PARTS_FOLDER = "parts"
MANIFEST = "manifest.jsonl"
HOW_TO_MAKE = "'livecam batch PATHS --out ARCHIVE' makes one"

_NAME = re.compile(r"(?P<clip>.+)-(?P<segment>\d+)-(?P<settings>[^-]+)\.parquet")
_DAY = re.compile(r"day=(?P<day>.*)")


@dataclass(frozen=True, slots=True)
class ArchivePart:
    """A part file, by its name.

    Attributes:
        path: where it lies.
        day: of its folder; None where no day is known.
        clip: what stands for its clip.
        segment: of the clip, from 0 on.
        settings: what stands for the settings it was measured with.
    """

    path: Path
    day: date | None
    clip: str
    segment: int
    settings: str


def is_archive(folder: Path) -> bool:
    """Whether a folder looks like an archive of `livecam batch`."""
    try:
        return (folder / MANIFEST).is_file() or (folder / PARTS_FOLDER).is_dir()
    except OSError:
        return False


def listed_parts(folder: Path) -> tuple[list[ArchivePart], list[Path]]:
    """The parts of an archive in the order of their names, and the files there that are none.

    Raises:
        SourceError: it is no archive, or cannot be read.
    """
    if not folder.is_dir():
        what = "is no folder" if folder.exists() else "does not exist"
        raise SourceError(f"the archive {folder} {what}: {HOW_TO_MAKE}.")
    if not is_archive(folder):
        raise SourceError(f"{folder} is no archive, it has no {MANIFEST}: {HOW_TO_MAKE}.")
    parts, strangers = [], []
    try:
        for path in sorted(_files_below(folder / PARTS_FOLDER)):
            part = _part_of(path)
            if part is not None:
                parts.append(part)
            elif not path.name.startswith("."):  # being written
                strangers.append(path)
    except OSError as error:
        raise SourceError(
            f"the archive {folder} cannot be read ({reason_of(error)}): check its permissions."
        ) from error
    return parts, strangers


def _files_below(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    with os.scandir(folder) as days:
        for day in days:
            if not day.is_dir():
                yield Path(day.path)
                continue
            with os.scandir(day.path) as files:
                yield from (Path(file.path) for file in files)


def _part_of(path: Path) -> ArchivePart | None:
    name, folder = _NAME.fullmatch(path.name), _DAY.fullmatch(path.parent.name)
    if name is None or folder is None or path.name.startswith("."):
        return None
    try:
        day = date.fromisoformat(folder["day"])
    except ValueError:  # of clips whose day nobody knows
        day = None
    return ArchivePart(path, day, name["clip"], int(name["segment"]), name["settings"])
