"""Reads a file that was named: a pipe that nobody writes into is not waited for."""

import errno
import os
import stat
from pathlib import Path

_CHUNK_BYTES = 1 << 20
_OPEN_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY")
)


def read_at_once(path: Path, most_bytes: int) -> bytes:
    """The bytes of a file, so many at most; of a pipe, what its writer sends until it is closed.

    Raises:
        OSError: it cannot be read, or is a pipe without a writer, which could be waited for for
            ever.
    """
    descriptor = os.open(path, _OPEN_FLAGS)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        content = file.read(min(most_bytes, _CHUNK_BYTES))
        if content == b"" and stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            raise OSError(errno.ENXIO, "nobody writes into this pipe: start its writer first")
        if content is None:  # there is a writer, which takes its time
            content = b""
        if hasattr(os, "set_blocking"):  # not on Windows before Python 3.12
            os.set_blocking(descriptor, True)
        parts, left = [content], most_bytes - len(content)
        while left and (part := file.read(min(left, _CHUNK_BYTES))):
            parts.append(part)
            left -= len(part)
    return b"".join(parts)
