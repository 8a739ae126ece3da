"""Messages that wait to be sent: in order, bounded, and which of them go where there are too many.

Pure: whoever uses one from several threads holds a lock.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Content = TypeVar("Content")

WhenNewer = Literal["keep", "replace", "replace if stuck"]
"""What becomes of a message that still waits when a newer one with its key comes: a probability is
worth nothing then; that a class came and went is, as long as messages get through."""


@dataclass(frozen=True, slots=True, eq=False)
class Outgoing(Generic[Content]):
    """A message that waits.

    Attributes:
        content: what is sent.
        size_bytes: how much memory it takes.
        is_update: whether it goes first where there are too many: what comes later says more.
        key: what it is about, for `when_newer`; "" for nothing.
        when_newer: what becomes of it when a newer message with the same key comes.
        put_s: when it was put, on the clock of the queue's user.
    """

    content: Content
    size_bytes: int
    is_update: bool = False
    key: str = ""
    when_newer: WhenNewer = "keep"
    put_s: float = 0.0


@dataclass(frozen=True, slots=True)
class QueueLimits:
    """How much may wait: an hour of busy events with their pictures.

    Attributes:
        messages: so many at most.
        size_bytes: all together at most.
    """

    messages: int = 10_000
    size_bytes: int = 64_000_000


class OutgoingQueue(Generic[Content]):
    """A queue that drops the oldest updates first, then the oldest of all; and counts them.

    Attributes:
        dropped: how many were dropped because there were too many.
    """

    def __init__(self, limits: QueueLimits = QueueLimits()) -> None:
        """Start empty."""
        self._limits = limits
        self._waiting: deque[Outgoing[Content]] = deque()
        self._size_bytes = 0
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, message: Outgoing[Content], *, is_stuck: bool = False) -> None:
        """Let a message wait behind all others.

        Args:
            message: may be dropped at once, where it is larger than all that may wait.
            is_stuck: whether nothing gets through at the moment.
        """
        if message.key:
            self._remove(lambda other: self._is_replaced(other, message.key, is_stuck=is_stuck))
        self._waiting.append(message)
        self._size_bytes += message.size_bytes
        while self._is_over():
            self._drop_one()

    def take(self) -> Outgoing[Content] | None:
        """The oldest message, which waits no longer; None where there is none."""
        if not self._waiting:
            return None
        message = self._waiting.popleft()
        self._size_bytes -= message.size_bytes
        return message

    def change(self, changed: Callable[[Outgoing[Content]], Outgoing[Content]]) -> None:
        """Let every message that waits be what this makes of it, in the same order."""
        self._waiting = deque(map(changed, self._waiting))
        self._size_bytes = sum(each.size_bytes for each in self._waiting)

    def has_newer(self, message: Outgoing[Content]) -> bool:
        """Whether what waits makes a message that could not be sent so far worthless."""
        may_go = message.key and message.when_newer != "keep"
        return bool(may_go) and any(other.key == message.key for other in self._waiting)

    def _is_replaced(self, other: Outgoing[Content], key: str, *, is_stuck: bool) -> bool:
        is_worthless = other.when_newer == "replace" or is_stuck
        return other.key == key and other.when_newer != "keep" and is_worthless

    def _is_over(self) -> bool:
        is_long = len(self._waiting) > self._limits.messages
        return is_long or (bool(self._waiting) and self._size_bytes > self._limits.size_bytes)

    def _drop_one(self) -> None:
        oldest = next((each for each in self._waiting if each.is_update), self._waiting[0])
        self._remove(lambda other: other is oldest)
        self.dropped += 1

    def _remove(self, is_meant: Callable[[Outgoing[Content]], bool]) -> None:
        kept = deque(each for each in self._waiting if not is_meant(each))
        if len(kept) != len(self._waiting):
            self._waiting = kept
            self._size_bytes = sum(each.size_bytes for each in kept)
