"""A terminal that takes nothing stops nobody; what it takes comes whole and in order."""

import logging
import os
import sys
import threading
import time
import traceback
from contextlib import contextmanager

import pytest
from annotated_frames import annotated_frame_of
from support import FakeClock, ListSource, eventually, fill, frames_of, picture

from livecam.cli import console, progress_bar, stderr_queue
from livecam.cli.app import main
from livecam.cli.stderr_queue import queued_stderr

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes block otherwise on Windows")


class Pipe:
    """sys.stderr as a pipe; `read_on` reads from it until it is closed."""

    def __init__(self):
        self.reading, self.writing = os.pipe()
        self.parts = []

    def read_on(self):
        def read():
            while part := os.read(self.reading, 65536):
                self.parts.append(part)

        self.reader = threading.Thread(target=read, daemon=True)
        self.reader.start()

    def text(self):
        self.reader.join(60)
        return b"".join(self.parts).decode()


@contextmanager
def piped_stderr(monkeypatch, *, is_full):
    pipe = Pipe()
    filled = fill(pipe.writing) if is_full else 0
    stream = os.fdopen(pipe.writing, "w", encoding="utf-8")
    monkeypatch.setattr(sys, "stderr", stream)
    yield pipe, filled
    stream.close()


def test_everything_that_python_prints_comes_in_order(monkeypatch):
    with piped_stderr(monkeypatch, is_full=False) as (pipe, _):
        pipe.read_on()
        with queued_stderr():
            for number in range(900):
                console.say(f"line {number}")
            print("printed \N{BLOSSOM}", file=sys.stderr)  # noqa: T201
    expected = [f"livecam: line {n}" for n in range(900)] + ["printed \N{BLOSSOM}"]
    assert pipe.text().splitlines() == expected


def test_nobody_waits_for_a_full_pipe_whatever_prints(monkeypatch):
    def prints_by_failing():
        raise ValueError("of a thread")

    monkeypatch.setattr(stderr_queue, "LEAVING_S", 0.1)
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    logger = logging.getLogger("livecam-test")
    logger.handlers, logger.propagate = [logging.lastResort], False
    with piped_stderr(monkeypatch, is_full=True) as (pipe, filled):
        with queued_stderr():
            console.say("one")
            traceback.print_exception(KeyError("two"))
            logger.error("three")
            failing = threading.Thread(target=prints_by_failing)
            failing.start()
            failing.join(60)
            assert not failing.is_alive()
        pipe.read_on()  # what was still in the queue comes when somebody reads at last
        eventually(lambda: b"ValueError: of a thread" in b"".join(pipe.parts))
    text = b"".join(pipe.parts).decode()[filled:]
    assert text.startswith("livecam: one\nKeyError: 'two'\nthree\n")


def test_at_the_end_a_reader_that_comes_within_a_second_gets_everything(monkeypatch):
    with piped_stderr(monkeypatch, is_full=True) as (pipe, filled):
        with queued_stderr():
            console.say("one")
            console.say("two")
            eventually(console.stderr_is_behind)
            pipe.read_on()
        assert not console.stderr_is_behind()
    assert pipe.text()[filled:] == "livecam: one\nlivecam: two\n"


def test_the_end_comes_about_a_second_later_where_nobody_reads(monkeypatch):
    with piped_stderr(monkeypatch, is_full=True):
        with queued_stderr():
            console.say("one")
            began_s = time.monotonic()
        assert 0.9 < time.monotonic() - began_s < 30


def test_what_is_left_out_of_a_full_queue_is_counted_in_its_place(monkeypatch):
    monkeypatch.setattr(stderr_queue, "MOST_TEXTS", 10)
    with piped_stderr(monkeypatch, is_full=True) as (pipe, filled), queued_stderr():
        console.say("first")
        eventually(sys.stderr._writer._queue.empty)
        for number in range(15):
            console.say(f"line {number}")
        pipe.read_on()
        eventually(lambda: not console.stderr_is_behind())
        console.say("last")
    lines = pipe.text()[filled:].splitlines()
    assert lines == [
        "livecam: first",
        *(f"livecam: line {n}" for n in range(10)),
        "livecam: 5 messages left out: the terminal took none",
        "livecam: last",
    ]


def test_an_error_of_the_program_follows_what_was_said_before(monkeypatch):
    def fails(tokens):
        console.say("before")
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("livecam.cli.app._run", fails)
    with piped_stderr(monkeypatch, is_full=False) as (pipe, _):
        pipe.read_on()
        assert main([]) == 1
    lines = pipe.text().splitlines()
    assert lines[0] == "livecam: before"
    assert lines[1].startswith("Traceback")
    assert lines[-1] == "ZeroDivisionError: a bug"


def test_a_stream_without_a_descriptor_is_written_to_all_the_same(capsys):
    with queued_stderr():
        console.say("one")
    assert capsys.readouterr().err == "livecam: one\n"


def test_a_broken_pipe_is_ignored(monkeypatch):
    with piped_stderr(monkeypatch, is_full=False) as (pipe, _):
        os.close(pipe.reading)
        with queued_stderr():
            console.say("one")
            console.say("two")


def test_the_progress_bar_is_drawn_ten_times_a_second_and_not_while_the_terminal_is_behind(
    monkeypatch,
):
    drawn, clock = [], FakeClock()
    monkeypatch.setattr(progress_bar, "stderr_is_behind", lambda: clock() >= 1.0)
    bar = progress_bar.ProgressBar(ListSource(frames_of(90)), None, None, clock)
    monkeypatch.setattr(bar._bar._progress, "refresh", lambda: drawn.append(clock()))
    for number in range(90):
        bar.show(annotated_frame_of(picture(), number, number / 30))
        clock.sleep(1 / 30)
    assert 8 <= len(drawn) <= 10
