"""Gives memory back to the system when a large piece of work is over."""

import ctypes
import gc
import sys
from contextlib import suppress


def return_free_memory() -> None:
    """Let go of what nobody uses any more: 100 ms, so not where a frame waits for it.

    A run that is over is a ring of objects, which Python looks for only after many others; and
    glibc keeps freed pages of each thread between those in use: a program that opens a pipeline for
    each event grew by 200 MB in half an hour. Other systems return such pages by themselves.
    """
    gc.collect()
    return_free_pages()


def return_free_pages() -> None:
    """Give back the pages of what was freed already: one or two milliseconds, in any thread."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # musl has no such function
            ctypes.CDLL(None).malloc_trim(0)
