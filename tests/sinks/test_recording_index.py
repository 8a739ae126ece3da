"""The index of recordings: finished files of this run, and livecam's own of earlier ones."""

import os
from datetime import datetime, timedelta

import av
import pytest
from support import eventually

from livecam.errors import SinkError
from livecam.sinks.output_locks import lock_output
from livecam.sinks.recording_index import MAX_ITEMS, RecordingIndex
from livecam.sinks.recording.video_duration import video_duration_s


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


def many(folder, began, count=10_000):
    first = datetime(2020, 1, 1, tzinfo=began.tzinfo)
    for number in range(count):
        name = f"livecam_{first + timedelta(seconds=37 * number):%Y-%m-%d_%H-%M-%S}.mp4"
        (folder / name).touch()
        os.utime(folder / name, (1e9, 1e9))


def test_of_ten_thousand_files_a_request_looks_at_those_that_it_shows(tmp_path, began, monkeypatch):
    """Before, each looked at all of them: half a second for a list, a file, a range."""
    many(tmp_path, began)
    recording_index = RecordingIndex(tmp_path, began=began)
    recording_index.refresh()
    looked_at = []
    real = os.stat
    monkeypatch.setattr(os, "stat", lambda *a, **k: looked_at.append(a) or real(*a, **k))
    monkeypatch.setattr(os, "scandir", None)
    items = recording_index.items()
    assert len(items) == MAX_ITEMS
    assert recording_index.find(items[7].id).path == items[7].path
    assert len(looked_at) <= 2 * (MAX_ITEMS + 1)  # each, and whether it has figures


def test_older_files_follow_page_by_page(tmp_path, began):
    many(tmp_path, began, 25)
    recording_index, found = RecordingIndex(tmp_path, began=began), []
    while page := recording_index.items(found[-1].id if found else "", 10):
        found += page
    listed = [item.path.name for item in found]
    assert len(listed) == 25
    assert listed == sorted(listed, reverse=True)


def test_the_file_that_was_finished_last_is_the_first(tmp_path, began):
    many(tmp_path, began, 3)
    recording_index = RecordingIndex(tmp_path, began=began)
    recording_index.refresh()
    for name in ("garden.mp4", "livecam_1999-01-01_00-00-00.mp4"):
        recording_index.add(made(tmp_path / name, age_s=-5, began=began))
        recording_index.refresh()
        assert recording_index.items()[0].path.name == name
    assert len(recording_index.items()) == 5


def test_it_follows_what_others_do_in_the_folder(tmp_path, began):
    with RecordingIndex(tmp_path / "later", began=began) as recording_index:
        assert names(recording_index) == set()
        (tmp_path / "later").mkdir()
        path = made(tmp_path / "later" / "livecam_2026-01-02_03-04-05.mp4", began=began)
        eventually(lambda: names(recording_index) == {path.name})
        before = recording_index.revision
        path.unlink()
        assert names(recording_index) == set()
        eventually(lambda: recording_index.revision > before)


def test_durations_are_read_once_beside_the_requests(tmp_path, began):
    path, measured = made(tmp_path / "livecam_2026-01-02_03-04-05.mp4", began=began), []
    index = RecordingIndex(tmp_path, began=began, measure=lambda path: measured.append(path) or 7.5)
    with index as recording_index:
        eventually(lambda: [item.duration_s for item in recording_index.items()] == [7.5])
        made(tmp_path / "livecam_2026-01-02_03-04-06.png", began=began)
        eventually(lambda: len(recording_index.items()) == 2)
        assert [item.duration_s for item in recording_index.items()] == [None, 7.5]
    assert measured == [path]


def test_the_duration_of_a_video_is_in_its_header(tmp_path):
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    encoded = av.open(str(tmp_path / "x:1.mkv"), "w")
    stream = encoded.add_stream("ffv1", rate=10)
    stream.width, stream.height = 64, 48
    for _ in range(25):
        encoded.mux(stream.encode(av.VideoFrame(64, 48, "yuv420p")))
    encoded.mux(stream.encode())
    encoded.close()
    assert video_duration_s(tmp_path / "x:1.mkv") == pytest.approx(2.5, abs=0.01)
    assert video_duration_s(tmp_path / "broken.mp4") is None
    assert video_duration_s(tmp_path / "missing.mp4") is None


def test_a_file_can_be_deleted_and_only_by_the_id_of_a_listed_one(tmp_path, began):
    told = []
    path = made(tmp_path / "livecam_2026-01-02_03-04-05.mp4", began=began)
    own = made(tmp_path / "holiday.mp4", began=began)
    recording_index = RecordingIndex(tmp_path, began=began, notify=told.append)
    (item,) = recording_index.items()
    for wrong in ("", own.name, str(own), path.name):
        assert not recording_index.delete(wrong)
    assert recording_index.delete(item.id)
    assert not recording_index.delete(item.id)
    assert (path.exists(), own.exists()) == (False, True)
    assert names(recording_index) == set()
    assert told == [f"deleted {path}"]


FIGURES = '{"frame": 0, "time_s": 0.0, "class": "daisy"}\n'


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("livecam_2026-01-02_03-04-05.mp4", "livecam_2026-01-02_03-04-05.jsonl"),
        ("livecam_2026-01-02_03-04-05_clean.png", "livecam_2026-01-02_03-04-05_clean.json"),
    ],
)
def test_figures_are_deleted_with_what_they_belong_to(tmp_path, began, name, figures):
    told = []
    path, beside = made(tmp_path / name, began=began), tmp_path / figures
    beside.write_text(FIGURES)
    recording_index = RecordingIndex(tmp_path, began=began, notify=told.append)
    (item,) = recording_index.items()
    assert item.companions == (beside,)
    assert recording_index.delete(item.id)
    assert list(tmp_path.iterdir()) == []
    assert told == [f"deleted {path} and {figures}"]


@pytest.mark.parametrize("others", ["my own notes", "[1]", '{"a": 1}', ""])
def test_files_of_others_with_such_a_name_stay(tmp_path, began, others):
    made(tmp_path / "livecam_2026-01-02_03-04-05.mp4", began=began)
    beside = tmp_path / "livecam_2026-01-02_03-04-05.jsonl"
    beside.write_text(others)
    recording_index = RecordingIndex(tmp_path, began=began)
    (item,) = recording_index.items()
    assert item.companions == ()
    assert recording_index.delete(item.id)
    assert beside.read_text() == others


def test_an_untouched_twin_leaves_the_figures_of_the_recording(tmp_path, began):
    made(tmp_path / "livecam_2026-01-02_03-04-05_clean.mp4", began=began)
    figures = tmp_path / "livecam_2026-01-02_03-04-05.jsonl"
    figures.write_text(FIGURES)
    recording_index = RecordingIndex(tmp_path, began=began)
    (item,) = recording_index.items()
    assert recording_index.delete(item.id)
    assert list(tmp_path.iterdir()) == [figures]


def test_a_link_that_has_taken_the_place_of_a_file_is_neither_shown_nor_deleted(tmp_path, began):
    path = made(tmp_path / "livecam_2026-01-02_03-04-05.mp4", began=began)
    recording_index = RecordingIndex(tmp_path, began=began)
    (item,) = recording_index.items()
    private = made(tmp_path / "private.mp4", began=began)
    path.unlink()
    path.symlink_to(private)
    assert recording_index.find(item.id) is None
    assert not recording_index.delete(item.id)
    assert private.exists()


@pytest.mark.parametrize("by_link", [True, False])
def test_a_link_in_the_place_of_a_file_of_this_run_is_not_shown(tmp_path, began, by_link):
    path, private = tmp_path / "livecam_2026-01-02_03-04-05.mp4", tmp_path / "private.mp4"
    made(path, began=began)
    made(private, began=began)
    recording_index = RecordingIndex(tmp_path, began=began)
    recording_index.add(path)
    (item,) = recording_index.items()
    path.unlink()
    if by_link:
        path.symlink_to(private)
    else:
        path.mkdir()
    assert recording_index.find(item.id) is None
    assert recording_index.items() == []


def test_a_recording_that_was_asked_for_by_a_link_is_listed_as_its_target(tmp_path, began):
    target = made(tmp_path / "target.mp4", began=began)
    (tmp_path / "link.mp4").symlink_to(target)
    recording_index = RecordingIndex(tmp_path, began=began)
    recording_index.add(tmp_path / "link.mp4")
    assert [item.path for item in recording_index.items()] == [target.resolve()]


@pytest.mark.parametrize("suffix", ["", "_clean"])
def test_what_another_livecam_still_records_is_not_deleted(tmp_path, began, suffix):
    """It pauses: the file is older than this run, and nothing is written at the moment."""
    running = tmp_path / "livecam_2026-01-02_03-04-05.mp4"
    path = made(running.with_stem(running.stem + suffix), began=began)
    recording_index = RecordingIndex(tmp_path, began=began)
    (item,) = recording_index.items()
    lock = lock_output(running)
    with pytest.raises(SinkError, match="is still being recorded"):
        recording_index.delete(item.id)
    assert path.exists()
    lock.release()
    assert recording_index.delete(item.id)
    assert list(tmp_path.iterdir()) == []


def test_recordings_of_earlier_runs_are_listed_in_the_folders_of_record_too(tmp_path, began):
    """Before, a page that was started again listed none of them."""
    (tmp_path / "cam" / "2026-01-02").mkdir(parents=True)
    (tmp_path / "cam" / "2026-01-03").mkdir()
    (tmp_path / "cam" / "holidays").mkdir()
    day = tmp_path / "cam" / "2026-01-02"
    for at, name in ((300.0, "10-00-00.mp4"), (200.0, "11-00-00_2.mp4"), (250.0, "x.mp4")):
        made(day / name, at, began=began)
    made(day / "10-00-00_clean.mp4", 299.0, began=began)
    made(day / "10-00-00.jsonl", 299.0, began=began)
    made(tmp_path / "cam" / "holidays" / "10-00-00.mp4", began=began)
    made(tmp_path / "livecam_2026-01-02_03-04-05.png", began=began)
    pattern = tmp_path / "cam" / "%Y-%m-%d" / "%H-%M-%S.mp4"
    with RecordingIndex(tmp_path, began=began, record=pattern) as recording_index:
        expected = {day / name for name in ("10-00-00.mp4", "10-00-00_clean.mp4", "11-00-00_2.mp4")}
        expected |= {tmp_path / "livecam_2026-01-02_03-04-05.png"}
        assert {item.path for item in recording_index.items()} == expected
        ordered = [item.path.name for item in recording_index.items() if item.path.parent == day]
        assert ordered == ["11-00-00_2.mp4", "10-00-00_clean.mp4", "10-00-00.mp4"]
        later = made(tmp_path / "cam" / "2026-01-03" / "09-00-00.mp4", began=began)
        eventually(lambda: later in {item.path for item in recording_index.items()})
        later.unlink()
        later.parent.rmdir()
        eventually(lambda: {item.path for item in recording_index.items()} == expected)


def test_a_file_that_only_has_such_a_name_is_not_deleted(tmp_path, began):
    """A telephone names its videos by date and time as well."""
    own = made(tmp_path / "20260102_030405.mp4", began=began)
    recording_index = RecordingIndex(
        tmp_path / "shots", began=began, record=tmp_path / "%Y%m%d_%H%M%S.mp4"
    )
    (item,) = recording_index.items()
    with pytest.raises(SinkError, match="not as livecam recorded it"):
        recording_index.delete(item.id)
    assert own.exists()
