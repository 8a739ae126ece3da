"""Sends messages in a thread of its own: in order, tried again, behind a bounded queue."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from livecam.core.formatting import counted
from livecam.core.notifying.back_off import BackOff
from livecam.core.notifying.outgoing_queue import Outgoing, OutgoingQueue, QueueLimits

Content = TypeVar("Content")
Wait = Callable[[threading.Condition, float], object]

_MOST_REASONS = 5  # that are told of one outage

THREAD_NAME = "livecam-notify"  # see livecam/__main__.py


class NotDeliveredError(Exception):
    """A message was not taken; it is tried again. The text says why, in a few words."""


class RefusedError(Exception):
    """A message was refused, and would be again. The text says why, in a few words."""


@dataclass(frozen=True, slots=True)
class DeliveryClock:
    """The time of a delivery, for tests.

    Attributes:
        now_s: seconds, monotonic.
        wait: waits for a condition, which is held, for so many seconds at most.
    """

    now_s: Callable[[], float] = time.monotonic
    wait: Wait = threading.Condition.wait


@dataclass(frozen=True, slots=True)
class DeliveryLimits:
    """How much waits, and how it is tried again."""

    queue: QueueLimits = field(default_factory=QueueLimits)
    back_off: BackOff = field(default_factory=BackOff)


class Delivery(Generic[Content]):
    """Sends messages to one receiver; whoever has one waits for nothing and gets no error.

    Attributes:
        delivered: how many messages were taken.
        lost: how many were refused, given up, or still waited when it was closed.
    """

    def __init__(
        self,
        send: Callable[[Content], None],
        receiver: str,
        say: Callable[[str], None],
        *,
        limits: DeliveryLimits = DeliveryLimits(),
        clock: DeliveryClock = DeliveryClock(),
    ) -> None:
        """Start the thread.

        Args:
            send: sends one message, in the thread; raises NotDeliveredError or RefusedError, and
                takes no longer than its own time limit.
            receiver: what it is, for the user; without credentials.
            say: gets one line where something changes.
            limits: how much may wait, and how it is tried again.
            clock: for tests.
        """
        self._send, self._receiver, self._say = send, receiver, say
        self._limits, self._clock = limits, clock
        self._queue: OutgoingQueue[Content] = OutgoingQueue(limits.queue)
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)  # the queue has something, or is closed
        self._woken = threading.Condition(self._lock)  # the next try may begin at once
        self._sending: Outgoing[Content] | None = None
        self._is_closing = self._is_nudged = False
        self._failures = 0
        self._refusal = ""
        self._told: set[str] = set()  # why nothing gets through, as far as that was said
        self.delivered = self.lost = 0
        self._thread = threading.Thread(target=self._run, name=THREAD_NAME, daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """How many messages were dropped because too many waited."""
        return self._queue.dropped

    @property
    def waiting(self) -> int:
        """How many messages wait, the one included that is being sent."""
        with self._lock:
            return len(self._queue) + (self._sending is not None)

    def put(self, message: Outgoing[Content]) -> None:
        """Let a message be sent after those before it; where too many wait, some are dropped."""
        with self._changed:
            if self._is_closing:
                self.lost += 1
                return
            message = replace(message, put_s=self._clock.now_s())
            self._queue.put(message, is_stuck=self._failures > 0)
            self._changed.notify_all()

    def change(
        self,
        send: Callable[[Content], None],
        receiver: str,
        moved: Callable[[Outgoing[Content]], Outgoing[Content]] = lambda message: message,
    ) -> None:
        """Send to another receiver from now on, also what waits; returns at once.

        A message that is being sent is sent to the new one where the former did not take it.

        Args:
            send: as in the beginning.
            receiver: the same.
            moved: a message as the new receiver gets it.
        """
        with self._lock:
            self._send, self._receiver = send, receiver
            self._queue.change(moved)
            if self._sending is not None:
                self._sending = moved(self._sending)
            self._told.clear()
            self._refusal = ""
            self._is_nudged = True
            self._woken.notify_all()

    def nudge(self) -> None:
        """Try again now: the receiver is there again."""
        with self._lock:
            self._is_nudged = True
            self._woken.notify_all()

    def close(self, limit_s: float) -> None:
        """Try once more to send what waits, for so long at most, and end the thread."""
        with self._lock:
            self._is_closing = True
            self._changed.notify_all()
            self._woken.notify_all()
        self._thread.join(limit_s)
        with self._lock:
            self._lose_all()  # a thread that hangs in the network finds nothing more to do
            self.lost += self._sending is not None
            missed = self.lost + self.dropped
        if missed:
            self._say(f"{counted(missed, 'message')} did not reach {self._receiver}.")

    def _run(self) -> None:
        while self._has_next():
            self._deliver()

    def _has_next(self) -> bool:
        """Take the next message; waits for it; False at the end."""
        with self._changed:
            self._sending = None
            self._changed.notify_all()
            while (message := self._queue.take()) is None:
                if self._is_closing:
                    return False
                self._changed.wait()
            self._sending = message
            return True

    def _deliver(self) -> None:
        """Send one message, however often that has to be tried, and to whom by then."""
        tries = 0
        while (message := self._sending) is not None:
            self._is_nudged = False
            try:
                self._send(message.content)
            except NotDeliveredError as error:
                tries += 1
                if self._is_given_up(message, tries, str(error)):
                    return
                self._wait_for_next_try(tries)
                if self._queue_has_newer():
                    return
            except Exception as error:  # a refusal, or a fault of ours: all other messages go on
                self._count_refusal(str(error) or type(error).__name__)
                return
            else:
                self._count_delivery()
                return

    def _is_given_up(self, message: Outgoing[Content], tries: int, reason: str) -> bool:
        """Count a try that failed, and say so once; whether it was the last one."""
        back_off = self._limits.back_off
        with self._lock:
            self._failures += 1
            is_closing = self._is_closing
            if is_closing:  # nothing gets through before the end: do not try each of them
                self.lost += 1
                self._lose_all()
        if is_closing:
            return True
        if back_off.is_over(tries, self._clock.now_s() - message.put_s):
            self._count_refusal(f"{reason}; given up")
            return True
        if reason not in self._told and len(self._told) < _MOST_REASONS:
            self._told.add(reason)
            self._say(f"{self._receiver} takes no messages ({reason}): they wait.")
        return False

    def _wait_for_next_try(self, tries: int) -> None:
        with self._lock:
            if not (self._is_closing or self._is_nudged):
                self._clock.wait(self._woken, self._limits.back_off.wait_s(tries))

    def _queue_has_newer(self) -> bool:
        with self._lock:
            return self._sending is not None and self._queue.has_newer(self._sending)

    def _lose_all(self) -> None:
        while self._queue.take() is not None:
            self.lost += 1

    def _count_delivery(self) -> None:
        with self._lock:
            self.delivered += 1
            had_failed, self._failures = self._failures > 0, 0
        self._refusal = ""
        self._told.clear()
        if had_failed:
            dropped = f"; {counted(self.dropped, 'message')} dropped so far" if self.dropped else ""
            self._say(f"{self._receiver} takes messages again{dropped}.")

    def _count_refusal(self, reason: str) -> None:
        """Tell a reason once, as long as it stays the same."""
        with self._lock:
            self.lost += 1
        if reason != self._refusal:
            self._refusal = reason
            self._say(f"{self._receiver} did not take a message: {reason}.")
