"""A virtual screen, and the program on it; models, a clip and a picture."""

import os
import subprocess
import sys
from contextlib import ExitStack

import pytest
from built_daisy import with_built_daisy
from end_to_end.desktop import Desktop
from programs import started
from support import MAIN, WAIT_S, eventually, program_env, textured, write_clip

import livecam
from livecam.assembly.open_model import open_model
from livecam.models.catalogue import imagenet_spec


@pytest.fixture(scope="module")
def desktop(tmp_path_factory):
    """A virtual screen of its own, whatever others run, with a window manager."""
    reading, writing = os.pipe()
    folder = tmp_path_factory.mktemp("screen")
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1100x800x24", "-noreset"]
    command += ["-nocursor", "-fbdir", str(folder)]
    with started(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as pipe:
            display = ":" + pipe.readline().strip()
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with started(["openbox"], env=os.environ | {"DISPLAY": display}, **quiet):
            yield Desktop(display, folder / "Xvfb_screen0")
        server.terminate()  # it removes its lock and its socket
        server.wait(WAIT_S)


@pytest.fixture
def start(desktop, toy_weights, tmp_path):
    """Start livecam on the virtual screen; it is ended with the test."""
    with ExitStack() as programs:

        def begin(*arguments, before=""):
            """`before`: lines of Python that the program runs first."""
            first = with_built_daisy() if "daisy" in arguments else ""
            command = [sys.executable, "-c", before + first + MAIN, *arguments]
            command += ["--alpha", "0.25", "--weights", toy_weights, "--threads", "1"]
            env = program_env({"DISPLAY": desktop.display})
            pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
            program = programs.enter_context(started(command, cwd=tmp_path, env=env, **pipes))
            eventually(lambda: desktop.window_ids() or program.poll() is not None)
            assert program.poll() is None, program.communicate()
            return program

        yield begin


@pytest.fixture(scope="module")
def toy(toy_weights):
    """Flags for the small random network, exported: a test that limits files begins after that."""
    open_model(imagenet_spec(0.25, toy_weights), engine="litert")
    return ["--alpha", "0.25", "--weights", str(toy_weights)]


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """45 frames with times that wobble."""
    times = [i / 30 + (0.01 if i % 3 else 0.0) for i in range(45)]
    path = tmp_path_factory.mktemp("clip") / "wobble.mp4"
    return write_clip(path, [textured(320, 240, i) for i in range(45)], times)


@pytest.fixture(scope="module")
def model():
    """The model in the package."""
    return livecam.open_model("flowers")


@pytest.fixture
def bgr():
    """A picture."""
    return textured(320, 240)
