"""Signals at the end of the program: the first one has ended it, and no other gets in the way."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

import pytest
from made_clips import daisy_clip
from support import MAIN, ROOT, livecam_between, livecam_here, program_env

from livecam.cli import app
from livecam.cli.stop_signals import Stopped, StopSignals

pytestmark = pytest.mark.skipif(os.name == "nt", reason="os.kill sends no signal on Windows")


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_while_python_ends_changes_nothing(tmp_path, name):
    ends = f"import atexit, os, signal\natexit.register(os.kill, os.getpid(), signal.{name})\n"
    run = subprocess.run(
        [sys.executable, "-c", ends + MAIN, "--version"],
        cwd=tmp_path,
        env=program_env({"PYTHONPATH": str(ROOT)}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("livecam ")


def test_after_a_signal_has_ended_a_run_a_further_one_is_ignored():
    with StopSignals() as signals:
        signals.stop_asked()
        signal.raise_signal(signal.SIGINT)
    assert signals.exit_code == 130
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGTERM)
    assert signals.exit_code == 130


def test_without_a_signal_the_handlers_are_as_they_were():
    before = signal.getsignal(signal.SIGTERM)
    with StopSignals():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_second_signal_in_any_command_is_its_exit_code_and_no_traceback(monkeypatch, tmp_path):
    def interrupted(*_):
        raise Stopped(143)

    monkeypatch.setattr(app, "run_command", interrupted)
    run = livecam_here("judge", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (143, "")


def test_an_error_that_native_code_makes_of_a_signal_is_the_signal():
    with pytest.raises(Stopped) as stopped:
        query_that_a_signal_interrupts()
    assert stopped.value.exit_code == 143


def query_that_a_signal_interrupts():
    with StopSignals():
        with suppress(Stopped):
            signal.raise_signal(signal.SIGTERM)
        raise RuntimeError("Query interrupted")  # what DuckDB says, without a cause


def test_an_error_while_files_are_closed_after_a_signal_is_told():
    with pytest.raises(OSError, match="no room"):
        write_whose_end_fails_after_a_signal()


def write_whose_end_fails_after_a_signal():
    with StopSignals():
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            raise OSError("no room")


TWICE = """
import os
import signal
from livecam.execution.process_pool import ProcessPool

end = ProcessPool._end_pool

def end_with_signals(pool):
    for _ in range(2):
        os.kill(os.getpid(), signal.SIGINT)
    end(pool)

ProcessPool._end_pool = end_with_signals
"""


def test_a_second_ctrl_c_while_the_workers_end_leaves_none_of_them_and_the_report(tmp_path):
    clip = daisy_clip(tmp_path / "clip.mp4", "d-")
    after = "import multiprocessing\nfor worker in multiprocessing.active_children(): worker.join()"
    words = ("batch", clip, "--model", "flowers", "--processes", 1, "--out", tmp_path / "archive")
    run = livecam_between(TWICE, after, *words, cwd=tmp_path)
    assert run.returncode == 130, run.stderr
    assert "2 looks measured in 1 part" in run.stderr
    assert all(line.startswith("livecam: ") for line in run.stderr.splitlines()), run.stderr


def signalled(number, *, before):
    """A signal where somebody polls, or after that."""
    with StopSignals() as signals:
        signals.stop_asked()
        if before:
            signal.raise_signal(number)
        signals.interrupt_again()
        signal.raise_signal(number)


@pytest.mark.parametrize("before", [False, True])
def test_a_signal_is_raised_again_where_nobody_polls_any_more(before):
    """Ctrl-C while `livecam teach FOLDER` fetched weights was heard after half a minute."""
    with pytest.raises(Stopped) as caught:
        signalled(signal.SIGTERM, before=before)
    assert caught.value.exit_code == 143
