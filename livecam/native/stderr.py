"""Silences what native libraries print to standard error (file descriptor 2).

TensorFlow, LiteRT and the video libraries print from C++, past Python's sys.stderr and past
their own log levels. LIVECAM_DEBUG=1 switches the silencing off. livecam's own messages are
printed all the same: see `write_stderr`.
"""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

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


def write_stderr(text: str) -> None:
    """Write to the real standard error and flush it, also while native code is silenced.

    Raises:
        OSError, ValueError: the terminal or pipe is gone, or closed.
    """
    with _lock:
        # Only if Python's stream uses the redirected descriptor has it to be bypassed.
        if _saved and _descriptor_of(sys.stderr) == _STDERR_FD:
            encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
            left = text.encode(encoding, "backslashreplace")
            while left:
                left = left[os.write(_saved[0], left) :]
        elif sys.stderr is not None:
            sys.stderr.write(text)
            sys.stderr.flush()


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


def _descriptor_of(stream: object) -> int | None:
    try:
        descriptor: int = stream.fileno()  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return None
    return descriptor
