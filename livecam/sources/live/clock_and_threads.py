"""Time and threads, handed in: what waits for a camera can be tested without waiting."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

READER_NAME = "livecam-reader"


class Bell(Protocol):
    """How one thread wakes another."""

    def ring(self) -> None:
        """Wake whoever waits, or will wait next."""

    def wait(self, timeout_s: float) -> None:
        """Until it has been rung since the last wait, at most so long."""


class ThreadBell:
    """A bell for real threads."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def ring(self) -> None:
        """Wake whoever waits, or will wait next."""
        self._event.set()

    def wait(self, timeout_s: float) -> None:
        """Until it has been rung since the last wait, at most so long."""
        self._event.wait(timeout_s)
        self._event.clear()


def start_reader(work: Callable[[], None]) -> None:
    """Run `work` in a thread that keeps nobody from leaving: a driver may block for ever."""
    threading.Thread(target=work, name=READER_NAME, daemon=True).start()


@dataclass(frozen=True, slots=True)
class Times:
    """The real clock and real threads, unless a test hands in others."""

    clock: Callable[[], float] = time.perf_counter
    sleep: Callable[[float], None] = time.sleep
    bell: Callable[[], Bell] = ThreadBell
    start: Callable[[Callable[[], None]], None] = start_reader


REAL_TIMES = Times()
