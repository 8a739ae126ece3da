"""Keeping native libraries from talking over us: what they write to file descriptor 2.

TensorFlow, LiteRT, Qt and the video libraries print from C++, past Python's sys.stderr and past
their own log levels. What they say while silenced is kept and handed on if the work fails, so
that nothing is lost when it matters.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

_STDERR_FD = 2


@contextmanager
def native_stderr_held() -> Iterator[None]:
    """Hold back what native code prints to standard error; print it after all on an exception."""
    sys.stderr.flush()
    try:
        saved = os.dup(_STDERR_FD)
    except OSError:  # no standard error at all (a windowed Python, a daemon)
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), _STDERR_FD)
        try:
            yield
        except Exception:
            _restore(saved)
            held.seek(0)
            if os.environ.get("LIVECAM_DEBUG"):
                sys.stderr.write(held.read().decode(errors="replace"))
            raise
        except BaseException:
            _restore(saved)
            raise
        else:
            _restore(saved)


def _restore(saved: int) -> None:
    os.dup2(saved, _STDERR_FD)
    os.close(saved)
