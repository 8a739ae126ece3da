"""The index of recordings: finished files of this run, and livecam's own of earlier ones."""

import os
from datetime import datetime, timedelta

import pytest

from livecam.sinks.recording_index import RecordingIndex


@pytest.fixture
def began():
    return datetime.now().astimezone()


def made(path, age_s=3600.0, began=None):
    path.write_bytes(b"x")
    then = (began or datetime.now().astimezone()) - timedelta(seconds=age_s)
    os.utime(path, (then.timestamp(), then.timestamp()))
    return path


def names(recording_index):
    return {item.path.name for item in recording_index.items()}


def test_earlier_files_are_listed_if_livecam_named_them(tmp_path, began):
    shown = {
        "livecam_2026-01-02_03-04-05.mp4",
        "livecam_2026-01-02_03-04-05_2.mkv",
        "livecam_2026-01-02_03-04-05_clean.png",
    }
    for name in [*shown, "holiday.mp4", "livecam.toml", "livecam_2026-01-02_03-04-05.jsonl",
                 "livecam_x.mp4", ".livecam_2026-01-02_03-04-05.mp4"]:  # fmt: skip
        made(tmp_path / name, began=began)
    (tmp_path / "livecam_2026-01-02_03-04-06.mp4").mkdir()
    assert names(RecordingIndex(tmp_path, began=began)) == shown


def test_a_file_that_is_being_written_is_listed_when_it_is_finished(tmp_path, began):
    recording_index = RecordingIndex(tmp_path, began=began)
    path = made(tmp_path / "livecam_2026-01-02_03-04-05.mp4", age_s=-5, began=began)
    assert names(recording_index) == set()
    recording_index.add(path)
    recording_index.add(path)
    assert [item.path for item in recording_index.items()] == [path]


def test_a_file_with_any_name_is_listed_when_this_run_made_it(tmp_path, began):
    recording_index = RecordingIndex(tmp_path / "missing", began=began)
    recording_index.add(made(tmp_path / "garden.mp4"))
    recording_index.add(made(tmp_path / "garden.txt"))
    assert names(recording_index) == {"garden.mp4"}
    (tmp_path / "garden.mp4").unlink()
    assert names(recording_index) == set()


def test_ids_find_the_file_and_reveal_nothing(tmp_path, began):
    path = made(tmp_path / "livecam_2026-01-02_03-04-05.mp4", began=began)
    recording_index, other = (RecordingIndex(tmp_path, began=began) for _ in range(2))
    (item,) = recording_index.items()
    assert recording_index.find(item.id).path == path
    assert other.find(item.id) is None  # ids of another run mean nothing
    for wrong in ("", "..", str(path), path.name, item.id.upper() + "x"):
        assert recording_index.find(wrong) is None
