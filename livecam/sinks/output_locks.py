"""Locks of output files: of two programs that would write one file, the second is refused.

The lock is a file beside the output, `.NAME.livecam-lock`, that is locked as long as the output is
written. It is there before the output is, and goes on while that is replaced by its own copy; the
system drops it with the process, so that a killed run is never in the way. The library `filelock`
does this alike on Linux, macOS and Windows, follows no links, and takes no lock that a stranger
could replace.
"""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.native.real_path import real_path

if TYPE_CHECKING:
    from filelock import BaseFileLock

SUFFIX = ".livecam-lock"
_ATTEMPTS = 3
_WAIT_S = 0.2  # who has just ended holds its lock a moment longer


class OutputBusyError(Exception):
    """Another program, or another part of this one, writes this file."""


@dataclass(frozen=True, slots=True)
class OutputLock:
    """The lock of one output file; whoever has it may write the file.

    Attributes:
        path: the output file.
        problem: why the file system gives no locks, "" where it does. The file is written all the
            same: no file is overwritten unasked, lock or none.
        is_foreign: whether there is a lock of another user, who may be writing the file.
    """

    path: Path
    problem: str
    _lock: "BaseFileLock | None"
    is_foreign: bool = False

    def release(self) -> None:
        """Give the lock back, and delete its file; harmless when called again."""
        if self._lock is None or not self._lock.is_locked:
            return
        with suppress(OSError):  # first, while nobody else can have it; not on Windows
            Path(self._lock.lock_file).unlink()
        with suppress(OSError):
            self._lock.release(force=True)


def lock_path(output: Path) -> Path:
    """Where the lock of an output file lies; that of a link beside its target."""
    real = real_path(output)
    return real.with_name(f".{real.name}{SUFFIX}")


def lock_output(output: Path, wait_s: float = _WAIT_S) -> OutputLock:
    """Lock an output file, which need not exist yet; its folder has to.

    Args:
        output: the file.
        wait_s: how long somebody else may go on having the lock, in seconds.

    Raises:
        OutputBusyError: somebody else has the lock.
    """
    if _is_special(output):  # a pipe, a device: it may have several writers
        return OutputLock(output, "", None)
    from filelock import FileLock, Timeout

    lock = FileLock(lock_path(output), timeout=wait_s, thread_local=False)
    try:
        if not any(_is_acquired(lock) for _ in range(_ATTEMPTS)):
            # A file system in which nothing can be made.
            return OutputLock(output, "no file can be made there", None)
    except Timeout:
        raise OutputBusyError(f"{output} is being written by another livecam") from None
    except (OSError, NotImplementedError) as error:  # a network drive without locks, no permission
        is_foreign = isinstance(error, PermissionError) and os.path.lexists(lock.lock_file)
        problem = getattr(error, "strerror", None) or str(error)
        return OutputLock(output, problem, None, is_foreign)
    return OutputLock(output, "", lock)


def _is_acquired(lock: "BaseFileLock") -> bool:
    """Whether the lock was got; not where its file is gone: whoever had it has just ended.

    Raises:
        Timeout: somebody else has it.
    """
    from filelock import Timeout

    try:
        lock.acquire()
    except Timeout:
        if os.path.lexists(lock.lock_file):
            raise
        return False
    return True


def _is_special(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)
