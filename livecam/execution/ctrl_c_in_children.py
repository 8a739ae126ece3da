"""Processes that are started never see Ctrl-C: it is the program's alone, which ends them.

A terminal sends Ctrl-C to all processes of a program at once. One that is still starting would
print where in Python's own modules it was interrupted.
"""

import ctypes
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def children_ignore_ctrl_c() -> Iterator[None]:
    """What is started in the block is begun with Ctrl-C kept from it.

    The calling thread gets it at the end of the block; on Windows, where nothing can wait, one
    that comes in that moment is lost.
    """
    if sys.platform == "win32":
        _ignore_on_windows(ignored=True)
        try:
            yield
        finally:
            _ignore_on_windows(ignored=False)
        return
    # A mask is inherited like a signal that is ignored, but loses none of ours.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _ignore_on_windows(*, ignored: bool) -> None:
    """SetConsoleCtrlHandler without a handler: processes that are started inherit what it sets."""
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  (only Windows has it)
    kernel.SetConsoleCtrlHandler(None, ignored)
