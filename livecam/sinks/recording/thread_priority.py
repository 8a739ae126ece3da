"""Keeps an encoder from raising its threads to real-time priority."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_THREADS = Path("/proc/self/task")


@contextmanager
def ordinary_priority() -> Iterator[None]:
    """Undo every change of a thread's scheduling policy that is made inside of it.

    SVT-AV1, opened by root, gives itself and its caller the highest real-time priority
    (SCHED_FIFO 99), and every program started from there inherits it: nothing else on the machine
    runs any more. Linux only; elsewhere this does nothing.
    """
    if not _THREADS.is_dir():
        yield
        return
    own, before = os.sched_getscheduler(0), _policies()
    try:
        yield
    finally:
        for thread, policy in _policies().items():
            usual = before.get(thread, own)
            if policy != usual:
                with suppress(OSError):  # the thread has ended, or may not be changed
                    os.sched_setscheduler(thread, usual, os.sched_param(0))


def _policies() -> dict[int, int]:
    """The scheduling policy of each thread of this process, by thread id."""
    found = {}
    for task in _THREADS.iterdir():
        with suppress(OSError):
            found[int(task.name)] = os.sched_getscheduler(int(task.name))
    return found
