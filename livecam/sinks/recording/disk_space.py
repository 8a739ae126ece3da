"""Room on the disk: how much there is, and for how many minutes it will last."""

import shutil
from collections.abc import Callable
from pathlib import Path

FreeBytes = Callable[[Path], int]
MEGABYTE = 1_000_000
_ENOUGH_TO_JUDGE_S = 2.0


def free_bytes(folder: Path) -> int:
    """Bytes that we may still write into a folder.

    Raises:
        OSError: the folder cannot be asked.
    """
    return shutil.disk_usage(folder).free


def folder_of(path: Path) -> Path:
    """The folder whose disk a file of this name is on; a link is followed."""
    return path.resolve().parent


class DiskGuard:
    """Watches the room left while files grow."""

    def __init__(self, reserve_bytes: int, free: FreeBytes = free_bytes) -> None:
        """`reserve_bytes` stay free for everybody else."""
        self.reserve_bytes, self._free = reserve_bytes, free
        self.minutes_left: float | None = None

    def is_short(self, folder: Path) -> bool:
        """Whether the reserve is touched.

        Raises:
            OSError: the folder cannot be asked.
        """
        return self._free(folder) < self.reserve_bytes

    def has_room_for(self, folder: Path, size_bytes: int) -> bool:
        """Whether so much can be written without touching the reserve."""
        try:
            return self._free(folder) - size_bytes >= self.reserve_bytes
        except OSError:
            return False

    def estimate(self, folder: Path, written_bytes: int, written_s: float) -> None:
        """Reckon `minutes_left` from what was written so far.

        Raises:
            OSError: the folder cannot be asked.
        """
        if written_s < _ENOUGH_TO_JUDGE_S or not written_bytes:
            self.minutes_left = None
            return
        room = max(0, self._free(folder) - self.reserve_bytes)
        self.minutes_left = room / (written_bytes / written_s) / 60.0
