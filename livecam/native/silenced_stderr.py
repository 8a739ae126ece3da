"""Silences what native libraries print to standard error (file descriptor 2).

TensorFlow, LiteRT and the video libraries print from C++, past Python's sys.stderr and past
their own log levels. LIVECAM_DEBUG=1 switches the silencing off. livecam's own messages
pass all the same: see `livecam/cli/stderr_queue.py`.
"""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from livecam.native.raw_output import RawOutput, descriptor_of, raw_output

_STDERR_FD = 2

# The descriptor belongs to the whole process: however many threads silence it, and in whatever
# order they end, it is redirected once and restored once.
_lock = threading.RLock()
_silencers: set[object] = set()
_saved: list[int] = []


@contextmanager
def silenced_native_stderr() -> Iterator[None]:
    """Discard what native code prints to standard error, unless LIVECAM_DEBUG is set.

    The descriptor belongs to the whole process: keep the block short.
    """
    if os.environ.get("LIVECAM_DEBUG") or sys.stderr is None:
        yield
        return
    silencer = object()
    _begin(silencer)
    try:
        yield
    finally:
        _end(silencer)


def real_stderr() -> RawOutput | None:
    """Standard error as it is without silencing; None where nothing is under Python's stream.

    Raises:
        OSError, ValueError: it is closed.
    """
    with _lock:
        stream = sys.stderr
        # Only if Python's stream uses the redirected descriptor has it to be bypassed.
        if is_silenced(stream):
            return RawOutput(os.dup(_saved[0]), stream.encoding or "utf-8")
        return raw_output(stream)


def is_silenced(stream: TextIO) -> bool:
    """Whether what is written to Python's stream is discarded: it uses the same descriptor."""
    return bool(_saved) and descriptor_of(stream) == _STDERR_FD


def stderr_is_terminal() -> bool:
    """Whether somebody may watch standard error."""
    try:
        return sys.stderr is not None and sys.stderr.isatty()
    except ValueError:  # closed
        return False


def restore_stderr() -> None:
    """Restore it for good, even if a thread still silences it: the program ends, or has failed."""
    with _lock:
        _silencers.clear()
        _restore()


def _begin(silencer: object) -> None:
    with _lock:
        if not _silencers:
            with suppress(OSError, ValueError):
                sys.stderr.flush()
            try:
                saved = os.dup(_STDERR_FD)
            except OSError:  # no standard error at all (a windowed Python, a daemon)
                return
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, _STDERR_FD)
            os.close(nowhere)
            _saved.append(saved)
        _silencers.add(silencer)


def _end(silencer: object) -> None:
    with _lock:
        _silencers.discard(silencer)
        if not _silencers:
            _restore()


def _restore() -> None:
    while _saved:
        saved = _saved.pop()
        os.dup2(saved, _STDERR_FD)
        os.close(saved)
