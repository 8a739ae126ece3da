"""What killed runs left in a folder: half a copy of a recording, locks; they go."""

import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from livecam.core.formatting import counted
from livecam.sinks.output_locks import SUFFIX as LOCK_SUFFIX
from livecam.sinks.output_locks import OutputBusyError, lock_output

PART_SUFFIX = ".livecam-part"
_PART_NAME = re.compile(
    rf"\.(?P<output>.+\.(mp4|mkv))\.[0-9a-f]{{8}}{re.escape(PART_SUFFIX)}", re.IGNORECASE
)
_LOCK_NAME = re.compile(rf"\.(?P<output>.+){re.escape(LOCK_SUFFIX)}")
_SURELY_OLD_S = 24 * 3600.0
_MOST_NAMES = 3

Now = Callable[[], float]
"""The wall clock, in seconds."""


def remove_leftovers(folder: Path, now: Now = time.time) -> str:
    """Remove what killed runs left in a folder.

    A part is a copy that was being made of another file: nothing is lost with it.
    That of a recording which is still being written is left alone, as its lock says; where the
    file system gives no locks, one that is younger than a day.

    Args:
        folder: is looked through, without the folders in it.
        now: the wall clock.

    Returns:
        One line for the user; "" where nothing but locks was left.
    """
    parts = list(_matching(folder, _PART_NAME))
    removed = [part for part, output in parts if _is_removed(part, output, now)]
    for lock, output in list(_matching(folder, _LOCK_NAME)):
        with suppress(OutputBusyError, OSError):
            if not lock.stat().st_size:  # else it is somebody else's
                lock_output(output, wait_s=0).release()
    return _told(folder, removed)


def _matching(folder: Path, pattern: re.Pattern[str]) -> Iterator[tuple[Path, Path]]:
    """Ordinary files of such names, each with the output that its name has in it."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                found = entry.name[0] == "." and pattern.fullmatch(entry.name)
                if found and entry.is_file(follow_symlinks=False):
                    yield folder / entry.name, folder / found["output"]
    except OSError:  # there is no such folder, or nobody may look
        return


def _is_removed(part: Path, output: Path, now: Now) -> bool:
    try:
        lock = lock_output(output, wait_s=0)
    except OutputBusyError:
        return False
    try:
        if lock.problem and now() - part.stat().st_mtime < _SURELY_OLD_S:
            return False
        part.unlink()
    except OSError:  # another user's, or gone meanwhile
        return False
    finally:
        lock.release()
    return True


def _told(folder: Path, removed: Sequence[Path]) -> str:
    if not removed:
        return ""
    names = ", ".join(sorted(path.name for path in removed)[:_MOST_NAMES])
    more = len(removed) - _MOST_NAMES
    names += f" and {counted(more, 'file')} more" if more > 0 else ""
    return f"removed what a killed run left in {folder.absolute()}: {names}"
