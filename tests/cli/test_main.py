"""How the program ends: at once, also while native code still hangs in a thread."""

import errno
import os
import threading

import pytest

from livecam import __main__ as program
from livecam.cli import app
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


@pytest.mark.parametrize(
    ("name", "words"),
    [("/closed/w.h5", "(/closed/w.h5: Permission denied)."), (None, "(Permission denied).")],
)
def test_a_file_that_nobody_checked_is_named(name, words, monkeypatch, capsys):
    def fail(*_):
        raise PermissionError(errno.EACCES, "Permission denied", name)

    monkeypatch.setattr(app, "run_command", fail)
    assert app.main(["daisy"]) == 1
    assert capsys.readouterr().err == f"livecam: could not continue {words}\n"
