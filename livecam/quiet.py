"""Keeping native libraries from talking over us: what they write to file descriptor 2.

TensorFlow, LiteRT, Qt and the video libraries print from C++, past Python's sys.stderr and past
their own log levels. LIVECAM_DEBUG=1 lets them speak.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_STDERR_FD = 2


@contextmanager
def native_stderr_held() -> Iterator[None]:
    """Send what native code prints to standard error nowhere, unless LIVECAM_DEBUG is set.

    The descriptor belongs to the whole process: keep the block short.
    """
    if os.environ.get("LIVECAM_DEBUG") or sys.stderr is None:
        yield
        return
    sys.stderr.flush()
    try:
        saved = os.dup(_STDERR_FD)
    except OSError:  # no standard error at all (a windowed Python, a daemon)
        yield
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _STDERR_FD)
        os.close(nowhere)
        yield
    finally:
        os.dup2(saved, _STDERR_FD)
        os.close(saved)
