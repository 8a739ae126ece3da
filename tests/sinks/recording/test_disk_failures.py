"""Disks that are full, read-only or unplugged: what a recording keeps, and what it says."""

import errno
import os
import re
import threading
from pathlib import Path

import pytest
from sinks.recording.recordings import (
    NOON,
    TickingClock,
    clip_options,
    readable_times_s,
    recorder_at_noon,
    textured_frame,
)
from support import probe

from livecam.errors import SinkError
from livecam.sinks.recording.disk_thread import DiskThread
from livecam.sinks.recording.disk_space import DiskSpaceMonitor
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingEvents, RecordingOptions, check_recording
from livecam.sinks.recording.recorder import Recorder
from livecam.sinks.recording.crash_safe_file import CrashSafeFile


class SmallDisk:
    """Free bytes that shrink by `step` with every call."""

    def __init__(self, free, step):
        self.free, self.step = free, step

    def __call__(self, _):
        self.free -= self.step
        return self.free


def record(path, count, *, free, reserve=200_000_000):
    """Record so many frames on a disk; the recorder's state after each."""
    states, disk_space = [], DiskSpaceMonitor(reserve, free)
    recorder = recorder_at_noon(clip_options(path), disk_space=disk_space, clock=TickingClock())
    with recorder:
        for number in range(count):
            recorder.show(textured_frame(number))
            states.append(recorder.state())
    return states


def test_the_reserve_closes_the_file_properly_and_names_the_last_second(tmp_path):
    path = tmp_path / "r.mp4"
    disk = SmallDisk(205_000_000, 500_000)
    with pytest.raises(SinkError) as caught:
        record(path, 400, free=disk)
    found = re.search(
        r"r\.mp4 was closed at (\d+\.\d) s and is whole: less than 200 MB", str(caught.value)
    )
    assert "--disk-reserve" in str(caught.value)
    seen = probe(path)
    assert seen.duration_s == pytest.approx(float(found[1]), abs=0.06)
    assert seen.frames < 400


def test_no_recording_is_begun_on_a_disk_without_room(tmp_path):
    options = RecordingOptions(tmp_path / "r.mp4", tmp_path)
    with pytest.raises(SinkError, match="less than 200 MB"):
        check_recording(options, DiskSpaceMonitor(200_000_000, lambda _: 150_000_000))
    with pytest.raises(SinkError, match="was not begun: less than 200 MB"):
        record(tmp_path / "r.mp4", 5, free=lambda _: 150_000_000)
    assert list(tmp_path.iterdir()) == []


def test_a_recording_of_a_key_on_a_full_disk_notifies_and_the_run_goes_on(tmp_path):
    notes = []
    options = RecordingOptions(None, tmp_path, EncoderRequest(live=False))
    disk_space = DiskSpaceMonitor(200_000_000, lambda _: 100_000_000)
    with recorder_at_noon(options, notes, disk_space=disk_space) as recorder:
        for number in range(30):
            recorder.show(textured_frame(number))
    assert len(notes) == 1
    assert "was not begun" in notes[0]
    assert recorder.state().is_broken


def test_minutes_left_are_known_while_recording(tmp_path):
    states = record(tmp_path / "r.mp4", 300, free=lambda _: 260_000_000)
    known = [s.minutes_left for s in states if s.minutes_left is not None]
    size, seconds = (tmp_path / "r.mp4").stat().st_size, 10.0
    assert known[-1] == pytest.approx(60_000_000 / (size / seconds) / 60, rel=0.3)


def test_a_file_that_was_closed_for_low_space_is_not_copied(tmp_path):
    """Remuxing would need the same space once more."""
    path = tmp_path / "r.mp4"
    with pytest.raises(SinkError):
        record(path, 400, free=SmallDisk(205_000_000, 500_000))
    assert [p.name for p in tmp_path.iterdir()] == ["r.mp4"]
    data = path.read_bytes()
    assert data.count(b"moov") >= 1
    assert probe(path).frames > 0


def test_a_stick_that_becomes_read_only_keeps_what_it_has(tmp_path):
    """As a file system does after an I/O error of its disk."""
    path = tmp_path / "r.mp4"
    real = Path.open
    written = []

    class Failing:
        def __init__(self, file):
            self._file = file

        def write(self, data):
            written.append(len(data))
            if len(written) > 12:
                raise OSError(5, "Input/output error")
            return self._file.write(data)

        def __getattr__(self, name):
            return getattr(self._file, name)

    def opened(self, *arguments, **more):
        file = real(self, *arguments, **more)
        return Failing(file) if "x" in arguments[0] and "b" in arguments[0] else file

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", opened)
        with pytest.raises(SinkError, match="input/output error") as caught:
            record(path, 300, free=lambda _: 10**12)
    at_s = float(re.search(r"broke off at (\d+\.\d) s", str(caught.value))[1])
    kept_s = readable_times_s(path)
    assert at_s > 1.0
    assert kept_s[-1] + 1 / 30 == pytest.approx(at_s, abs=0.06)


def test_a_folder_without_permission_is_a_sink_error(tmp_path, monkeypatch):
    def refused(self, *_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(SinkError, match=r"r\.mp4 did not open .permission denied"):
        record(tmp_path / "r.mp4", 30, free=lambda _: 10**12)


def test_nothing_is_overwritten_even_if_it_appears_after_the_start(tmp_path):
    path = tmp_path / "r.mp4"
    check_recording(clip_options(path))
    path.write_text("precious")
    with pytest.raises(SinkError, match=r"r\.mp4 did not open .file exists"):
        record(path, 30, free=lambda _: 10**12)
    assert path.read_text() == "precious"


def test_a_disk_that_is_full_at_the_last_moment_leaves_whole_pieces_only(tmp_path, monkeypatch):
    """The system writes whole pages of what does not fit."""
    thread = DiskThread("livecam-writer")
    file = CrashSafeFile(tmp_path / "r.mp4", thread, replace=False)
    file.write(b"a whole piece")
    file.commit()
    file.settle()
    real = file.on_disk._write_at

    def full(opened, offset, data):
        real(opened, offset, data[:4])
        file.on_disk.size_bytes = offset  # the piece is not in it
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(file.on_disk, "_write_at", full)
    file.write(b"one that does not fit")
    file.commit()
    with pytest.raises(OSError, match="No space left"):
        file.finish()
    file.abandon()
    file.settle()
    assert (tmp_path / "r.mp4").read_bytes() == b"a whole piece"
    thread.close()


def test_a_failed_sync_in_the_background_is_raised_at_the_end(tmp_path, monkeypatch):
    """The system reports a failed write once, to the first fsync after it."""
    failures = [OSError(errno.EIO, "Input/output error")]
    asked = threading.Event()

    def sync(_):
        if failures:
            asked.set()
            raise failures.pop()

    thread = DiskThread("livecam-writer")
    file = CrashSafeFile(tmp_path / "r.mp4", thread, replace=False)
    file.write(b"moof")
    file.commit()
    file.settle()
    monkeypatch.setattr(os, "fsync", sync)
    syncer = DiskThread("livecam-sync")
    syncer.submit(file.on_disk.sync)
    assert asked.wait(30)
    with pytest.raises(OSError, match="Input/output"):
        file.finish()
    file.finish()  # harmless
    thread.close()
    syncer.close()


def test_all_files_of_a_recording_that_broke_off_are_reported_as_saved(tmp_path):
    saved = []
    options = RecordingOptions(None, tmp_path, EncoderRequest(live=False), clean=True)
    events = RecordingEvents(on_saved=saved.append)
    disk_space = DiskSpaceMonitor(1_000_000, SmallDisk(1_500_000, 100_000))
    clock = TickingClock()
    with Recorder(
        options, events, disk_space=disk_space, clock=clock, now=lambda: NOON
    ) as recorder:
        for number in range(300):
            recorder.show(textured_frame(number))
    assert sorted(path.name for path in saved) == sorted(path.name for path in tmp_path.iterdir())
    assert len(saved) == 2


def test_of_a_link_the_disk_of_its_target_is_watched(tmp_path):
    elsewhere = tmp_path / "big"
    elsewhere.mkdir()
    link = tmp_path / "r.mp4"
    link.symlink_to(elsewhere / "real.mp4")
    asked = set()

    def free(folder):
        asked.add(folder)
        return 10**12

    options, disk_space = clip_options(link, force=True), DiskSpaceMonitor(1_000_000, free)
    check_recording(options, disk_space)
    with Recorder(options, disk_space=disk_space, clock=TickingClock()) as recorder:
        for number in range(90):
            recorder.show(textured_frame(number))
    assert asked == {elsewhere}
