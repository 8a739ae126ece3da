"""A time-lapse grows in one file, across kill -9 and restarts, with every picture once."""

import errno
import os
import signal
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from programs import started
from support import eventually, probe

import av
from livecam.core.types import BgrImage
from livecam.errors import SinkError
from livecam.sinks.day_records.timelapse import RATE, Timelapse
from livecam.sinks.recording.crash_safe_file import CrashSafeFile
from livecam.sinks.recording.disk_thread import DiskThread
from livecam.sinks.recording.written_file import WrittenFile

SIZE = (321, 240)  # an odd width


def shade(number, size=SIZE):
    """A picture that says its number by how bright it is."""
    return BgrImage(np.full((size[1], size[0], 3), 20 + 10 * number, np.uint8))


def numbers_in(path):
    """The numbers of all pictures in a file, as a player sees it."""
    with av.open(str(path)) as container:
        pictures = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    return [round((float(picture.mean()) - 20) / 10) for picture in pictures]


@pytest.fixture
def thread():
    made = DiskThread("livecam-days")
    yield made
    made.close()


def test_every_picture_is_in_it_once_and_it_plays_all_the_time(tmp_path, thread):
    path = tmp_path / "timelapse.mp4"
    timelapse = Timelapse(path, SIZE, thread)
    for number in range(8):
        timelapse.add(shade(number))
        if number >= 2:
            assert numbers_in(path) == list(range(number))  # the newest one comes with the next
    timelapse.close()
    found = probe(path)
    assert numbers_in(path) == list(range(8))
    assert found.times_s == pytest.approx([number / RATE for number in range(8)], abs=1e-4)
    assert (found.width, found.height) == (322, 240)
    assert list(tmp_path.iterdir()) == [path]


CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from sinks.day_records.test_timelapse import SIZE, shade, Timelapse, DiskThread
first = int(sys.argv[3])
timelapse = Timelapse(Path(sys.argv[1]), SIZE, DiskThread("livecam-days"))
print("there", timelapse.pictures, flush=True)
for number in range(timelapse.pictures, 10_000):
    timelapse.add(shade(number % 20))
    print("added", number, flush=True)
    if number >= first + 4:
        sys.stdin.read()
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 as Linux and macOS have it")
def test_killed_programs_go_on_with_one_file(tmp_path):
    path, tests = tmp_path / "timelapse.mp4", Path(__file__).parents[2]
    there = 0
    for _ in range(3):
        command = [sys.executable, "-c", CHILD, path, tests, str(there)]
        with started(command, stdin=-1, stdout=-1, text=True) as program:
            lines = [program.stdout.readline() for _ in range(6)]
            assert lines[0] == f"there {there}\n"
            assert lines[-1] == f"added {there + 4}\n"
            program.send_signal(signal.SIGKILL)
            program.wait(60)
        assert numbers_in(path) == list(range(there + 4))  # all but the newest
        there += 4
    assert list(tmp_path.iterdir()) == [path]


def test_a_copy_that_was_killed_is_made_anew(tmp_path, thread):
    path = tmp_path / "timelapse.mp4"
    for numbers in (range(3), range(3, 5)):
        timelapse = Timelapse(path, SIZE, thread)
        for number in numbers:
            timelapse.add(shade(number))
        timelapse.close()
    path.rename(tmp_path / ".timelapse.earlier.mp4")
    path.write_bytes(b"half a copy")
    timelapse = Timelapse(path, SIZE, thread)
    timelapse.add(shade(5))
    timelapse.close()
    assert numbers_in(path) == list(range(6))
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("written", [0, 1, 2])
def test_a_disk_that_fills_up_while_the_copy_is_made_costs_no_picture(
    written, tmp_path, thread, monkeypatch
):
    """The disk fails behind the copying: what was written last is known to have failed late."""
    path = tmp_path / "timelapse.mp4"
    timelapse = Timelapse(path, SIZE, thread)
    for number in range(5):
        timelapse.add(shade(number))
    timelapse.close()
    all_appended, left, write = threading.Event(), [None] * written, WrittenFile._write_at

    def settled(file):
        all_appended.set()
        return settle(file)

    def full(*given):
        assert all_appended.wait(60)
        if not left:
            raise OSError(errno.ENOSPC, "No space left on device")
        left.pop()
        write(*given)

    with monkeypatch.context() as disk:
        settle = CrashSafeFile.settle
        disk.setattr(CrashSafeFile, "settle", settled)
        disk.setattr(WrittenFile, "_write_at", full)
        with pytest.raises(SinkError, match="could not be written: no space left"):
            Timelapse(path, SIZE, thread)
    assert numbers_in(path) == list(range(5))
    assert list(tmp_path.iterdir()) == [path]
    timelapse = Timelapse(path, SIZE, thread)
    timelapse.add(shade(5))
    timelapse.close()
    assert numbers_in(path) == list(range(6))


def test_pictures_that_do_not_fit_begin_another_file(tmp_path, thread):
    path = tmp_path / "timelapse.mp4"
    for size in (SIZE, (160, 120), SIZE):
        timelapse = Timelapse(path, size, thread)
        timelapse.add(shade(1, size))
        timelapse.close()
    assert numbers_in(path) == [1, 1]
    assert numbers_in(tmp_path / "timelapse_2.mp4") == [1]


def test_a_file_of_somebody_else_stays_as_it_is(tmp_path, thread):
    path = tmp_path / "timelapse.mp4"
    path.write_bytes(b"no video")
    timelapse = Timelapse(path, SIZE, thread)
    timelapse.add(shade(0))
    timelapse.close()
    assert path.read_bytes() == b"no video"
    assert numbers_in(tmp_path / "timelapse_2.mp4") == [0]


def test_a_folder_that_is_not_there_is_told(tmp_path, thread):
    timelapse = Timelapse(tmp_path / "missing" / "timelapse.mp4", SIZE, thread)

    def add():
        try:
            timelapse.add(shade(0))
        except SinkError as error:
            return str(error)
        return ""

    assert "could not be written: no such file" in eventually(add)
    with pytest.raises(SinkError):
        timelapse.close()
