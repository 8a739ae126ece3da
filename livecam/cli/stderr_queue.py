"""Standard error through a bounded queue: nobody waits for a terminal that takes nothing.

A stopped terminal (Ctrl-S), a hung connection or a full pipe stops whoever writes to it. Here that
is a thread of its own: messages, warnings, tracebacks and the log all go to `sys.stderr`, which is
the queue as long as the program runs.
"""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from livecam.native.silenced_stderr import is_silenced, real_stderr
from livecam.pipeline.background_writer import BackgroundWriter

MOST_TEXTS = 1000
LEAVING_S = 1.0
"""So long is waited at the end for what has not been printed yet."""

THREAD_NAME = "livecam-messages"  # see livecam/__main__.py


class StderrQueue(io.TextIOBase):
    """Takes the place of Python's stream: `write` never waits."""

    def __init__(self, stream: TextIO) -> None:
        """Start the thread that writes to `stream`."""
        self._stream = stream
        self._raw = real_stderr()
        self._writer = BackgroundWriter(self._print, most=MOST_TEXTS, name=THREAD_NAME)
        self._reported = 0

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of the stream."""
        return self._stream.encoding or "utf-8"

    @property
    def is_behind(self) -> bool:
        """Whether something has not been printed yet."""
        return not self._writer.is_idle

    def write(self, text: str) -> int:
        """Take a text, unless what native code prints is discarded at this moment."""
        if not is_silenced(self._stream):
            self.print_message(text)
        return len(text)

    def print_message(self, text: str) -> None:
        """Take a text; where the queue is full it is left out, and a later line says so."""
        writer = self._writer
        if writer.dropped > self._reported and not writer.is_full:
            count, self._reported = writer.dropped - self._reported, writer.dropped
            writer.put(f"livecam: {count} messages left out: the terminal took none\n")
        writer.put(text)

    def flush(self) -> None:
        """Nothing to do: nothing is held back."""

    def isatty(self) -> bool:
        """Whether the stream is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The descriptor of the stream."""
        return self._stream.fileno()

    def finish(self) -> None:
        """Print the rest, as far as somebody takes it within a second."""
        if self._writer.close(patience_s=LEAVING_S, limit_s=LEAVING_S) and self._raw is not None:
            self._raw.close()

    def _print(self, text: str) -> None:
        with suppress(OSError, ValueError):  # the terminal is gone, or closed
            if self._raw is not None:
                self._raw.write(text)
            else:
                self._stream.write(text)
                self._stream.flush()


def print_message(text: str) -> None:
    """Print to standard error, also while native code is silenced.

    Raises:
        OSError, ValueError: there is no queue, and the terminal is gone, or closed.
    """
    if isinstance(sys.stderr, StderrQueue):
        sys.stderr.print_message(text)
    elif sys.stderr is not None:
        sys.stderr.write(text)
        sys.stderr.flush()


@contextmanager
def queued_stderr() -> Iterator[None]:
    """Let everything that Python prints to standard error go through the queue."""
    stream: Any = sys.stderr
    if stream is None or isinstance(stream, StderrQueue):  # closed, or a windowed Python
        yield
        return
    try:
        queue = StderrQueue(stream)
    except (OSError, ValueError):  # it cannot be written to at all
        yield
        return
    sys.stderr = queue
    try:
        yield
    finally:
        if sys.stderr is queue:
            sys.stderr = stream
        queue.finish()
