"""SIGHUP waits from the program's first lines on until somebody answers it: `livecam watch`.

A service may be told to read its settings again while Python still imports, which would end it.
Windows has no such signal.
"""

import os
import signal
from collections.abc import Sequence
from contextlib import suppress


def names_watch(words: Sequence[str]) -> bool:
    """Whether these words of the command line run `livecam watch`."""
    while words[:1] == ["--config"]:  # only this flag stands before a command
        words = words[2:]
    while words and words[0].startswith("--config="):
        words = words[1:]
    return words[:1] == ["watch"]


def _is_terminal() -> bool:
    with suppress(OSError):
        return os.isatty(2)
    return False


STDERR_BEGAN_AS_TERMINAL = _is_terminal()
"""Once it is closed, nothing tells that it was one."""


def hold_hangup() -> None:
    """Let SIGHUP wait; one that is ignored (nohup) is still ignored."""
    if hasattr(signal, "SIGHUP"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})


def deliver_hangup() -> None:
    """Let it wait no longer: its handler is there."""
    if hasattr(signal, "SIGHUP"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})
