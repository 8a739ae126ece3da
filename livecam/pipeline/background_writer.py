"""Writing beside the loop: items in order, in a thread of its own, behind a bounded queue."""

import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

Item = TypeVar("Item")

_POLL_S = 0.02
_STEP_S = 0.001

MOMENT_S = 0.01
"""So long a sink waits for its last item where it is asked whether it is idle."""


class BackgroundWriter(Generic[Item]):
    """Writes items in order, in a daemon thread; whoever has one never waits for the writing.

    The queue is one that a signal handler cannot leave locked.

    Attributes:
        dropped: items that found the queue full, or were still in it when it was closed.
        error: what ended the writing; None as long as it goes well.
    """

    def __init__(
        self,
        write: Callable[[Item], None],
        *,
        most: int,
        name: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start the thread.

        Args:
            write: called there with each item; after an error no more.
            most: so many items wait at most.
            name: of the thread; see livecam/__main__.py.
            clock: seconds, monotonic; by it `close` gives up, which really waits: whatever it says
                has to go on by itself, or with what is written.
        """
        self._write, self._most, self._clock = write, most, clock
        self._queue: SimpleQueue[tuple[Item] | None] = SimpleQueue()
        self._is_writing = False
        self._written = 0
        self.dropped = 0
        self.error: Exception | None = None
        self._is_raised = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def is_full(self) -> bool:
        """Whether the next item would be dropped."""
        return self._queue.qsize() >= self._most and self.error is None

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to be written at this moment."""
        return self._queue.empty() and not self._is_writing

    def wait_until_idle(self, limit_s: float) -> bool:
        """Whether everything is written, waiting for that for a moment."""
        until_s = time.monotonic() + limit_s
        while not self.is_idle and time.monotonic() < until_s:
            time.sleep(_STEP_S)
        return self.is_idle

    def put(self, item: Item) -> bool:
        """Take an item, and say so; where the queue is full it is dropped and counted."""
        if self.is_full:
            self.dropped += 1
            return False
        if self.error is None:
            self._queue.put((item,))
        return self.error is None

    def raise_error(self) -> None:
        """Raise what ended the writing, the first time that this is called since then."""
        if self.error is not None and not self._is_raised:
            self._is_raised = True
            raise self.error

    def close(self, *, patience_s: float, limit_s: float, last: Item | None = None) -> bool:
        """Write what is in the queue and end the thread; whether it has ended.

        What is not written then counts as dropped, and the thread is left behind: it hangs.

        Args:
            patience_s: so long nothing at all may be written before it is given up.
            limit_s: the whole may take so long.
            last: written after all others, also where the queue is full; None for nothing.
        """
        if last is not None:
            self._queue.put((last,))
        self._queue.put(None)
        began_s = progress_s = self._clock()
        written = self._written
        while self._thread.is_alive():
            now_s = self._clock()
            if self._written != written:
                written, progress_s = self._written, now_s
            if now_s - began_s >= limit_s or now_s - progress_s >= patience_s:
                self.dropped += max(0, self._queue.qsize() - 1) + self._is_writing
                return False
            self._thread.join(_POLL_S)
        return True

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            if self.error is not None:
                continue
            self._is_writing = True
            try:
                self._write(item[0])
            except Exception as error:
                self.error = error
            self._is_writing = False
            self._written += 1


class BackgroundWriterSink(Generic[Item]):
    """How far a sink with a BackgroundWriter is: its part of protocols.BackgroundSink."""

    _writer: BackgroundWriter[Item] | None = None

    def is_full(self) -> bool:
        """Whether the next item would be dropped."""
        return self._writer is not None and self._writer.is_full

    def is_idle(self) -> bool:
        """Whether every item is written, or cannot be; waits a moment for the last one."""
        return self._writer is None or self._writer.wait_until_idle(MOMENT_S)

    def dropped(self) -> int:
        """How many items were dropped so far."""
        return 0 if self._writer is None else self._writer.dropped
