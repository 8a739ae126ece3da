"""Finds the recordings and snapshots of earlier runs by their names, in all folders of this one."""

import os
import re
import stat
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from livecam.core.name_pattern import NamePattern
from livecam.sinks.dated_files import dated_folders
from livecam.sinks.output_paths import absolute

_CLOCK_STEP_NS = 2_000_000_000  # of the coarsest file system: a change within it may be missed
_TIME = "%Y-%m-%d_%H-%M-%S"
# The names that output_paths.dated_path gives.
_DATED_NAME = re.compile(r"livecam_(\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d)(_\d+)?(_clean)?\.(mp4|mkv|png)")


def time_text(time_s: float) -> str:
    """A time (seconds since 1970) as names have it, by which files are ordered."""
    return f"{datetime.fromtimestamp(time_s).astimezone():{_TIME}}"


def has_own_name(path: Path) -> bool:
    """Whether a file has the name that livecam gives where the user gave none."""
    return _DATED_NAME.fullmatch(path.name) is not None


class EarlierFiles:
    """The files in the folders of --snapshots and --record that have names which livecam gives."""

    def __init__(self, folder: Path, pattern: Path | None = None) -> None:
        """Look at nothing yet.

        Args:
            folder: of files that were given no names.
            pattern: names of --record with codes for date and time; None without them.
        """
        self._folder = absolute(folder)
        self._pattern = None if pattern is None else absolute(pattern)
        self._listings: dict[Path, _Listing] = {}

    def look(self) -> dict[Path, str] | None:
        """The files with the times that order them; None where nothing has changed."""
        folders = self._folders()
        gone = self._listings.keys() - folders.keys()
        for folder in gone:
            del self._listings[folder]
        for folder, names in folders.items():
            self._listings.setdefault(folder, _Listing(folder, names))
        changed = [listing.look() for listing in self._listings.values()]
        if not gone and not any(changed):
            return None
        return {path: at for found in self._listings.values() for path, at in found.files.items()}

    def _folders(self) -> dict[Path, re.Pattern[str] | None]:
        """The folders, with what names of --record in them match."""
        folders: dict[Path, re.Pattern[str] | None] = {self._folder: None}
        if self._pattern is not None:
            name = NamePattern(self._pattern.stem).regex
            names = re.compile(rf"{name}(_\d+)?(_clean)?{re.escape(self._pattern.suffix)}")
            folders |= dict.fromkeys(dated_folders(self._pattern), names)
        return folders


class _Listing:
    """The files of one folder; read anew only where the folder has changed."""

    def __init__(self, folder: Path, names: re.Pattern[str] | None) -> None:
        self._folder, self._names = folder, names
        self._seen_ns: int | None = None
        self.files: dict[Path, str] = {}

    def look(self) -> bool:
        """Look at the folder where it has changed; says whether its files are others now."""
        began_ns, before = time.time_ns(), self.files
        try:
            changed_ns = self._folder.stat().st_mtime_ns
            if changed_ns == self._seen_ns:
                return False
            self.files = self._read()
        except OSError:  # the folder does not exist yet, or no longer
            self.files, changed_ns = {}, -1
        self._seen_ns = changed_ns if began_ns - changed_ns > _CLOCK_STEP_NS else None
        return self.files.keys() != before.keys()

    def _read(self) -> dict[Path, str]:
        found = {}
        with os.scandir(self._folder) as entries:
            for entry in entries:
                path = self._folder / entry.name
                at = self.files.get(path) or self._time_of(entry)
                if at and entry.is_file(follow_symlinks=False):
                    found[path] = at
        return found

    def _time_of(self, entry: "os.DirEntry[str]") -> str:
        """The time in a name that livecam gives, else that of the last change; "" for others."""
        if dated := _DATED_NAME.fullmatch(entry.name):
            return dated[1]
        if self._names is not None and self._names.fullmatch(entry.name):
            with suppress(OSError):  # it is gone
                status = entry.stat(follow_symlinks=False)
                return time_text(status.st_mtime) if stat.S_ISREG(status.st_mode) else ""
        return ""
