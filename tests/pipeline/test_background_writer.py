"""Writing beside the loop: in order, bounded, never waited for; at the end only for a while."""

import threading
import time

import pytest
from support import FakeClock, eventually

from livecam.pipeline.background_writer import BackgroundWriter


class Gate:
    """A place to write to that takes nothing until it is opened."""

    def __init__(self):
        self.taken, self.opened = [], threading.Event()

    def write(self, item):
        self.opened.wait()
        self.taken.append(item)


@pytest.fixture
def gate():
    closed = Gate()
    yield closed
    closed.opened.set()


def stalled_writer(gate, most):
    """A writer that hangs in item 0; its queue is empty."""
    writer = BackgroundWriter(gate.write, most=most, name="test")
    writer.put(0)
    eventually(lambda: writer._is_writing)
    return writer


def test_everything_is_written_in_order():
    taken = []
    writer = BackgroundWriter(taken.append, most=1000, name="test")
    for number in range(1000):
        writer.put(number)
    assert writer.close(patience_s=60, limit_s=60)
    assert taken == list(range(1000))
    assert (writer.dropped, writer.error) == (0, None)


def test_a_full_queue_drops_what_comes_and_counts_it(gate):
    writer = stalled_writer(gate, most=3)
    for number in range(1, 6):
        assert writer.is_full is (number > 3)
        writer.put(number)
    assert writer.dropped == 2
    gate.opened.set()
    assert writer.close(patience_s=60, limit_s=60)
    assert gate.taken == [0, 1, 2, 3]


def test_it_is_idle_only_when_everything_is_written(gate):
    writer = stalled_writer(gate, most=3)
    assert not writer.wait_until_idle(0.001)
    gate.opened.set()
    assert writer.wait_until_idle(60)
    assert gate.taken == [0]


def test_closing_gives_up_where_nothing_is_taken_and_counts_what_is_left(gate):
    writer = stalled_writer(gate, most=9)
    writer.put(1)
    began_s = time.monotonic()
    assert not writer.close(patience_s=0.1, limit_s=60)
    assert time.monotonic() - began_s < 30
    assert writer.dropped == 2


def test_closing_waits_for_what_is_slow_but_takes_something():
    """All of it takes longer than the patience, no item does."""
    taken, clock, gate = [], FakeClock(), threading.Event()

    def slowly(item):
        gate.wait()
        clock.sleep(5.0)
        taken.append(item)

    def clock_of_close():
        gate.set()
        return clock()

    writer = BackgroundWriter(slowly, most=12, name="test", clock=clock_of_close)
    for number in range(12):
        writer.put(number)
    assert writer.close(patience_s=20.0, limit_s=1000.0)
    assert taken == list(range(12))


def test_closing_waits_no_longer_than_its_limit(gate):
    writer = stalled_writer(gate, most=9)
    for number in range(1, 5):
        writer.put(number)
    assert not writer.close(patience_s=60, limit_s=0.1)
    assert writer.dropped == 5


def test_an_error_ends_the_writing_and_is_kept():
    def fails(item):
        raise OSError(28, "No space left on device")

    writer = BackgroundWriter(fails, most=2, name="test")
    writer.put(0)
    eventually(lambda: writer.error is not None)
    for number in range(9):
        writer.put(number)
    assert writer.close(patience_s=60, limit_s=60)
    assert (writer.error.errno, writer.dropped, writer.is_full) == (28, 0, False)


def test_closing_twice_is_harmless():
    writer = BackgroundWriter(list.append, most=2, name="test")
    assert writer.close(patience_s=60, limit_s=60)
    assert writer.close(patience_s=60, limit_s=60)
