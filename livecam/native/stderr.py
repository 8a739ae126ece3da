"""Keeping native libraries from talking over us: what they write to file descriptor 2.

TensorFlow, LiteRT and the video libraries print from C++, past Python's sys.stderr and past
their own log levels. LIVECAM_DEBUG=1 lets them speak. What we have to say ourselves is heard all
the same: see `write_stderr`.
"""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_STDERR_FD = 2

# The descriptor belongs to the whole process: however many threads hold it, and in whatever order
# they let go, it is put aside once and put back once.
_lock = threading.RLock()
_holds: set[object] = set()
_saved: list[int] = []


@contextmanager
def native_stderr_held() -> Iterator[None]:
    """Send what native code prints to standard error nowhere, unless LIVECAM_DEBUG is set.

    The descriptor belongs to the whole process: keep the block short.
    """
    if os.environ.get("LIVECAM_DEBUG") or sys.stderr is None:
        yield
        return
    hold = object()
    _begin(hold)
    try:
        yield
    finally:
        _end(hold)


def write_stderr(text: str) -> None:
    """Write to the real standard error and flush it, also while it is held.

    Raises:
        OSError, ValueError: the terminal or pipe is gone, or closed.
    """
    with _lock:
        # Only Python's stream on the very descriptor has to be gone around.
        if _saved and _descriptor_of(sys.stderr) == _STDERR_FD:
            encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
            left = text.encode(encoding, "backslashreplace")
            while left:
                left = left[os.write(_saved[0], left) :]
        elif sys.stderr is not None:
            sys.stderr.write(text)
            sys.stderr.flush()


def let_stderr_go() -> None:
    """Put it back for good, whoever still holds it: the program ends, or falls ill."""
    with _lock:
        _holds.clear()
        _put_back()


def _begin(hold: object) -> None:
    with _lock:
        if not _holds:
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
        _holds.add(hold)


def _end(hold: object) -> None:
    with _lock:
        _holds.discard(hold)
        if not _holds:
            _put_back()


def _put_back() -> None:
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
