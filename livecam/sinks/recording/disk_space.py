"""Free disk space while recording: the reserve of --disk-reserve, and how many minutes remain."""

import shutil
from collections.abc import Callable
from pathlib import Path

from livecam.native.real_path import real_path

FreeBytes = Callable[[Path], int]
MEGABYTE = 1_000_000
MIN_ESTIMATE_S = 2.0  # a shorter recording says nothing about bytes per second


def free_bytes(folder: Path) -> int:
    """Bytes that this user may still write into a folder.

    Raises:
        OSError: the file system gives no answer.
    """
    return shutil.disk_usage(folder).free


def folder_of(path: Path) -> Path:
    """The folder whose disk a file of this name is on; a link is followed."""
    return real_path(path).parent


def existing_folder(path: Path) -> Path:
    """The nearest folder that exists: on whose disk a file of this name will be."""
    return next(folder for folder in real_path(path).parents if folder.is_dir())


class DiskSpaceLowError(Exception):
    """Less than the reserve is free; its text ends a sentence of another error."""


class DiskSpaceMonitor:
    """Compares the free space of a folder's disk with a reserve."""

    def __init__(self, reserve_bytes: int, free: FreeBytes = free_bytes) -> None:
        """`reserve_bytes` are never written to; `free` gives the free bytes of a folder."""
        self.reserve_bytes, self._free = reserve_bytes, free

    def check(self, folder: Path) -> None:
        """Check that the reserve is free.

        Raises:
            DiskSpaceLowError: less is free.
            OSError: the file system gives no answer.
        """
        if self._free(folder) < self.reserve_bytes:
            raise DiskSpaceLowError(
                f"less than {self.reserve_bytes / MEGABYTE:.0f} MB are free in {folder}. Make room "
                "there, or change --disk-reserve."
            )

    def can_hold(self, folder: Path, size_bytes: int) -> bool:
        """Whether so many bytes can be written and the reserve stays free."""
        try:
            return self._free(folder) - size_bytes >= self.reserve_bytes
        except OSError:
            return False

    def minutes_left(self, folder: Path, written_bytes: int, written_s: float) -> float | None:
        """How long a recording can go on at its present rate; None after so short a time.

        Args:
            folder: where it is written.
            written_bytes: its size so far.
            written_s: its duration so far, in seconds.

        Raises:
            OSError: the file system gives no answer.
        """
        if written_s < MIN_ESTIMATE_S or not written_bytes:
            return None
        usable_bytes = max(0, self._free(folder) - self.reserve_bytes)
        return usable_bytes / (written_bytes / written_s) / 60.0
