"""Disks that are full, too small, read-only or unplugged; files removed while they are written."""

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from annotated_frames import annotated_frame_of
from sinks.recording.processes import run_script
from sinks.recording.recordings import NOON, readable_times_s, recorder_at_noon
from support import FakeClock, eventually, livecam, probe, textured, write_clip

from livecam.errors import SinkError
from livecam.sinks.recording.disk_space import DiskSpaceMonitor
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingEvents, RecordingOptions, check_recording
from livecam.sinks.recording.recorder import Recorder
from livecam.sinks.recording.crash_safe_file import CrashSafeFile

PICTURES = [textured(160, 120, seed) for seed in range(9)]
FLOWERS = ["--model", "flowers", "--no-window"]


class SmallDisk:
    """Free bytes that shrink by `step` with every call."""

    def __init__(self, free, step):
        self.free, self.step = free, step

    def __call__(self, _):
        self.free -= self.step
        return self.free


class TickingClock(FakeClock):
    """Advances a thirtieth of a second with every call."""

    def __call__(self):
        self.sleep(1 / 30)
        return self.now_s


def options_for(path, **more):
    return RecordingOptions(path, path.parent, EncoderRequest(live=False), **more)


def numbered_frame(number):
    return annotated_frame_of(PICTURES[number % 9], number, number / 30)


def record(path, count, *, free, reserve=200_000_000):
    """Record so many frames on a disk; the recorder's state after each."""
    states, disk_space = [], DiskSpaceMonitor(reserve, free)
    recorder = recorder_at_noon(options_for(path), disk_space=disk_space, clock=TickingClock())
    with recorder:
        for number in range(count):
            recorder.show(numbered_frame(number))
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
            recorder.show(numbered_frame(number))
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


needs_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="mounting a small disk needs root"
)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 1 MB."""
    folder = tmp_path / "stick"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False, timeout=30,
        capture_output=True,
    )  # fmt: skip
    if done.returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=False, timeout=30)


@pytest.fixture(scope="module")
def noisy_clip(tmp_path_factory):
    """Ten seconds that do not compress."""
    noise = np.random.default_rng(1).integers(0, 256, (20, 240, 320, 3), np.uint8)
    path = tmp_path_factory.mktemp("clip") / "noise.mp4"
    pictures = [noise[number % 20] for number in range(300)]
    return write_clip(path, pictures, [number / 30 for number in range(300)])


@needs_root
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_really_full_disk_ends_with_exit_code_5_and_a_readable_file(
    suffix, small_disk, noisy_clip, tmp_path
):
    path = small_disk / f"r{suffix}"
    flags = [*FLOWERS, "--record", path, "--disk-reserve", 0]
    run = livecam(noisy_clip, *flags, cwd=tmp_path)
    assert run.returncode == 5, run.stderr
    assert "Traceback" not in run.stderr
    found = re.search(r"broke off at (\d+\.\d) s .no space left", run.stderr)
    kept_s = readable_times_s(path)
    assert kept_s[-1] + 1 / 30 >= float(found[1]) - 0.06
    assert len(kept_s) > 5


@needs_root
def test_a_small_disk_is_refused_before_anything_is_done(small_disk, noisy_clip, tmp_path):
    run = livecam(noisy_clip, *FLOWERS, "--record", small_disk / "r.mp4", cwd=tmp_path)
    assert run.returncode == 5
    assert "less than 200 MB are free" in run.stderr
    assert list(small_disk.iterdir()) == []


@needs_root
def test_a_read_only_folder_is_exit_code_5_and_one_line(small_disk, noisy_clip, tmp_path):
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True, timeout=30)
    flags = [*FLOWERS, "--record", small_disk / "r.mp4", "--disk-reserve", 0]
    run = livecam(noisy_clip, *flags, cwd=tmp_path)
    assert run.returncode == 5, run.stderr
    assert "did not open (read-only file system)" in run.stderr
    assert "Traceback" not in run.stderr


@needs_root
def test_a_stick_that_becomes_read_only_keeps_what_it_has(small_disk, tmp_path):
    """As a file system does after an I/O error of its disk."""
    path = small_disk / "r.mp4"
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


@pytest.mark.parametrize("moved", [False, True])
@pytest.mark.parametrize("after", [120, 299], ids=["early", "with the last frame"])
def test_a_folder_that_is_taken_away_while_recording_loses_nothing(moved, after, tmp_path):
    folder = tmp_path / "videos"
    folder.mkdir()

    def record_on(recorder):
        for number in range(300):
            if number == after:
                eventually((folder / "r.mp4").exists)
                if moved:
                    folder.rename(tmp_path / "elsewhere")
                else:
                    shutil.rmtree(folder)
            recorder.show(numbered_frame(number))

    recorder = Recorder(options_for(folder / "r.mp4"), clock=TickingClock())
    with pytest.raises(SinkError) as caught, recorder:
        record_on(recorder)
    found = re.search(r"taken away.*what there was, (\d+\.\d) s,", str(caught.value))
    kept = tmp_path / ("elsewhere/r.mp4" if moved else "r_rescued.mp4")
    assert ("wherever it was moved to" if moved else str(kept)) in str(caught.value)
    seen = probe(kept)
    assert seen.duration_s == pytest.approx(float(found[1]), abs=0.06)
    assert seen.duration_s > 2.0


def test_nothing_is_overwritten_even_if_it_appears_after_the_start(tmp_path):
    path = tmp_path / "r.mp4"
    check_recording(options_for(path))
    path.write_text("precious")
    with pytest.raises(SinkError, match=r"r\.mp4 did not open .file exists"):
        record(path, 30, free=lambda _: 10**12)
    assert path.read_text() == "precious"


def taken_away(folder):
    """The error of a recording whose folder is removed on the way."""
    folder.mkdir()
    recorder = Recorder(options_for(folder / "r.mp4"), clock=TickingClock())

    def record_on():
        for number in range(120):
            if number == 90:
                eventually((folder / "r.mp4").exists)
                shutil.rmtree(folder)
            recorder.show(numbered_frame(number))

    with pytest.raises(SinkError) as caught, recorder:
        record_on()
    return str(caught.value)


def test_a_rescued_file_never_replaces_an_earlier_one(tmp_path):
    for name in ("r_rescued.mp4", "r_rescued_2.mp4"):
        assert f"was saved as {tmp_path / name}" in taken_away(tmp_path / "videos")
    assert probe(tmp_path / "r_rescued.mp4").frames == probe(tmp_path / "r_rescued_2.mp4").frames


def test_a_rescue_tries_the_next_place_and_leaves_no_half_copy(tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    copy = shutil.copyfileobj

    def full_here(source, target):
        if Path(target.name).parent == tmp_path:
            target.write(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
        copy(source, target)

    monkeypatch.setattr(shutil, "copyfileobj", full_here)
    assert f"was saved as {elsewhere / 'r_rescued.mp4'}" in taken_away(tmp_path / "videos")
    assert [path.name for path in tmp_path.iterdir()] == ["elsewhere"]


def test_a_recording_that_cannot_be_rescued_is_reported_as_lost(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    message = taken_away(tmp_path / "videos")
    assert "is lost: no other place took it (no space left on device)" in message
    assert "kept" not in message


def test_a_failed_sync_in_the_background_is_raised_at_the_end(tmp_path, monkeypatch):
    """The system reports a failed write once, to the first fsync after it."""
    failures = [OSError(errno.EIO, "Input/output error")]
    asked = threading.Event()

    def sync(_):
        if failures:
            asked.set()
            raise failures.pop()

    file = CrashSafeFile(tmp_path / "r.mp4", replace=False)
    file.write(b"moof")
    file.commit()
    monkeypatch.setattr(os, "fsync", sync)
    file.sync_in_background()
    with pytest.raises(OSError, match="Input/output"):
        file.finish()
    assert asked.is_set()
    file.finish()  # harmless


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
            recorder.show(numbered_frame(number))
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

    options, disk_space = options_for(link, force=True), DiskSpaceMonitor(1_000_000, free)
    check_recording(options, disk_space)
    with Recorder(options, disk_space=disk_space, clock=TickingClock()) as recorder:
        for number in range(90):
            recorder.show(numbered_frame(number))
    assert asked == {elsewhere}


needs_limits = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")

FILLING = """
import json, resource, sys
from pathlib import Path
import cv2
import numpy as np
from annotated_frames import annotated_frame_of
from livecam.errors import SinkError
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingEvents, RecordingOptions
from livecam.sinks.recording.recorder import Recorder

path, limit, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
noise = np.random.default_rng(1).integers(0, 256, (count, 120, 160, 3), np.uint8)
found = {"notes": []}
try:
    options = RecordingOptions(path, path.parent, EncoderRequest(live=False))
    with Recorder(options, RecordingEvents(notify=found["notes"].append)) as recorder:
        for number in range(count):
            found["reached_s"] = number / 30
            recorder.show(annotated_frame_of(noise[number], number, number / 30))
except SinkError as error:
    found["error"] = str(error)
print(json.dumps(found))
"""


@needs_limits
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_disk_that_fills_up_is_an_error_that_names_the_second_and_keeps_all_before_it(
    suffix, tmp_path
):
    path = tmp_path / f"r{suffix}"
    done = run_script(FILLING, path, 1_500_000, 200)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["notes"] == []
    at_s = float(re.search(r"broke off at (\d+\.\d) s .file too large", found["error"])[1])
    assert at_s <= found["reached_s"]
    assert at_s > 1.5
    kept_s = readable_times_s(path)
    assert len(kept_s) / 30 == pytest.approx(at_s, abs=0.06)
    assert kept_s == pytest.approx([n / 30 for n in range(len(kept_s))], abs=0.001)


@needs_limits
def test_a_disk_that_is_full_at_the_last_moment_is_an_error_too(tmp_path):
    whole = tmp_path / "whole.mp4"
    assert run_script(FILLING, whole, 100_000_000, 20).returncode == 0
    done = run_script(FILLING, tmp_path / "r.mp4", whole.stat().st_size - 20_000, 20)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert re.search(r"broke off at 0\.[3-6] s", found["error"])
    assert found["notes"] == []
