"""Memory that is given back."""

import ctypes
import platform
import weakref

import psutil
import pytest

from livecam.native.free_memory import return_free_memory, return_free_pages

BLOCKS, BLOCK_BYTES = 2000, 50_000  # glibc asks the system for larger ones singly


class Ring:
    def __init__(self):
        self.me = self


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_rings_of_objects_are_let_go():
    """Whatever other tests left behind is let go here, too, and may complain."""
    ring = weakref.ref(Ring())
    return_free_memory()
    assert ring() is None


@pytest.mark.parametrize("give_back", [return_free_memory, return_free_pages])
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps freed pages")
def test_freed_pages_below_one_in_use_are_given_back(give_back):
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    blocks = [libc.malloc(BLOCK_BYTES) for _ in range(BLOCKS)]
    for block in blocks:
        ctypes.memset(block, 1, BLOCK_BYTES)
    for block in blocks[:-1]:
        libc.free(block)
    before_bytes = psutil.Process().memory_info().rss
    give_back()
    given_back_bytes = before_bytes - psutil.Process().memory_info().rss
    libc.free(blocks[-1])
    assert given_back_bytes > BLOCKS * BLOCK_BYTES / 2
