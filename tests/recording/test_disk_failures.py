"""Disks: full, too small, read-only, pulled out, removed under our hands."""

import errno
import os
import re
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from contract.annotated_frames import RECORDING, annotated_frame_of
from recording.reading import times_kept
from support import FakeClock, eventually, livecam, probe, textured, write_clip

from livecam.errors import SettingsError, SinkError
from livecam.sinks.recording.disk_space import DiskGuard
from livecam.sinks.recording.encoder import Wish
from livecam.sinks.recording.options import Plan, check_recording
from livecam.sinks.recording.recorder import Recorder
from livecam.sinks.recording.crash_safe_file import SafeFile

NOON = datetime(2026, 11, 22, 12, 0, 5)  # noqa: DTZ001  (the wall's time)
STOPPED = replace(RECORDING, recording=False)
PICTURES = [textured(160, 120, seed) for seed in range(9)]
FLOWERS = ["--model", "flowers", "--no-window"]


class SmallDisk:
    """Free bytes that shrink by so many with every question."""

    def __init__(self, free, step):
        self.free, self.step = free, step

    def __call__(self, _):
        self.free -= self.step
        return self.free


class TickingClock(FakeClock):
    """A thirtieth of a second with every question."""

    def __call__(self):
        self.sleep(1 / 30)
        return self.now_s


def record(path, count, *, free, reserve=200_000_000, stop_at=None, notes=None, folder=None):
    plan = Plan(path, folder or path.parent, Wish(live=False))
    states = []
    sink = Recorder(
        plan,
        notify=(notes if notes is not None else []).append,
        guard=DiskGuard(reserve, free),
        now=lambda: NOON,
        clock=TickingClock(),
    )
    with sink:
        for number in range(count):
            view = STOPPED if number == stop_at else RECORDING
            sink.show(annotated_frame_of(PICTURES[number % 9], number, number / 30, view=view))
            states.append(sink.state())
    return states


def test_the_reserve_closes_the_file_properly_and_names_the_last_second(tmp_path):
    path = tmp_path / "r.mp4"
    disk = SmallDisk(205_000_000, 500_000)
    with pytest.raises(SinkError) as caught:
        record(path, 400, free=disk)
    told = re.search(
        r"r\.mp4 was closed at (\d+\.\d) s and is whole: less than 200 MB", str(caught.value)
    )
    assert "--disk-reserve" in str(caught.value)
    seen = probe(path)
    assert seen.duration_s == pytest.approx(float(told[1]), abs=0.06)
    assert seen.frames < 400


def test_no_recording_is_begun_on_a_disk_without_room(tmp_path):
    plan = Plan(tmp_path / "r.mp4", tmp_path)
    with pytest.raises(SinkError, match="less than 200 MB"):
        check_recording(plan, DiskGuard(200_000_000, lambda _: 150_000_000))
    with pytest.raises(SinkError, match="was not begun: less than 200 MB"):
        record(tmp_path / "r.mp4", 5, free=lambda _: 150_000_000)
    assert list(tmp_path.iterdir()) == []


def test_a_recording_of_a_key_on_a_full_disk_is_news_and_the_run_goes_on(tmp_path):
    notes = []
    plan = Plan(None, tmp_path, Wish(live=False))
    guard = DiskGuard(200_000_000, lambda _: 100_000_000)
    with Recorder(plan, notify=notes.append, guard=guard, now=lambda: NOON) as sink:
        for number in range(30):
            sink.show(annotated_frame_of(PICTURES[0], number, number / 30))
    assert len(notes) == 1
    assert "was not begun" in notes[0]
    assert sink.state().is_broken


def test_minutes_left_are_known_while_recording(tmp_path):
    states = record(tmp_path / "r.mp4", 300, free=lambda _: 260_000_000)
    known = [s.minutes_left for s in states if s.minutes_left is not None]
    size, seconds = (tmp_path / "r.mp4").stat().st_size, 10.0
    assert known[-1] == pytest.approx(60_000_000 / (size / seconds) / 60, rel=0.3)


def test_one_reserve_is_enough_for_what_comes_after(tmp_path):
    """A file that was closed for want of room is not copied to make it a fast-start one."""
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
    told = re.search(r"broke off at (\d+\.\d) s .no space left", run.stderr)
    kept_s = times_kept(path)
    assert kept_s[-1] + 1 / 30 >= float(told[1]) - 0.06
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
    """As a file system does after an input or output error of its disk."""
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
    kept_s = times_kept(path)
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
    clock = TickingClock()
    plan = Plan(folder / "r.mp4", folder, Wish(live=False))
    guard = DiskGuard(0, lambda _: 10**12)

    def take_away(sink):
        for number in range(300):
            if number == after:
                eventually((folder / "r.mp4").exists)
                if moved:
                    folder.rename(tmp_path / "elsewhere")
                else:
                    shutil.rmtree(folder)
            sink.show(annotated_frame_of(PICTURES[number % 9], number, number / 30))

    sink = Recorder(plan, notify=print, guard=guard, clock=clock)
    with pytest.raises(SinkError) as caught, sink:
        take_away(sink)
    told = re.search(r"taken away.*what there was, (\d+\.\d) s,", str(caught.value))
    kept = tmp_path / ("elsewhere/r.mp4" if moved else "r_rescued.mp4")
    assert ("wherever it was moved to" if moved else str(kept)) in str(caught.value)
    seen = probe(kept)
    assert seen.duration_s == pytest.approx(float(told[1]), abs=0.06)
    assert seen.duration_s > 2.0


def test_nothing_is_overwritten_even_if_it_appears_after_the_start(tmp_path):
    path = tmp_path / "r.mp4"
    check_recording(Plan(path, tmp_path))
    path.write_text("dear to me")
    with pytest.raises(SinkError, match=r"r\.mp4 did not open .file exists"):
        record(path, 30, free=lambda _: 10**12)
    assert path.read_text() == "dear to me"


@pytest.mark.parametrize("taken", ["r_clean.mp4", "r.jsonl"])
def test_files_beside_it_are_not_overwritten_either(taken, tmp_path):
    (tmp_path / taken).write_text("dear to me")
    plan = Plan(tmp_path / "r.mp4", tmp_path, clean=True, figures=True)
    with pytest.raises(SettingsError, match=taken):
        check_recording(plan)
    check_recording(replace(plan, force=True))


def taken_away(folder):
    """The error of a recording whose folder is removed on the way."""
    folder.mkdir()
    plan = Plan(folder / "r.mp4", folder, Wish(live=False))
    guard = DiskGuard(0, lambda _: 10**12)
    sink = Recorder(plan, notify=print, guard=guard, clock=TickingClock())

    def record_on():
        for number in range(120):
            if number == 90:
                eventually((folder / "r.mp4").exists)
                shutil.rmtree(folder)
            sink.show(annotated_frame_of(PICTURES[number % 9], number, number / 30))

    with pytest.raises(SinkError) as caught, sink:
        record_on()
    return str(caught.value)


def test_what_is_rescued_never_meets_what_was_rescued_before(tmp_path):
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


def test_a_recording_that_no_place_takes_is_not_said_to_be_kept(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    told = taken_away(tmp_path / "videos")
    assert "is lost: no other place took it (no space left on device)" in told
    assert "kept" not in told


def test_a_medium_that_failed_behind_our_back_is_told_at_the_end(tmp_path, monkeypatch):
    """The system tells of a failed write once, to whoever asks first."""
    failures = [OSError(errno.EIO, "Input/output error")]
    asked = threading.Event()

    def sync(_):
        if failures:
            asked.set()
            raise failures.pop()

    file = SafeFile(tmp_path / "r.mp4", replace=False)
    file.write(b"moof")
    file.commit()
    monkeypatch.setattr(os, "fsync", sync)
    file.sync_soon()
    with pytest.raises(OSError, match="Input/output"):
        file.finish()
    assert asked.is_set()
    file.finish()  # harmless


def test_all_files_of_a_recording_that_broke_off_are_shown(tmp_path):
    kept = []
    plan = Plan(None, tmp_path, Wish(live=False), clean=True)
    guard = DiskGuard(1_000_000, SmallDisk(1_500_000, 100_000))
    with Recorder(
        plan, notify=print, kept=kept.append, guard=guard, clock=TickingClock(), now=lambda: NOON
    ) as sink:
        for number in range(300):
            sink.show(annotated_frame_of(PICTURES[number % 9], number, number / 30))
    assert sorted(path.name for path in kept) == sorted(path.name for path in tmp_path.iterdir())
    assert len(kept) == 2


def test_the_disk_that_is_watched_is_that_of_the_file_itself(tmp_path):
    elsewhere = tmp_path / "big"
    elsewhere.mkdir()
    link = tmp_path / "r.mp4"
    link.symlink_to(elsewhere / "real.mp4")
    asked = set()

    def free(folder):
        asked.add(folder)
        return 10**12

    plan = Plan(link, tmp_path, Wish(live=False), force=True)
    guard = DiskGuard(1_000_000, free)
    check_recording(plan, guard)
    with Recorder(plan, notify=print, guard=guard, clock=TickingClock()) as sink:
        for number in range(90):
            sink.show(annotated_frame_of(PICTURES[number % 9], number, number / 30))
    assert asked == {elsewhere}
