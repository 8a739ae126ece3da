"""Threads that work in the background."""

import os
import sys
import threading

import pytest

from livecam.native.thread_priority import BACKGROUND_NICENESS, work_in_background


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no niceness of their own here")
def test_a_thread_and_those_that_it_starts_work_in_the_background_and_no_others():
    found = {}

    def note(name):
        found[name] = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def work():
        work_in_background()
        note("thread")
        child = threading.Thread(target=note, args=("its child",))
        child.start()
        child.join()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    note("main")
    assert found["thread"] == found["its child"] == BACKGROUND_NICENESS
    assert found["main"] < BACKGROUND_NICENESS
