"""A disk that stalls: what is recorded waits in memory, up to --write-buffer, and nobody else."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from annotated_frames import annotated_frame_of
from made_clips import long_clip
from programs import started
from sinks.recording.recordings import (
    PICTURES,
    STOPPED,
    camera_options,
    clip_options,
    readable_times_s,
    recorder_at_noon,
    show_at_its_pace,
)
from support import eventually, probe, program_env, textured

from livecam.errors import SinkError
from livecam.sinks.recording import disk_thread

HD = [textured(1280, 720, seed) for seed in range(5)]
SUFFIXES = pytest.mark.parametrize("suffix", [".mp4", ".mkv"])


class StallingDisk:
    """Every write to a new file waits while the disk stalls."""

    def __init__(self):
        self.answers, self.is_waited_for = threading.Event(), threading.Event()
        self.answers.set()

    def stall(self):
        self.is_waited_for.clear()
        self.answers.clear()

    def wait(self):
        if not self.answers.is_set():
            self.is_waited_for.set()
            self.answers.wait(120)


class StallingFile:
    """A file of such a disk."""

    def __init__(self, file, disk):
        self._file, self._disk = file, disk

    def write(self, data):
        self._disk.wait()
        return self._file.write(data)

    def __getattr__(self, name):
        return getattr(self._file, name)


@pytest.fixture
def disk(monkeypatch):
    """The disk of all files that are created; it answers again at the end."""
    real, stalling = Path.open, StallingDisk()

    def opened(self, mode="r", *arguments, **more):
        file = real(self, mode, *arguments, **more)
        return StallingFile(file, stalling) if "x" in mode else file

    monkeypatch.setattr(Path, "open", opened)
    yield stalling
    stalling.answers.set()


def record_with_a_stall(path, disk, pictures, **more):
    """A stall of ten seconds in a recording of 340 frames."""
    notes = []
    with recorder_at_noon(camera_options(path, **more), notes) as recorder:
        show_at_its_pace(recorder, range(30), pictures)
        disk.stall()
        show_at_its_pace(recorder, range(30, 330), pictures)
        assert disk.is_waited_for.is_set()
        disk.answers.set()
        show_at_its_pace(recorder, range(330, 340), pictures)
    assert recorder.state().dropped == 0
    assert all("(340 frames, 11.33 s)" in note for note in notes)
    expected = [number / 30 for number in range(340)]
    assert probe(path).times_s == pytest.approx(expected, abs=0.001)


def test_a_stall_of_ten_seconds_at_720p_loses_nothing(disk, tmp_path):
    record_with_a_stall(tmp_path / "r.mp4", disk, HD)


@SUFFIXES
def test_the_other_files_of_a_recording_lose_nothing_either(suffix, disk, tmp_path):
    record_with_a_stall(tmp_path / f"r{suffix}", disk, PICTURES, clean=True, stats=True)
    assert probe(tmp_path / f"r_clean{suffix}").frames == 340
    lines = (tmp_path / "r.jsonl").read_text().splitlines()
    assert [json.loads(line)["frame"] for line in lines] == list(range(340))


def test_a_key_ends_a_recording_while_the_disk_stalls_and_nothing_is_lost(disk, tmp_path):
    notes = []
    with recorder_at_noon(camera_options(tmp_path / "r.mp4"), notes) as recorder:
        show_at_its_pace(recorder, range(30))
        disk.stall()
        show_at_its_pace(recorder, range(30, 60))
        recorder.show(annotated_frame_of(PICTURES[0], 60, 2.0, view=STOPPED))
        disk.answers.set()
    assert probe(tmp_path / "r.mp4").frames == 60
    assert "60 frames" in notes[0]


def test_where_the_memory_is_full_frames_are_dropped_and_counted(disk, tmp_path):
    path, notes = tmp_path / "r.mp4", []
    options = camera_options(path, write_buffer_bytes=30_000)
    with recorder_at_noon(options, notes) as recorder:
        show_at_its_pace(recorder, range(30))
        disk.stall()
        show_at_its_pace(recorder, range(30, 330))
        writer, queue = recorder._session._files.recording.disk.writer, recorder._thread._queue
        waiting_bytes, dropped = writer.waiting_bytes, recorder.state().dropped
        disk.answers.set()
        for number in range(330, 345):
            eventually(lambda: not queue and not writer.waiting_bytes)
            show_at_its_pace(recorder, [number])
        assert recorder.state().dropped == dropped > 0
    assert waiting_bytes < 2 * 30_000  # what was in the queue and in the encoder came on top
    times_s = probe(path).times_s
    assert len(times_s) == 345 - dropped
    assert times_s[-15:] == pytest.approx([n / 30 for n in range(330, 345)], abs=0.001)
    assert f"{dropped} dropped" in notes[0]


def test_a_clip_waits_until_there_is_memory_again(disk, tmp_path):
    options = clip_options(tmp_path / "r.mp4", write_buffer_bytes=30_000)
    with recorder_at_noon(options) as recorder:
        disk.stall()
        loop = threading.Thread(target=show_at_its_pace, args=(recorder, range(300)))
        loop.start()
        eventually(lambda: recorder._session.is_disk_behind)
        loop.join(0.3)
        assert loop.is_alive()
        disk.answers.set()
        loop.join(60)
    assert recorder.state().dropped == 0
    assert probe(tmp_path / "r.mp4").frames == 300


@SUFFIXES
def test_closing_waits_for_what_is_queued(suffix, disk, tmp_path):
    path = tmp_path / f"r{suffix}"
    with recorder_at_noon(camera_options(path)) as recorder:
        show_at_its_pace(recorder, range(30))
        disk.stall()
        show_at_its_pace(recorder, range(30, 90))
        threading.Timer(0.5, disk.answers.set).start()
    assert probe(path).frames == 90


@SUFFIXES
def test_a_disk_that_never_answers_is_given_up_and_may_still_take_the_rest(
    suffix, disk, tmp_path, monkeypatch
):
    monkeypatch.setattr(disk_thread, "DISK_LIMIT_S", 0.5)
    path = tmp_path / f"r{suffix}"

    def record(recorder):
        with recorder:
            show_at_its_pace(recorder, range(30))
            eventually(path.exists)
            disk.stall()
            show_at_its_pace(recorder, range(30, 90))

    with pytest.raises(SinkError, match=r"broke off at 0\.\d s \(the disk gives no answer for"):
        record(recorder_at_noon(camera_options(path, stats=True)))
    kept = len(readable_times_s(path))
    assert 0 < kept < 90
    disk.answers.set()  # what was waiting is written after all
    eventually(lambda: len(readable_times_s(path)) == 90)


def test_an_fsync_that_stalls_holds_up_no_write(tmp_path, monkeypatch):
    released, asked, path = threading.Event(), threading.Event(), tmp_path / "r.mp4"
    real = os.fsync

    def fsync(descriptor):
        asked.set()
        released.wait(60)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with recorder_at_noon(camera_options(path), clock=iter_clock()) as recorder:
        show_at_its_pace(recorder, range(60))
        assert asked.wait(30)
        before = len(readable_times_s(path))
        show_at_its_pace(recorder, range(60, 120))
        eventually(lambda: len(readable_times_s(path)) > before + 30)
        released.set()
    assert probe(path).frames == 120
    assert recorder.state().dropped == 0


def iter_clock():
    """Seconds that pass by a thirtieth whenever somebody looks."""
    ticks = iter(range(10**9))
    return lambda: next(ticks) / 30


def test_an_error_of_the_disk_after_a_stall_says_how_much_is_safe(disk, tmp_path, monkeypatch):
    path = tmp_path / "r.mp4"

    def fails(self, _):
        self._disk.wait()
        raise OSError(5, "Input/output error")

    def record(recorder):
        with recorder:
            show_at_its_pace(recorder, range(60))
            disk.stall()
            monkeypatch.setattr(StallingFile, "write", fails)
            show_at_its_pace(recorder, range(60, 90))
            disk.answers.set()

    with pytest.raises(SinkError, match=r"off at \d\.\d s \(input/output error\)") as caught:
        record(recorder_at_noon(camera_options(path)))
    at_s = float(str(caught.value).split("broke off at ")[1].split(" s")[0])
    assert readable_times_s(path)[-1] + 1 / 30 == pytest.approx(at_s, abs=0.06)


STALLED = """
import sys, threading
from pathlib import Path
answers, real = threading.Event(), Path.open

class Stalling:
    def __init__(self, file):
        self._file, self._writes = file, 0

    def write(self, data):
        self._writes += 1
        if self._writes == 3 and not answers.is_set():
            print("stalls", flush=True)
            answers.wait()
        return self._file.write(data)

    def __getattr__(self, name):
        return getattr(self._file, name)

def opened(self, mode="r", *arguments, **more):
    file = real(self, mode, *arguments, **more)
    return Stalling(file) if "x" in mode and self.name == "r.mp4" else file

def release():
    sys.stdin.readline()
    answers.set()

Path.open = opened
threading.Thread(target=release, daemon=True).start()
sys.argv[1:] = ["clip.mp4", "--model", "flowers", "--no-window", "--rate-limit", "30",
    "--record", "r.mp4", "--stats", "s.jsonl"]
from livecam.__main__ import main
sys.exit(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_the_disk_stalls_ends_the_program_and_nothing_is_lost(number, tmp_path):
    long_clip(tmp_path / "clip.mp4")
    command = [sys.executable, "-c", STALLED]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with started(command, cwd=tmp_path, env=program_env(), text=True, **pipes) as running:
        assert running.stdout.readline() == "stalls\n"
        figures = tmp_path / "s.jsonl"
        seen = figures.read_text().count("\n")
        eventually(lambda: figures.read_text().count("\n") > seen + 30)
        running.send_signal(number)
        _, talk = running.communicate("go on\n", timeout=120)
    assert running.returncode == 128 + number, talk
    assert probe(tmp_path / "r.mp4").frames == figures.read_text().count("\n")
