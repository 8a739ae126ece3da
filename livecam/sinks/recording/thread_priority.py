"""Keeps an encoder from taking the processor for itself."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_TASKS = Path("/proc/self/task")


@contextmanager
def ordinary_priority() -> Iterator[None]:
    """Threads that get another scheduling policy inside of it, or are new with one, lose it again.

    SVT-AV1, opened by root, gives itself and its caller the highest priority of real time
    (SCHED_FIFO 99), and every program started from there inherits it: whatever else runs on the
    machine then stands still. Linux only; elsewhere it does nothing.
    """
    if not _TASKS.is_dir():
        yield
        return
    own, before = os.sched_getscheduler(0), _policies()
    try:
        yield
    finally:
        for thread, policy in _policies().items():
            usual = before.get(thread, own)
            if policy != usual:
                with suppress(OSError):  # the thread has ended, or is not ours to change
                    os.sched_setscheduler(thread, usual, os.sched_param(0))


def _policies() -> dict[int, int]:
    """The scheduling policy of each thread of this process."""
    found = {}
    for task in _TASKS.iterdir():
        with suppress(OSError):
            found[int(task.name)] = os.sched_getscheduler(int(task.name))
    return found
