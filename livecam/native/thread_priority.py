"""Lets a thread work when no other wants the processor."""

import os
import sys
import threading
from contextlib import suppress

BACKGROUND_NICENESS = 15
"""Of at most 19: such a thread gets a thirtieth of a core for which another one competes."""


def work_in_background() -> None:
    """Give the calling thread low priority, and so all threads that it starts from now on.

    On Linux, where each thread has a niceness of its own; elsewhere nothing happens.
    """
    if sys.platform == "linux":
        with suppress(OSError):  # it may be lower already
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BACKGROUND_NICENESS)
