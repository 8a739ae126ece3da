"""--keep-days and --keep-gb: only recordings of livecam go, the oldest first, and it is told."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from annotated_frames import annotated_frames_of
from sinks.recording.recordings import copied_as_recorded, record
from support import picture, textured, write_clip

from livecam.core.split_limit import split_limit
from livecam.settings.schema import Settings
from livecam.sinks.output_locks import lock_output, lock_path
from livecam.sinks.output_paths import clean_path
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.keep_limits import KeepLimits
from livecam.sinks.recording.metadata import run_metadata
from livecam.sinks.recording.options import RecordingOptions
from livecam.sinks.recording.own_recordings import name_digest, own_recording
from livecam.sinks.recording.retention import Retention

NOW_S = 1_800_000_000.0
DAY_S = 86_400.0


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    """A recording with its twin and figures."""
    path = tmp_path_factory.mktemp("one") / "one.mp4"
    options = RecordingOptions(
        path, path.parent, EncoderRequest(live=False), clean=True, stats=True,
        run_metadata=run_metadata(Settings(), "a fake"),
    )  # fmt: skip
    record(options, annotated_frames_of([picture(value=n) for n in range(9)]))
    return path


def put(recording, folder, stem, days_old, *, beside=False, pattern="%Y-%m-%d.mp4", made_as=None):
    """A recording under another name, made under that name unless `made_as` says another one."""
    folder.mkdir(parents=True, exist_ok=True)
    endings = [".mp4", "_clean.mp4", ".jsonl"] if beside else [".mp4"]
    named = folder / f"{made_as or stem}.mp4"
    for ending in endings:
        source, path = recording.with_name(recording.stem + ending), folder / f"{stem}{ending}"
        copied_as_recorded(source, path, pattern, named=named)
        os.utime(path, (NOW_S - days_old * DAY_S,) * 2)


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))


def retention(folder, name="%Y-%m-%d.mp4", **limits):
    return Retention(folder / name, KeepLimits(**limits), clock=lambda: NOW_S)


def enforce(keeper, folder, size_bytes=0):
    """Enforce the limits while another recording, not in the folder yet, is being written."""
    return keeper.enforce([folder / "2027-01-31.mp4"], size_bytes)


def test_recordings_that_are_too_old_go_with_their_twins_and_figures(recording, tmp_path):
    put(recording, tmp_path, "2027-01-01", 9.0, beside=True)
    put(recording, tmp_path, "2027-01-01_2", 8.0)
    put(recording, tmp_path, "2027-01-08", 6.0, beside=True)
    line = enforce(retention(tmp_path, days=7), tmp_path)
    assert line == "deleted for --keep-days 7: 2027-01-01.mp4, 2027-01-01_2.mp4"
    assert names(tmp_path) == ["2027-01-08.jsonl", "2027-01-08.mp4", "2027-01-08_clean.mp4"]


def test_the_oldest_go_first_until_all_are_within_the_size(recording, tmp_path):
    for day in range(1, 7):
        put(recording, tmp_path, f"2027-01-0{day}", 10 - day)
    size_bytes = recording.stat().st_size
    line = enforce(retention(tmp_path, size_bytes=round(size_bytes * 3.5)), tmp_path)
    assert line.endswith("2027-01-01.mp4, 2027-01-02.mp4 and 1 recording more")
    assert names(tmp_path) == [f"2027-01-0{day}.mp4" for day in (4, 5, 6)]


def test_what_is_being_written_counts_and_stays(recording, tmp_path):
    for day in range(1, 5):
        put(recording, tmp_path, f"2027-01-0{day}", 10 - day)
    size_bytes = recording.stat().st_size
    oldest = tmp_path / "2027-01-01.mp4"
    keeper = retention(tmp_path, size_bytes=round(size_bytes * 3.5))
    keeper.enforce([oldest], 2 * size_bytes)
    assert names(tmp_path) == ["2027-01-01.mp4", "2027-01-04.mp4"]


def test_when_a_run_ends_its_last_recording_stays_however_large(recording, tmp_path):
    for day in (1, 2, 3):
        put(recording, tmp_path, f"2027-01-0{day}", 10 - day)
    retention(tmp_path, size_bytes=1).enforce([], 0)
    assert names(tmp_path) == ["2027-01-03.mp4"]


def test_what_another_run_writes_stays(recording, tmp_path):
    for day in (1, 2):
        put(recording, tmp_path, f"2027-01-0{day}", 10)
    lock = lock_output(tmp_path / "2027-01-01.mp4")
    enforce(retention(tmp_path, days=1), tmp_path)
    assert "2027-01-01.mp4" in names(tmp_path)
    assert "2027-01-02.mp4" not in names(tmp_path)
    lock.release()


def test_what_another_user_may_be_writing_stays(recording, tmp_path, monkeypatch):
    from filelock import FileLock

    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    for day in (1, 2):
        put(recording, tmp_path, f"2027-01-0{day}", 10)
    monkeypatch.setattr(FileLock, "acquire", refused)
    lock_path(tmp_path / "2027-01-01.mp4").touch()
    enforce(retention(tmp_path, days=1), tmp_path)
    assert names(tmp_path) == [".2027-01-01.mp4.livecam-lock", "2027-01-01.mp4"]


def test_without_locks_what_has_just_changed_stays(recording, tmp_path, monkeypatch):
    def no_locks(*_):
        raise OSError(37, "No locks available")

    put(recording, tmp_path, "2027-01-01", 60 / DAY_S)
    put(recording, tmp_path, "2027-01-02", 3600 / DAY_S)
    monkeypatch.setattr("fcntl.flock", no_locks)
    enforce(retention(tmp_path, size_bytes=1), tmp_path)
    assert [name for name in names(tmp_path) if name[0] != "."] == ["2027-01-01.mp4"]


def test_what_somebody_renamed_made_or_put_there_stays(recording, tmp_path):
    put(recording, tmp_path, "holiday", 99)
    put(recording, tmp_path, "2027-01-01_repaired", 99)
    put(recording, tmp_path, "2027-01-01x", 99)
    put(recording, tmp_path / "2027", "2027-01-01", 99)
    write_clip(tmp_path / "2027-01-02.mp4", [textured(64, 48)] * 3, [0.0, 0.1, 0.2])
    (tmp_path / "2027-01-03.mp4").write_text("no video")
    (tmp_path / "2027-01-04.mp4").symlink_to(recording)
    (tmp_path / "2027-01-05.mp4").mkdir()
    for path in tmp_path.glob("2027-01-0[23]*"):
        os.utime(path, (0, 0))
    before = names(tmp_path)
    assert enforce(retention(tmp_path, days=1, size_bytes=1), tmp_path) == ""
    assert names(tmp_path) == before
    assert recording.exists()


def test_figures_and_twins_of_others_stay(recording, tmp_path):
    put(recording, tmp_path, "2027-01-01", 99)
    (tmp_path / "2027-01-01.jsonl").write_text('{"mine": 1}\n')
    write_clip(tmp_path / "2027-01-01_clean.mp4", [textured(64, 48)] * 3, [0.0, 0.1, 0.2])
    assert "2027-01-01.mp4" in enforce(retention(tmp_path, days=1), tmp_path)
    assert names(tmp_path) == ["2027-01-01.jsonl", "2027-01-01_clean.mp4"]


def test_dated_folders_are_looked_through_and_go_when_they_are_empty(recording, tmp_path):
    put(recording, tmp_path / "2026" / "12", "cam_31", 20, pattern="%Y/%m/cam_%d.mp4")
    put(recording, tmp_path / "2027" / "01", "cam_01", 19, pattern="%Y/%m/cam_%d.mp4")
    put(recording, tmp_path / "2027" / "01", "cam_09", 2, pattern="%Y/%m/cam_%d.mp4")
    (tmp_path / "2026" / "notes").mkdir()
    enforce(retention(tmp_path, "%Y/%m/cam_%d.mp4", days=7), tmp_path)
    assert names(tmp_path) == ["2027/01/cam_09.mp4"]
    assert (tmp_path / "2026" / "notes").is_dir()
    assert not (tmp_path / "2026" / "12").exists()


def test_pieces_of_a_plain_name_are_kept_within_the_limits_too(recording, tmp_path):
    for number in ("", "_2", "_3"):
        put(recording, tmp_path, f"cam%{number}", 9 if number != "_3" else 1, pattern="cam%%.mp4")
    enforce(retention(tmp_path, "cam%%.mp4", days=7), tmp_path)
    assert names(tmp_path) == ["cam%_3.mp4"]


def test_it_is_looked_again_when_a_recording_has_grown(recording, tmp_path):
    put(recording, tmp_path, "2027-01-01", 1)
    size_bytes = recording.stat().st_size
    keeper = retention(tmp_path, size_bytes=3 * size_bytes)
    assert keeper.is_due(0)
    enforce(keeper, tmp_path)
    assert not keeper.is_due(size_bytes)
    assert keeper.is_due(2 * size_bytes)
    keeper.add(tmp_path / "2027-01-02.mp4")
    assert keeper.is_due(0)


def test_a_limit_that_what_is_written_alone_outgrows_is_told_once(recording, tmp_path):
    put(recording, tmp_path, "2027-01-01", 1)
    keeper = retention(tmp_path, size_bytes=1_000_000)
    assert "deleted" in enforce(keeper, tmp_path, 2_000_000)
    assert "takes 2.0 MB alone. A smaller --split" in enforce(keeper, tmp_path, 2_000_000)
    assert enforce(keeper, tmp_path, 2_000_000) == ""


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_recording_is_known_by_its_metadata(suffix, tmp_path):
    path = tmp_path / f"r{suffix}"
    metadata = run_metadata(Settings(), "a fake")
    options = RecordingOptions(path, tmp_path, EncoderRequest(live=False), run_metadata=metadata)
    record(options, annotated_frames_of([picture(value=n) for n in range(9)]))
    assert own_recording(path, path, path)
    assert not own_recording(path, tmp_path / f"%Y{suffix}", path)
    other = path.rename(tmp_path / f"s{suffix}")
    assert not own_recording(other, other, other)


def test_dated_recordings_of_a_run_are_known_under_their_pattern(tmp_path):
    pattern = tmp_path / "%Y" / "cam_%m-%d.mp4"
    options = RecordingOptions(
        None, tmp_path, EncoderRequest(live=False), pattern=pattern, clean=True,
        split=split_limit("1s"),
    )  # fmt: skip
    record(options, annotated_frames_of([picture(value=n) for n in range(45)]))
    first, second = tmp_path / "2026/cam_11-22.mp4", tmp_path / "2026/cam_11-22_2.mp4"
    for path in (first, second):
        assert own_recording(path, pattern, path)
        assert own_recording(clean_path(path), pattern, path)
    assert name_digest(pattern, first) == name_digest(Path("%Y/cam_%m-%d.mp4"), first)


def test_what_another_record_made_stays_whatever_number_it_has(recording, tmp_path):
    """cam_%Y%m%d.mp4 gives names that look like those of the pieces of cam.mp4."""
    put(recording, tmp_path, "cam_20201201", 99, pattern="cam_%Y%m%d.mp4")
    put(recording, tmp_path, "cam_20201", 99, pattern="cam.mp4", made_as="cam_7")
    put(recording, tmp_path, "cam_2", 99, pattern="cam.mp4")
    enforce(retention(tmp_path, "cam.mp4", days=1), tmp_path)
    assert names(tmp_path) == ["cam_20201.mp4", "cam_20201201.mp4"]


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not here")
@pytest.mark.parametrize(
    "words",
    [["-vf", "hflip"], ["-c", "copy"], ["-frames:v", "4", "-map_metadata", "0"]],
)
def test_what_somebody_made_of_a_recording_stays_even_under_its_name(words, recording, tmp_path):
    """FFmpeg copies the comment."""
    put(recording, tmp_path, "2027-01-01", 99)
    own, cut = tmp_path / "2027-01-01.mp4", tmp_path / "cut.mp4"
    subprocess.run(["ffmpeg", "-v", "error", "-i", own, *words, cut], check=True, timeout=60)
    for target in (own, tmp_path / "2018-01-01.mp4"):
        shutil.copyfile(cut, target)
        os.utime(target, (0, 0))
    cut.unlink()
    assert enforce(retention(tmp_path, days=1), tmp_path) == ""
    assert names(tmp_path) == ["2018-01-01.mp4", "2027-01-01.mp4"]


def test_figures_that_somebody_made_of_a_recording_stay(recording, tmp_path):
    """Of `livecam 2027-01-01.mp4 --stats 2027-01-01.jsonl`."""
    path = tmp_path / "2027-01-01.mp4"
    options = RecordingOptions(path, tmp_path, EncoderRequest(live=False))
    record(options, annotated_frames_of([picture(value=n) for n in range(9)]))
    copied_as_recorded(path, path, "%Y-%m-%d.mp4")
    os.utime(path, (0, 0))
    figures = shutil.copyfile(recording.with_suffix(".jsonl"), path.with_suffix(".jsonl"))
    assert "2027-01-01.mp4" in enforce(retention(tmp_path, days=1), tmp_path)
    assert names(tmp_path) == [figures.name]
