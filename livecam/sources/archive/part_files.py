"""The part files of an archive: those that its manifest knows."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from livecam.core.archive.manifest import (
    MANIFEST_FILE,
    MANIFEST_FORMAT,
    PARTS_FOLDER,
    PartEntry,
    read_manifest,
)
from livecam.core.format_version import later_format
from livecam.core.formatting import reason_of
from livecam.errors import SourceError

HOW_TO_MAKE = "'livecam batch PATHS --out ARCHIVE' makes one"


@dataclass(frozen=True, slots=True)
class ArchivePart:
    """A part file, as the manifest knows it.

    Attributes:
        path: where it lies.
        day: of its folder; None where no day is known.
        clip: what stands for its clip: alike for all segments of one.
        segment: number of the clip's segment.
        settings: what stands for the settings it was measured with.
    """

    path: Path
    day: date | None
    clip: str
    segment: int
    settings: str


@dataclass(frozen=True, slots=True)
class ListedArchive:
    """What an archive has.

    Attributes:
        parts: those of the manifest that have a file.
        settings: what each hash of settings stands for.
        strangers: files among the parts that the manifest does not know.
    """

    parts: Sequence[ArchivePart]
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    strangers: Sequence[Path] = ()


def is_archive(folder: Path) -> bool:
    """Whether a folder looks like an archive of `livecam batch`."""
    with suppress(OSError):
        return (folder / MANIFEST_FILE).is_file()
    return False


def list_archive(folder: Path) -> ListedArchive:
    """What an archive has.

    Raises:
        SourceError: it is no archive, cannot be read, or was written by a newer livecam.
    """
    if not folder.is_dir():
        what = "is no folder" if folder.exists() else "does not exist"
        raise SourceError(f"the archive {folder} {what}: {HOW_TO_MAKE}.")
    if not is_archive(folder):
        raise SourceError(f"{folder} is no archive, it has no {MANIFEST_FILE}: {HOW_TO_MAKE}.")
    try:
        # A last line that is being written is passed over.
        with (folder / MANIFEST_FILE).open(encoding="utf-8", errors="replace") as lines:
            manifest = read_manifest(lines)
        if later := later_format(f"the archive {folder}", manifest.format, MANIFEST_FORMAT):
            raise SourceError(later)
        parts = [_part(folder, entry) for entry in manifest.parts()]
        known = {part.path for part in parts}
        strangers = [path for path in _files_below(folder / PARTS_FOLDER) if path not in known]
    except OSError as error:
        raise SourceError(
            f"the archive {folder} cannot be read ({reason_of(error)}): check its permissions."
        ) from error
    return ListedArchive(parts, manifest.settings, sorted(strangers))


def _files_below(folder: Path) -> Iterator[Path]:
    """All but those that are being written, whose names begin with a dot."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as days:
        for day in days:
            if not day.is_dir():
                yield Path(day.path)
                continue
            with os.scandir(day.path) as files:
                yield from (Path(one.path) for one in files if not one.name.startswith("."))


def _part(folder: Path, entry: PartEntry) -> ArchivePart:
    path = folder / entry.part
    clip = entry.key.partition("-")[0]
    return ArchivePart(path, _day_of(path.parent.name), clip, entry.segment, entry.settings)


def _day_of(folder_name: str) -> date | None:
    try:
        return date.fromisoformat(folder_name.removeprefix("day="))
    except ValueError:  # of clips whose day nobody knows
        return None
