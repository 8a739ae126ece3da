"""Memory for pictures is used again, and never under anybody's hands."""

import errno
import mmap
import threading
import weakref

import cv2
import numpy as np
import pytest

from livecam.pipeline.picture_buffers import MOST_BUFFERS, TAKES_UNTIL_FREED, PictureBuffers

SHAPE = (4, 6, 3)


def test_what_nobody_has_any_more_is_given_again():
    buffers = PictureBuffers()
    first = buffers.take(SHAPE)
    address = first.ctypes.data
    del first
    assert buffers.take(SHAPE).ctypes.data == address


def test_what_somebody_still_has_is_left_alone():
    buffers = PictureBuffers()
    kept = [buffers.take(SHAPE) for _ in range(MOST_BUFFERS + 3)]
    assert len({array.ctypes.data for array in kept}) == len(kept)
    assert buffers.take(SHAPE).ctypes.data not in {array.ctypes.data for array in kept}


def test_a_part_or_the_bytes_of_it_keep_it_too():
    """As a window's surface, a shown part and a frame of an encoder do."""
    buffers = PictureBuffers()
    for keep in (lambda array: array[1:], memoryview, lambda array: {"in": [array]}):
        held = keep(buffers.take(SHAPE))
        assert not np.shares_memory(np.asarray(buffers.take(SHAPE)), _array_in(held))


def _array_in(held):
    return np.asarray(held["in"][0] if isinstance(held, dict) else held)


def test_what_was_needed_for_a_moment_alone_is_freed():
    """As many as wait for an encoder that is being opened are not kept for the whole run."""
    buffers = PictureBuffers()
    kept = [buffers.take(SHAPE) for _ in range(10)]
    seen = [weakref.ref(array) for array in kept]
    del kept
    for _ in range(2 * TAKES_UNTIL_FREED):
        buffers.take(SHAPE)
    assert [array() is not None for array in seen] == [True] + 9 * [False]


def test_what_is_needed_now_and_then_is_kept():
    buffers, shown, addresses = PictureBuffers(), [], set()
    for number in range(10 * TAKES_UNTIL_FREED):
        shown = [*shown, buffers.take(SHAPE)][-2 if number % 20 == 0 else -1 :]
        addresses.add(shown[-1].ctypes.data)
    assert len(addresses) == 3


def test_a_picture_lies_in_memory_of_its_own():
    """In a hole of memory that others share it would stay when it is freed."""
    address = PictureBuffers().take((720, 1280, 3)).ctypes.data
    assert address % mmap.PAGESIZE == 0


def test_two_threads_never_get_the_same_one(monkeypatch):
    """The loop paints while the encoder's thread draws what is recorded."""
    buffers, given, find = PictureBuffers(), [], PictureBuffers._first_unused
    buffers.take(SHAPE)

    def find_while_another_asks(self):
        number = find(self)
        if not other.ident:
            other.start()
            other.join(0.2)  # it has to wait until this one is given
        return number

    other = threading.Thread(target=lambda: given.append(buffers.take(SHAPE)))
    monkeypatch.setattr(PictureBuffers, "_first_unused", find_while_another_asks)
    given.append(buffers.take(SHAPE))
    other.join()
    assert not np.shares_memory(*given)


def test_another_size_gets_other_memory():
    buffers = PictureBuffers()
    small = buffers.take(SHAPE)
    assert buffers.take((8, 8, 3)).shape == (8, 8, 3)
    assert small.shape == buffers.take(SHAPE).shape == SHAPE


def test_opencv_draws_into_it():
    buffers = PictureBuffers()
    bgr = np.arange(4 * 4 * 3, dtype=np.uint8).reshape(4, 4, 3)
    into = buffers.take((6, 4))
    yuv = cv2.cvtColor(bgr, cv2.COLOR_BGR2YUV_I420, dst=into)
    assert np.shares_memory(yuv, into)


def test_memory_that_runs_out_is_no_fault_of_a_disk(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr(mmap, "mmap", full)
    with pytest.raises(MemoryError, match="no memory for a picture"):
        PictureBuffers().take(SHAPE)
