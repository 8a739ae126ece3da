"""How the program ends: at once, also while native code still hangs in a thread."""

import os
import threading

import pytest

from livecam import __main__ as program
from livecam.sources.live.clock_and_threads import start_reader_thread
from livecam.pipeline.background_task import BackgroundTask


@pytest.mark.parametrize("begin", [start_reader_thread, BackgroundTask])
def test_a_thread_that_hangs_does_not_meet_python_taking_itself_apart(begin, monkeypatch):
    codes, never = [], threading.Event()
    before = set(threading.enumerate())
    monkeypatch.setattr(os, "_exit", codes.append)
    begin(never.wait)
    program._leave_hanging_threads(7)
    never.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
    assert codes == [7]
    program._leave_hanging_threads(7)
    assert codes == [7]
