"""Stages that work at the same time: an iterator run ahead in a thread, bounded and in order."""

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Generic, Self, TypeVar

T = TypeVar("T")
IDLE_S = 0.05


class Prefetcher(Generic[T]):
    """The same items in the same order, then the same error; made ahead in a thread of its own.

    Use it in a with statement: leaving it stops the thread and waits for the item that it is
    just making, so that nothing is closed under its hands.
    """

    def __init__(self, items: Iterable[T], *, depth: int = 2, idle: T | None = None) -> None:
        """Prepare.

        Args:
            items: what is made ahead.
            depth: so many items wait to be taken at most; beyond that the thread waits, too.
            idle: given in between while the next item takes long, so that the consumer
                stays responsive; None to wait without it.
        """
        self._items, self._depth, self._idle = items, depth, idle
        self._ready: deque[T] = deque()
        self._changed = threading.Condition()
        self._is_done = self._is_left = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="livecam-ahead", daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, whatever is still to come."""
        with self._changed:
            self._is_left = True
            self._changed.notify_all()
        self._thread.join()

    def __iter__(self) -> Iterator[T]:
        """The items, once.

        Raises:
            BaseException: what the iterator raised, after the last item that it gave.
        """
        while True:
            with self._changed:
                while not self._ready and not self._is_done:
                    if not self._changed.wait(None if self._idle is None else IDLE_S):
                        break
                item = self._taken()
            if item is not None:
                yield item
            elif self._is_done:
                return

    def _taken(self) -> T | None:
        """The next item, or the idle one where there is none yet; None at the end."""
        if self._ready:
            self._changed.notify_all()
            return self._ready.popleft()
        if self._is_done and self._error is not None:
            raise self._error
        return None if self._is_done else self._idle

    def _run(self) -> None:
        items = iter(self._items)
        try:
            for item in items:
                if not self._put(item):
                    break
        except BaseException as error:
            self._error = error
        finally:
            # A generator is closed by the thread that ran it.
            getattr(items, "close", lambda: None)()
            with self._changed:
                self._is_done = True
                self._changed.notify_all()

    def _put(self, item: T) -> bool:
        """Whether anybody still wants more."""
        with self._changed:
            while len(self._ready) >= self._depth and not self._is_left:
                self._changed.wait()
            self._ready.append(item)
            self._changed.notify_all()
            return not self._is_left
