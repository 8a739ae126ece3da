"""The clock and the threads that live sources use; tests pass simulated ones instead."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

READER_NAME = "livecam-reader"


class WakeEvent(Protocol):
    """How one thread wakes another."""

    def set(self) -> None:
        """Wake the thread that waits, or the next one that will."""

    def wait(self, timeout_s: float) -> None:
        """Until it has been set since the last wait, at most so long."""


class ThreadWakeEvent:
    """A wake-up event for real threads: `wait` clears it."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Wake the thread that waits, or the next one that will."""
        self._event.set()

    def wait(self, timeout_s: float) -> None:
        """Until it has been set since the last wait, at most so long."""
        self._event.wait(timeout_s)
        self._event.clear()


def start_reader_thread(target: Callable[[], None]) -> None:
    """Run `target` in a daemon thread: a driver that blocks for ever must not stop the exit."""
    threading.Thread(target=target, name=READER_NAME, daemon=True).start()


@dataclass(frozen=True, slots=True)
class ClockAndThreads:
    """The real clock and real threads, unless a test passes others.

    Attributes:
        clock: the program's clock, in seconds.
        sleep: wait for so many seconds.
        make_event: a new wake-up event.
        start_thread: run a function in a thread of its own.
    """

    clock: Callable[[], float] = time.perf_counter
    sleep: Callable[[float], None] = time.sleep
    make_event: Callable[[], WakeEvent] = ThreadWakeEvent
    start_thread: Callable[[Callable[[], None]], None] = start_reader_thread


SYSTEM = ClockAndThreads()
