"""Half exports of killed runs in the cache: found when the next one is made, and removed."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = ".new-"
_LOCK = "lock"
_SURELY_OLD_S = 24 * 3600.0

Now = Callable[[], float]
"""The wall clock, in seconds."""


@contextmanager
def fresh_folder(parent: Path) -> Iterator[Path]:
    """An empty folder in `parent` that only this user can enter, removed at the end.

    It is locked until then: as long as the lock is held, nobody takes it for a leftover.
    """
    from filelock import FileLock  # only where an export is made: starting takes none of its time

    with tempfile.TemporaryDirectory(dir=parent, prefix=_PREFIX) as made:
        lock = FileLock(Path(made) / _LOCK)
        with suppress(OSError, NotImplementedError):  # a drive without locks: it is young enough
            lock.acquire()
        try:
            yield Path(made)
        finally:
            lock.release()


def remove_half_exports(parent: Path, now: Now = time.time) -> str:
    """Remove the folders of killed runs.

    Args:
        parent: the folder of all exports.
        now: the wall clock.

    Returns:
        One line for the user; "" where there were none.
    """
    removed = [path.name for path in sorted(parent.glob(f"{_PREFIX}*")) if _is_removed(path, now)]
    if not removed:
        return ""
    return f"removed what a killed run left in {parent}: {', '.join(removed)}"


def _is_removed(folder: Path, now: Now) -> bool:
    if folder.is_symlink() or not folder.is_dir():
        return False
    from filelock import FileLock, Timeout

    try:
        if (folder / _LOCK).exists():
            with FileLock(folder / _LOCK, timeout=0):
                pass
        elif now() - folder.stat().st_mtime < _SURELY_OLD_S:  # its lock may not be there yet
            return False
        shutil.rmtree(folder)
    except (OSError, Timeout, NotImplementedError):
        return False
    return True
