"""Locks of output files: who comes second is refused, and killed runs are never in the way."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack

import pytest
from made_clips import long_clip
from programs import rest_of, started
from support import eventually, livecam, probe, program_env, records

from livecam.sinks import output_locks
from livecam.sinks.output_locks import OutputBusyError, lock_output, lock_path

FLOWERS = ["--model", "flowers", "--no-window"]

HOLDER = """
import sys, time
from pathlib import Path
from livecam.sinks.output_locks import lock_output
lock = lock_output(Path(sys.argv[1]))
print("locked", flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """What the programs work on."""
    return long_clip(tmp_path_factory.mktemp("clip") / "long.mp4")


@pytest.fixture
def start(tmp_path):
    """Start a program in the test's folder; what still runs is ended with the test."""
    with ExitStack() as programs:

        def begin(*words):
            pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
            return programs.enter_context(
                started([sys.executable, *words], cwd=tmp_path, env=program_env(), **pipes)
            )

        yield begin


def test_the_second_is_refused_until_the_first_gives_the_lock_back(tmp_path):
    first = lock_output(tmp_path / "a.mp4")
    with pytest.raises(OutputBusyError, match=r"a\.mp4 is being written by another livecam"):
        lock_output(tmp_path / "a.mp4")
    lock_output(tmp_path / "b.mp4").release()
    first.release()
    first.release()  # harmless
    lock_output(tmp_path / "a.mp4").release()
    assert list(tmp_path.iterdir()) == []


def test_a_lock_is_given_back_in_any_thread(tmp_path):
    lock = lock_output(tmp_path / "a.mp4")
    thread = threading.Thread(target=lock.release)
    thread.start()
    thread.join()
    lock_output(tmp_path / "a.mp4").release()


def test_two_names_of_one_file_are_one_file(tmp_path):
    (tmp_path / "link.mp4").symlink_to(tmp_path / "a.mp4")
    lock = lock_output(tmp_path / "link.mp4")
    with pytest.raises(OutputBusyError):
        lock_output(tmp_path / "a.mp4")
    lock.release()


def test_the_lock_of_a_killed_program_is_not_in_the_way(start, tmp_path):
    holder = start("-c", HOLDER, tmp_path / "a.mp4")
    assert holder.stdout.readline() == "locked\n"
    with pytest.raises(OutputBusyError):
        lock_output(tmp_path / "a.mp4")
    holder.kill()
    holder.wait()
    assert lock_path(tmp_path / "a.mp4").exists()
    lock_output(tmp_path / "a.mp4").release()
    assert list(tmp_path.iterdir()) == []


def test_whoever_ends_while_another_one_waits_hands_the_lock_on(tmp_path, monkeypatch):
    """The file goes between the end of the wait and the look for it."""
    from filelock import FileLock

    first = lock_output(tmp_path / "a.mp4")
    acquire = FileLock.acquire

    def acquired(lock, *rest, **more):
        try:
            return acquire(lock, *rest, **more)
        finally:
            first.release()

    monkeypatch.setattr(FileLock, "acquire", acquired)
    second = lock_output(tmp_path / "a.mp4")
    assert second.problem == ""
    assert lock_path(tmp_path / "a.mp4").exists()
    second.release()


def test_a_lock_follows_no_link(tmp_path):
    (tmp_path / "precious").write_text("mine")
    lock_path(tmp_path / "a.mp4").symlink_to(tmp_path / "precious")
    assert lock_output(tmp_path / "a.mp4").problem
    assert (tmp_path / "precious").read_text() == "mine"


def test_without_locks_of_the_file_system_the_file_is_written_and_the_reason_known(
    tmp_path, monkeypatch
):
    def no_locks(*_):
        raise OSError(37, "No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    lock = lock_output(tmp_path / "a.mp4")
    assert lock.problem == "No locks available"
    lock.release()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
def test_a_pipe_may_have_several_writers(tmp_path):
    os.mkfifo(tmp_path / "s.jsonl")
    locks = [lock_output(tmp_path / "s.jsonl") for _ in range(2)]
    assert [lock.problem for lock in locks] == ["", ""]
    assert [path.name for path in tmp_path.iterdir()] == ["s.jsonl"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize(
    "output", [["--record", "r.mp4"], ["--stats", "s.jsonl"]], ids=["record", "stats"]
)
def test_the_second_run_on_one_file_is_refused_in_a_line_and_the_first_keeps_everything(
    output, clip, start, tmp_path
):
    words = [clip, *FLOWERS, *output, "--force"]
    program = start("-m", "livecam", *words, "--rate-limit", 10)  # four minutes
    eventually((tmp_path / output[1]).exists)
    second = livecam(*words, "--frames", 5, cwd=tmp_path)
    assert (second.returncode, second.stderr.count("\n")) == (2, 1), second.stderr
    assert f"{output[1]} is being written by another livecam" in second.stderr
    program.send_signal(signal.SIGINT)
    _, talk = rest_of(program)
    assert program.returncode == 130, talk
    assert [path.name for path in tmp_path.iterdir()] == [output[1]]
    frames = int(talk.rpartition("livecam: ")[2].split(" frame")[0])
    if output[0] == "--stats":
        assert len(records((tmp_path / "s.jsonl").read_text())) == frames
    else:
        assert probe(tmp_path / "r.mp4").frames == frames


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_after_a_killed_run_the_same_files_can_be_written(clip, start, tmp_path):
    words = [clip, *FLOWERS, "--record", "r.mp4", "--stats", "s.jsonl", "--force"]
    killed = start("-m", "livecam", *words, "--rate-limit", 10)
    eventually((tmp_path / "r.mp4").exists)
    killed.kill()
    killed.wait()
    done = livecam(*words, "--frames", 5, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert probe(tmp_path / "r.mp4").frames == 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.mp4", "s.jsonl"]


def test_the_lock_is_beside_the_output(tmp_path):
    lock = lock_output(tmp_path / "a.mp4")
    assert [p.name for p in tmp_path.iterdir()] == [f".a.mp4{output_locks.SUFFIX}"]
    lock.release()
