"""What native code prints is discarded; livecam's own messages are printed all the same."""

import gc
import os
import sys
from pathlib import Path

import pytest
from support import fresh_python

from livecam.cli import console
from livecam.cli.stderr_queue import queued_stderr
from livecam.native.silenced_stderr import restore_stderr, silenced_native_stderr


class Pipe:
    """Descriptor 2, and sys.stderr on it, as a pipe within a with statement; gives what came."""

    text = ""

    def __enter__(self):
        reading, writing = os.pipe()
        self.reading, self.before, self.python_stream = reading, os.dup(2), sys.stderr
        os.dup2(writing, 2)
        os.close(writing)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
        return self

    def __exit__(self, *_):
        restore_stderr()
        os.dup2(self.before, 2)
        os.close(self.before)
        sys.stderr = self.python_stream
        with os.fdopen(self.reading, encoding="utf-8") as pipe:
            self.text = pipe.read()


@pytest.mark.parametrize("first_out", [0, 1])
def test_two_silencers_may_end_in_any_order(first_out):
    silencers = [silenced_native_stderr(), silenced_native_stderr()]
    with Pipe() as pipe:
        for silencer in silencers:
            silencer.__enter__()
        silencers.pop(first_out).__exit__(None, None, None)
        os.write(2, b"still silenced")
        silencers.pop().__exit__(None, None, None)
        os.write(2, b"free")
    assert pipe.text == "free"


def test_messages_are_printed_while_it_is_silenced():
    with Pipe() as pipe, queued_stderr():
        with silenced_native_stderr():
            os.write(2, b"a driver")
            console.say("one \N{BLOSSOM}")
            print("a library", file=sys.stderr)  # noqa: T201
        console.say("two")
        print("a warning", file=sys.stderr)  # noqa: T201
    assert pipe.text == "livecam: one \N{BLOSSOM}\nlivecam: two\na warning\n"


def test_messages_are_printed_where_the_program_begins_silenced():
    with Pipe() as pipe, silenced_native_stderr(), queued_stderr():
        console.say("one")
    assert pipe.text == "livecam: one\n"


def test_messages_are_printed_to_a_terminal_while_it_is_silenced(monkeypatch):
    monkeypatch.setattr(console, "stderr_is_terminal", lambda: True)
    console.stderr_console.cache_clear()
    with Pipe() as pipe, queued_stderr(), silenced_native_stderr():
        console.say("one")
    console.stderr_console.cache_clear()
    assert "livecam: one" in pipe.text


def test_a_failing_program_restores_it_for_good():
    silencer = silenced_native_stderr()
    with Pipe() as pipe:
        silencer.__enter__()
        restore_stderr()
        os.write(2, b"traceback")
        silencer.__exit__(None, None, None)
        os.write(2, b", whole")
    assert pipe.text == "traceback, whole"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="descriptors are listed on Linux")
def test_no_descriptor_is_left_over():
    gc.collect()  # what earlier tests left is not ours
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        with silenced_native_stderr(), silenced_native_stderr():
            pass
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


SWITCHES = {
    "OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS": "0",
    "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT": "2",
    "OPENCV_FFMPEG_LOGLEVEL": "-8",
}


@pytest.mark.parametrize(
    "module", ["livecam.sources.camera.driver", "livecam.cli.app", "livecam.api"]
)
def test_the_switches_of_opencv_are_set_before_it_is_imported(module):
    code = f"""
import os, sys
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "cv2":
            print({{name: os.environ.get(name) for name in {list(SWITCHES)}}})
            sys.meta_path.remove(self)
sys.meta_path.insert(0, Watch())
import {module}
import cv2
"""
    env = {k: v for k, v in os.environ.items() if k not in SWITCHES and k != "LIVECAM_DEBUG"}
    run = fresh_python(code, env=env)
    assert run.stdout.splitlines()[0] == str(SWITCHES)


@pytest.mark.parametrize("backend", ["CAP_ANY", "CAP_FFMPEG", "CAP_V4L2"])
@pytest.mark.parametrize("device", ["63", "'/dev/video63'"])
def test_no_backend_prints_although_nothing_is_silenced(device, backend):
    code = f"""
from livecam.sources.camera.driver import open_driver
import cv2
assert not open_driver({device}, cv2.{backend}).isOpened()
"""
    env = {k: v for k, v in os.environ.items() if k not in SWITCHES and k != "LIVECAM_DEBUG"}
    run = fresh_python(code, env=env)
    assert run.stderr == ""
