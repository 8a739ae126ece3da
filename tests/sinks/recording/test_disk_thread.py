"""The thread that writes to a disk: its jobs in order, and a disk that gives no answer."""

import threading

import pytest

from livecam.sinks.recording import disk_thread
from livecam.sinks.recording.disk_thread import DiskSilentError, DiskThread


def test_a_thread_does_its_jobs_in_order_and_counts_what_waits():
    thread, done, released = DiskThread("livecam-writer"), [], threading.Event()
    thread.submit(lambda: released.wait(60), 100)
    for number in range(5):
        thread.submit(lambda number=number: done.append(number), 10)
    assert thread.waiting_bytes == 150
    released.set()
    assert thread.call(lambda: "last") == "last"
    assert done == list(range(5))
    assert thread.waiting_bytes == 0
    with pytest.raises(ZeroDivisionError):
        thread.call(lambda: 1 // 0)
    with pytest.raises(TimeoutError):  # of a network's file system: an answer like any other
        thread.call(lambda: (_ for _ in ()).throw(TimeoutError(110, "timed out")))
    thread.close()


def test_a_thread_that_moves_on_is_waited_for(monkeypatch):
    monkeypatch.setattr(disk_thread, "DISK_LIMIT_S", 0.4)
    thread, pause = DiskThread("livecam-writer"), threading.Event()
    for _ in range(8):  # together twice the limit
        thread.submit(lambda: pause.wait(0.1))
    assert thread.call(lambda: 1) == 1
    thread.submit(lambda: pause.wait(60))
    for _ in range(2):  # the second time nobody waits any more
        with pytest.raises(DiskSilentError):
            thread.call(lambda: 1)
    pause.set()
    thread.close()


def test_a_job_that_says_that_it_goes_on_is_waited_for(monkeypatch):
    monkeypatch.setattr(disk_thread, "DISK_LIMIT_S", 0.4)
    thread, pause = DiskThread("livecam-writer"), threading.Event()

    def copy(parts):
        for _ in range(parts):
            pause.wait(0.1)
            thread.step()
        pause.wait(60)

    with pytest.raises(DiskSilentError, match="no answer for 0 s"):
        thread.call(lambda: copy(0))
    pause.set()
    assert thread.call(lambda: 1) == 1
    pause.clear()
    job = thread.submit(lambda: copy(8))  # together twice the limit
    threading.Timer(0.9, pause.set).start()
    assert thread.result_of(job) is None
    thread.close()
