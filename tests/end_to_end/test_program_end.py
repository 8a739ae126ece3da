"""How the program ends as a process: signals, closed terminals and pipes, a full disk."""

import re
import os
import signal
import subprocess
import sys

import pytest
from programs import one_line, rest_of, started
from support import (
    livecam_between,
    probe,
    program_env,
    textured,
    write_clip,
)


PIPES = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}


def test_a_closed_pipe_is_no_error(toy, clip, tmp_path):
    command = [sys.executable, "-m", "livecam", str(clip), *toy, "--no-window", "--stats", "-"]
    with started(command, cwd=tmp_path, env=program_env(), **PIPES) as program:
        program.stdout.readline()
        program.stdout.close()
        talk = program.stderr.read().decode()
        assert program.wait(60) == 0, talk
    assert "Traceback" not in talk
    assert "BrokenPipe" not in talk


def test_a_closed_pipe_is_no_error_of_the_help(tmp_path):
    reader, writer = os.pipe()
    os.close(reader)  # like `livecam --help | head`, whose reader has gone
    with os.fdopen(writer, "wb") as pipe:
        run = subprocess.run(
            [sys.executable, "-m", "livecam", "--help"],
            cwd=tmp_path,
            env=program_env(),
            stdout=pipe,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_closes_everything_properly(toy, tmp_path, number, code):
    """A long clip, stopped once figures flow: the recording is whole and the figures as many."""
    long_clip = write_clip(
        tmp_path / "long.mp4", [textured(64, 48)] * 3000, [i / 30 for i in range(3000)]
    )
    command = [sys.executable, "-m", "livecam", str(long_clip), *toy, "--no-window"]
    command += ["--stats", "-", "--record", "out.mp4"]
    with started(command, cwd=tmp_path, env=program_env(), **PIPES) as program:
        first = [program.stdout.readline() for _ in range(40)]
        program.send_signal(number)
        rest, talk = rest_of(program)
    assert program.returncode == code, talk.decode()
    written = len(first) + len(rest.splitlines())
    assert 40 <= written < 3000
    assert probe(tmp_path / "out.mp4").frames == written
    assert b"Traceback" not in talk
    assert b"recorded out.mp4" in talk


def test_a_full_disk_is_exit_code_5_with_the_last_safe_second(toy, clip, tmp_path):
    if sys.platform == "win32":
        pytest.skip("resource limits of Unix")
    flags = [*toy, "--no-window", "--record", "out.mp4"]
    before = (
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
    )
    run = livecam_between(before, "", clip, *flags, cwd=tmp_path)
    last = one_line(run, 5)
    assert re.search(r"out(_\d)?\.mp4 broke off at", last)


@pytest.mark.skipif(sys.platform == "win32", reason="terminals of Unix")
def test_a_closed_terminal_closes_the_recording_properly(toy, tmp_path):
    import pty

    long_clip = write_clip(
        tmp_path / "long.mp4", [textured(64, 48)] * 3000, [i / 30 for i in range(3000)]
    )
    terminal, inside = pty.openpty()
    command = [sys.executable, "-m", "livecam", str(long_clip), *toy, "--no-window"]
    command += ["--stats", "f.jsonl", "--record", "out.mp4"]
    with started(
        command, cwd=tmp_path, env=program_env(), stdin=inside, stdout=inside, stderr=inside,
        start_new_session=True, preexec_fn=lambda: _own_terminal(inside),
    ) as program:  # fmt: skip
        os.close(inside)
        figures = tmp_path / "f.jsonl"
        while not figures.exists() or figures.stat().st_size < 4000:
            os.read(terminal, 4096)
        os.close(terminal)
        assert program.wait(60) == 128 + signal.SIGHUP
    written = len((tmp_path / "f.jsonl").read_text().splitlines())
    assert probe(tmp_path / "out.mp4").frames == written


def _own_terminal(descriptor):
    import fcntl
    import termios

    fcntl.ioctl(descriptor, termios.TIOCSCTTY, 0)


def test_without_standard_streams_the_work_is_done_all_the_same(toy, clip, tmp_path):
    line = f"{sys.executable} -m livecam {clip} {' '.join(toy)} --no-window --frames 2"
    run = subprocess.run(
        f"{line} --record out.mp4 >&- 2>&- <&-",
        shell=True, cwd=tmp_path, env=program_env(), check=False, timeout=120,
    )  # fmt: skip
    assert run.returncode == 0
    assert probe(tmp_path / "out.mp4").frames == 2


@pytest.mark.parametrize("command", ["config", "models"])
def test_a_reader_that_has_enough_is_no_failure(tmp_path, command):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "livecam", command], cwd=tmp_path, env=program_env(),
        stdout=writing, stderr=subprocess.PIPE, timeout=120, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
