"""A terminal, a reader or a disk that takes nothing costs no recording, and stops nobody."""

import errno
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from sources.stream_server import serving
from made_clips import LONG_CLIP_FRAMES as FRAMES
from made_clips import long_clip
from programs import started
from support import WAIT_S, eventually, fill, probe, program_env, records, textured

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="terminals and pipes of Unix")


@pytest.fixture(scope="module")
def toy(toy_weights):
    """Flags for the small random network."""
    return ["--alpha", "0.25", "--weights", str(toy_weights), "--no-window"]


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """80 seconds, tiny."""
    return long_clip(tmp_path_factory.mktemp("clip") / "long.mp4")


@contextmanager
def running(*arguments, cwd, **streams):
    """The program; nothing reads its streams but the test."""
    command = [sys.executable, "-m", "livecam", *arguments]
    given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL} | streams
    # Unbuffered: what a line's reader reads ahead would be lost to the one of the rest.
    with started(command, cwd=cwd, env=program_env(), bufsize=0, **given) as program:
        yield program


@contextmanager
def stopped_terminal():
    """A terminal after Ctrl-S: (the end of whoever watches it, the end of the program)."""
    import pty
    import termios

    watcher, inside = pty.openpty()
    termios.tcflow(inside, termios.TCOOFF)
    yield watcher, inside
    os.close(inside)
    os.close(watcher)


@contextmanager
def hung_terminal():
    """A terminal at the end of a connection that hangs: its buffer is full."""
    import pty

    watcher, inside = pty.openpty()
    fill(inside)
    yield watcher, inside
    os.close(inside)
    os.close(watcher)


@contextmanager
def full_pipe():
    reading, writing = os.pipe()
    fill(writing)
    yield reading, writing
    os.close(writing)
    os.close(reading)


def take_all(descriptor):
    """What is in a pipe or terminal at this moment."""
    os.set_blocking(descriptor, False)
    parts = []
    try:
        while part := os.read(descriptor, 65536):
            parts.append(part)
    except OSError as error:
        assert error.errno in (errno.EAGAIN, errno.EIO)  # noqa: PT017
    return b"".join(parts).decode()


def is_growing(path, size=0):
    return path.exists() and path.stat().st_size > size


STALLED = pytest.mark.parametrize("stalled", [stopped_terminal, hung_terminal, full_pipe])


@STALLED
def test_a_run_ends_in_order_although_nobody_takes_its_messages(stalled, toy, clip, tmp_path):
    flags = [*toy, "--frames", 60, "--record", "out.mp4", "--stats", "s.jsonl"]
    with stalled() as (_, inside), running(clip, *flags, cwd=tmp_path, stderr=inside) as program:
        assert program.wait(WAIT_S) == 0
    assert probe(tmp_path / "out.mp4").frames == 60
    assert len(records((tmp_path / "s.jsonl").read_text())) == 60


@pytest.mark.parametrize(
    ("stalled", "number"),
    [
        (stopped_terminal, signal.SIGTERM),
        (hung_terminal, signal.SIGINT),
        (full_pipe, signal.SIGTERM),
    ],
)
def test_a_signal_ends_the_run_although_nobody_takes_its_messages(
    stalled, number, toy, clip, tmp_path
):
    """Frames go on, too: the figures grow beyond what was there when the terminal stopped."""
    flags = [*toy, "--record", "out.mp4", "--stats", "s.jsonl"]
    with stalled() as (_, inside), running(clip, *flags, cwd=tmp_path, stderr=inside) as program:
        eventually(lambda: is_growing(tmp_path / "s.jsonl", 20_000))
        program.send_signal(number)
        assert program.wait(WAIT_S) == 128 + number
    written = len(records((tmp_path / "s.jsonl").read_text()))
    assert probe(tmp_path / "out.mp4").frames == written


def test_an_error_ends_the_program_although_nobody_takes_it(toy, tmp_path):
    with (
        stopped_terminal() as (_, inside),
        running("nowhere.mp4", *toy, "--stats", "-", cwd=tmp_path, stderr=inside) as program,
    ):
        assert program.wait(WAIT_S) == 3


def test_what_was_said_meanwhile_comes_in_order_when_the_terminal_goes_on(toy, clip, tmp_path):
    import termios

    flags = [*toy, "--record", "out.mp4", "--stats", "s.jsonl"]
    with (
        stopped_terminal() as (watcher, inside),
        running(clip, *flags, cwd=tmp_path, stderr=inside) as program,
    ):
        eventually(lambda: is_growing(tmp_path / "s.jsonl", 20_000))
        termios.tcflow(inside, termios.TCOON)
        program.send_signal(signal.SIGTERM)
        text = ""
        while program.poll() is None:
            text += take_all(watcher)
        text += take_all(watcher)
    assert program.returncode == 143
    ready, recorded, closing = (text.find(w) for w in ("MobileNet", "recorded out", "strongest"))
    assert 0 <= ready < recorded < closing, text
    assert "lock" not in text
    assert "Traceback" not in text


def test_a_full_pipe_gets_no_complaint_of_the_interpreter(toy, clip, tmp_path):
    with (
        full_pipe() as (reading, writing),
        running(clip, *toy, "--frames", 5, "--stats", "-", cwd=tmp_path, stderr=writing) as program,
    ):
        assert program.wait(WAIT_S) == 0
        assert set(take_all(reading)) == {"."}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_reader_of_the_figures_that_stops_stops_no_recording(number, toy, clip, tmp_path):
    """A clip waits, and a signal is heard: the recording is whole, and what is lost is told."""
    flags = [*toy, "--record", "out.mp4", "--stats", "-"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with running(clip, *flags, cwd=tmp_path, **pipes) as program:
        program.stdout.readline()
        size = wait_until_it_stands_still(tmp_path / "out.mp4")
        assert size
        assert program.poll() is None
        program.send_signal(number)
        assert program.wait(WAIT_S) == 128 + number
        talk = program.stderr.read().decode()
        got = 1 + len(program.stdout.read().splitlines())
        program.stdout.close()
        program.stderr.close()
    frames = probe(tmp_path / "out.mp4").frames
    assert 1000 < frames < FRAMES
    lost = int(talk.partition("the figures of ")[2].split()[0])
    assert got - 1 <= frames - lost <= got  # the last line may be torn
    assert "lock" not in talk
    assert "Traceback" not in talk


def test_a_reader_of_the_figures_that_pauses_gets_all_of_a_clip(toy, clip, tmp_path):
    flags = [*toy, "--record", "out.mp4", "--stats", "-"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with running(clip, *flags, cwd=tmp_path, **pipes) as program:
        first = program.stdout.readline()
        wait_until_it_stands_still(tmp_path / "out.mp4")
        rest, talk = program.communicate(timeout=WAIT_S)
    found = records((first + rest).decode())
    assert [record["frame"] for record in found] == list(range(FRAMES))
    assert program.returncode == 0, talk
    assert probe(tmp_path / "out.mp4").frames == FRAMES
    assert b"dropped" not in talk


def test_a_reader_that_stops_does_not_stop_a_live_source_and_what_is_lost_is_told(toy, tmp_path):
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    flags = [*toy, "--frames", 1300, "--grid", "--record", "out.mp4", "--stats", "-"]
    with (
        serving({}) as address,
        running(f"http://{address}/live", *flags, cwd=tmp_path, **pipes) as program,
    ):
        program.stdout.readline()
        assert program.wait(WAIT_S) == 0
        talk = program.stderr.read().decode()
        got = 1 + len(program.stdout.read().splitlines())
        program.stdout.close()
        program.stderr.close()
    assert "1300 frames in" in talk
    lost = int(talk.partition("the figures of ")[2].split()[0])
    assert lost > 0
    assert got - 1 <= 1300 - lost <= got  # the last line may be torn
    assert probe(tmp_path / "out.mp4").frames > 0


def wait_until_it_stands_still(path):
    """The size of a file that has not grown for two seconds."""
    size, since_s = 0, time.monotonic()

    def stands_still():
        nonlocal size, since_s
        if is_growing(path, size):
            size, since_s = path.stat().st_size, time.monotonic()
        return size > 0 and time.monotonic() - since_s > 2.0

    eventually(stands_still)
    return size


@pytest.fixture(params=["/dev/full", "RLIMIT_FSIZE"])
def full_disk(request, tmp_path):
    """Where figures have no room: how the program is begun, and the file."""
    target = tmp_path / "figures" / "s.jsonl"
    target.parent.mkdir()
    if request.param == "/dev/full":
        if not os.path.exists("/dev/full"):  # noqa: PTH110
            pytest.skip("/dev/full is Linux's")
        target.symlink_to("/dev/full")
        return [sys.executable, "-m", "livecam"], target
    # A limit for all files: the recording of a still picture stays far below it, figures do not.
    code = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "from livecam.__main__ import main\n"
        "sys.exit(main())\n"
    )
    return [sys.executable, "-c", code], target


def test_a_full_disk_under_the_figures_ends_no_recording(full_disk, toy, clip, tmp_path):
    program, target = full_disk
    flags = [*toy, "--grid", "--frames", "600", "--stats", str(target), "--record", "out.mp4"]
    run = subprocess.run(
        [*program, str(clip), *flags, "--force"], cwd=tmp_path, env=program_env(),
        capture_output=True, text=True, timeout=WAIT_S, check=False,
    )  # fmt: skip
    assert run.returncode == 5, run.stderr
    lines = run.stderr.splitlines()
    assert sum("the figures could not be written" in line for line in lines) == 1
    assert "the figures are not complete" in lines[-1]
    assert "600 frames in" in lines[-1]
    assert probe(tmp_path / "out.mp4").frames == 600


def test_a_full_disk_under_the_figures_ends_a_run_that_does_nothing_else(
    full_disk, toy, clip, tmp_path
):
    program, target = full_disk
    flags = [*toy, "--grid", "--stats", str(target), "--force"]
    run = subprocess.run(
        [*program, str(clip), *flags], cwd=tmp_path, env=program_env(),
        capture_output=True, text=True, timeout=WAIT_S, check=False,
    )  # fmt: skip
    assert run.returncode == 5, run.stderr
    assert "the figures could not be written" in run.stderr.splitlines()[-1]


def test_a_reader_of_the_figures_that_goes_ends_no_recording(toy, clip, tmp_path):
    flags = [*toy, "--frames", 600, "--stats", "-", "--record", "out.mp4"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with running(clip, *flags, cwd=tmp_path, **pipes) as program:
        program.stdout.readline()
        program.stdout.close()
        talk = program.stderr.read().decode()
        program.stderr.close()
        assert program.wait(WAIT_S) == 5
    lines = [line for line in talk.splitlines() if "the reader of the figures" in line]
    assert len(lines) == 1, talk
    assert "the run goes on" in lines[0].lower()
    assert "600 frames in" in talk
    assert "the figures are not complete" in talk
    assert probe(tmp_path / "out.mp4").frames == 600


def test_a_reader_of_the_figures_that_goes_ends_a_run_that_does_nothing_else(toy, clip, tmp_path):
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with running(clip, *toy, "--stats", "-", cwd=tmp_path, **pipes) as program:
        program.stdout.readline()
        program.stdout.close()
        talk = program.stderr.read().decode()
        program.stderr.close()
        assert program.wait(WAIT_S) == 0
    assert "reader" not in talk


def test_a_full_disk_under_the_pictures_ends_no_recording(toy, clip, tmp_path):
    """A limit for all files: that of a still picture's recording stays below that of a PNG."""
    import cv2
    import numpy as np

    folder = tmp_path / "photos"
    folder.mkdir()
    noise = np.random.default_rng(0).integers(0, 256, (400, 400, 3), np.uint8)
    cv2.imwrite(str(folder / "a.png"), textured(64, 48))
    for name in ("b.png", "c.png"):
        cv2.imwrite(str(folder / name), noise)
    limited = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "from livecam.__main__ import main\n"
        "sys.exit(main())\n"
    )
    flags = [*toy, "--save-pictures", "out", "--record", "out.mp4", "--stats", "s.jsonl"]
    run = subprocess.run(
        [sys.executable, "-c", limited, "photos", *flags], cwd=tmp_path, env=program_env(),
        capture_output=True, text=True, timeout=WAIT_S, check=False,
    )  # fmt: skip
    assert run.returncode == 5, run.stderr
    assert sum("was not saved" in line for line in run.stderr.splitlines()) == 1
    assert "; the pictures are not complete" in run.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.png"]
    assert probe(tmp_path / "out.mp4").frames == 3
    assert len(records((tmp_path / "s.jsonl").read_text())) == 3
