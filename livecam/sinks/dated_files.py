"""Files that are there under the names of a pattern with codes for date and time."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from livecam.core.name_pattern import NamePattern


def dated_folders(pattern: Path) -> list[Path]:
    """The folders that exist of those in which files of a pattern may be."""
    found = [Path()]
    for part in pattern.parent.parts:
        name = NamePattern(part)
        if name.is_dated:
            found = [path for folder in found for path in _folders_in(folder, name)]
        else:
            found = [folder / name.text.replace("%%", "%") for folder in found]
    return [folder for folder in found if folder.is_dir()]


def dated_files(pattern: Path) -> Iterator[Path]:
    """The files of a pattern, with and without a number; no links."""
    name = NamePattern(pattern.stem).regex
    expected = re.compile(rf"{name}(_\d+)?{re.escape(pattern.suffix)}")
    for folder in dated_folders(pattern):
        for entry in _entries(folder):
            if expected.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                yield folder / entry.name


def _folders_in(folder: Path, name: NamePattern) -> Iterator[Path]:
    for entry in _entries(folder):
        if re.fullmatch(name.regex, entry.name) and entry.is_dir(follow_symlinks=False):
            yield folder / entry.name


def _entries(folder: Path) -> Iterator["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except OSError:  # it does not exist yet, or no longer
        return
