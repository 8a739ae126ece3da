"""Files that are named: pipes with and without a writer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from livecam.native.read_at_once import read_at_once

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")


@pytest.mark.parametrize("size_bytes", [0, 10, 3_000_000])
def test_a_file_is_read_to_its_end_or_the_limit(size_bytes, tmp_path):
    content = os.urandom(size_bytes)
    (tmp_path / "a").write_bytes(content)
    assert read_at_once(tmp_path / "a", 10_000_000) == content
    assert read_at_once(tmp_path / "a", 2_500_000) == content[:2_500_000]


def test_a_file_that_is_not_there_is_told_as_ever(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_at_once(tmp_path / "a", 10)


@needs_pipes
def test_a_pipe_that_nobody_writes_into_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "p")
    with pytest.raises(OSError, match="nobody writes into this pipe"):
        read_at_once(tmp_path / "p", 10)


LATE = """
import sys
sys.stdin.readline()  # the reader is there by now
sys.stdout.write("rose")
sys.stdout.flush()
sys.stdin.readline()
sys.stdout.write(" tulip")
"""


@needs_pipes
def test_a_writer_that_takes_its_time_is_waited_for(monkeypatch):
    """As `--labels <(program)` has it: the pipe is there, and empty, when it is opened."""
    read = os.set_blocking
    with subprocess.Popen(
        [sys.executable, "-c", LATE], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:

        def go_on(descriptor, is_blocking):
            read(descriptor, is_blocking)
            writer.stdin.write(b"\n\n")
            writer.stdin.flush()

        monkeypatch.setattr(os, "set_blocking", go_on)
        path = Path(f"/dev/fd/{writer.stdout.fileno()}")
        assert read_at_once(path, 100) == b"rose tulip"
