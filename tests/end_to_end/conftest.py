"""A virtual screen, and the program on it."""

import os
import subprocess
import sys

import pytest
from end_to_end.desktop import Desktop
from support import eventually, program_env


@pytest.fixture(scope="module")
def desktop():
    """A virtual screen of its own, whatever others run, with a window manager."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1100x800x24", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        display = ":" + pipe.readline().strip()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    manager = subprocess.Popen(["openbox"], env=os.environ | {"DISPLAY": display}, **quiet)
    yield Desktop(display)
    for program in (manager, server):
        program.terminate()
        program.wait(10)


@pytest.fixture
def start(desktop, toy_weights, tmp_path):
    """Start livecam on the virtual screen; it is ended with the test."""
    started = []

    def begin(*arguments):
        command = [sys.executable, "-m", "livecam", *map(str, arguments)]
        command += ["--alpha", "0.25", "--weights", str(toy_weights), "--threads", "1"]
        program = subprocess.Popen(
            command, cwd=tmp_path, env=program_env({"DISPLAY": desktop.display}),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(program)
        eventually(lambda: desktop.window_ids() or program.poll() is not None)
        assert program.poll() is None, program.communicate()
        return program

    yield begin
    for program in started:
        if program.poll() is None:
            program.kill()
        program.communicate()
