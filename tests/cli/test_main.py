"""How the program ends: at once, also while native code still hangs in a thread."""

import os
import threading

import pytest

from livecam import __main__ as program
from livecam.sources.live.clock_and_threads import start_reader_thread
from livecam.pipeline.background_task import BackgroundTask


@pytest.mark.parametrize("begin", [start_reader_thread, BackgroundTask])
def test_the_program_exits_at_once_if_a_thread_hangs(begin, monkeypatch):
    codes, never = [], threading.Event()
    threads = threading.enumerate
    before = set(threads())  # what earlier tests left behind is not asked about
    monkeypatch.setattr(threading, "enumerate", lambda: [t for t in threads() if t not in before])
    monkeypatch.setattr(os, "_exit", codes.append)
    begin(never.wait)
    program._exit_if_threads_hang(7)
    never.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
    assert codes == [7]
    program._exit_if_threads_hang(7)
    assert codes == [7]
