"""Text written to a descriptor itself, past Python's buffered streams and their locks."""

import io
import os
import select
from typing import TextIO


class RawOutput(io.TextIOBase):
    """Writes to a duplicate of a stream's descriptor; a text file without a buffer.

    A thread that hangs in such a write holds nothing that the others, or the end of the program,
    would wait for: Python's own streams are locked meanwhile, and the interpreter aborts where it
    cannot flush one.
    """

    def __init__(self, descriptor: int, encoding: str) -> None:
        """Take over the descriptor; letters that the encoding lacks are escaped."""
        # Python's own raw file, because the console of Windows takes Unicode through it alone.
        self._raw = open(descriptor, "wb", buffering=0)  # noqa: SIM115
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The name of the encoding."""
        return self._encoding

    def write(self, text: str) -> int:
        """Write all of it, however long that takes.

        Raises:
            OSError: the reader is gone, the disk is full, or the like.
        """
        left = memoryview(text.replace("\n", os.linesep).encode(self._encoding, "backslashreplace"))
        while left:
            written = self._raw.write(left)
            if written is None:  # whoever shares it with us made it non-blocking, and it is full
                select.select([], [self._raw], [])
            else:
                left = left[written:]
        return len(text)

    def fileno(self) -> int:
        """The duplicate."""
        return self._raw.fileno()

    def close(self) -> None:
        """Close the duplicate; the stream stays open."""
        super().close()
        self._raw.close()


def descriptor_of(stream: TextIO) -> int | None:
    """The descriptor under a stream; None where there is none (a notebook, a test)."""
    try:
        return stream.fileno()
    except (AttributeError, OSError, ValueError):
        return None


def raw_output(stream: TextIO) -> RawOutput | None:
    """The same output as a stream's, unbuffered; None where there is no descriptor under it."""
    descriptor = descriptor_of(stream)
    if descriptor is None:
        return None
    stream.flush()
    return RawOutput(os.dup(descriptor), stream.encoding or "utf-8")
