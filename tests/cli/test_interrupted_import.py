"""A signal during an import: a native module answers it with ImportError, of whatever cause."""

import os

import pytest
from support import ROOT, livecam, textured, write_clip

from livecam.cli.stop_signals import INTERRUPTED, Stopped, code_of_interrupt

COMMANDS = [["run", "--no-window", "--stats", "-"], ["judge"], ["batch", "--out", "archive"]]
# What pybind11 does with an exception that Python raises while it fills a module.
INTERPRETER = """
import os
import signal
import time

try:
    os.kill(os.getpid(), signal.{name})
    time.sleep(60)
except BaseException as interrupt:
    raise ImportError("initialization failed") from interrupt
"""


@pytest.mark.skipif(os.name == "nt", reason="os.kill sends no signal on Windows")
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_signal_while_litert_is_imported_is_no_missing_library(tmp_path, command, name, code):
    package = tmp_path / "modules" / "ai_edge_litert"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "interpreter.py").write_text(INTERPRETER.format(name=name))
    clip = write_clip(tmp_path / "clip.mp4", [textured(64, 48)] * 30, [i / 30 for i in range(30)])
    verb, *flags = command
    path = os.pathsep.join([str(package.parent), str(ROOT)])
    run = livecam(verb, clip, *flags, "--model", "flowers", cwd=tmp_path, env={"PYTHONPATH": path})
    assert run.returncode == code, run.stderr
    assert "LiteRT" not in run.stderr
    assert "Traceback" not in run.stderr


def test_an_error_of_its_own_is_told_though_a_signal_came_before():
    error = OSError("the recording could not be finished")
    error.__context__ = Stopped(143)  # it was being closed
    assert code_of_interrupt(error) is None
    assert code_of_interrupt(KeyboardInterrupt()) == INTERRUPTED


def test_errors_that_are_each_others_cause_are_errors_of_their_own():
    one, other = OSError("no room"), RuntimeError("the writer ended")
    one.__cause__, other.__cause__ = other, one
    assert code_of_interrupt(one) is None
