"""Snapshots: what the two keys save; failures are notified and never end the run."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import cv2
import numpy as np
import pytest
from annotated_frames import RECORDING, annotated_frame_of
from support import textured

from livecam.sinks import snapshots as snapshots_module
from livecam.sinks.snapshots import SnapshotWriter
from livecam.core.stats_record import stats_record

NOON = datetime(2026, 11, 22, 12, 0, 5)  # noqa: DTZ001  (wall clock)


@pytest.fixture
def notes():
    """The notifications."""
    return []


@pytest.fixture
def snapshot_writer(tmp_path, notes):
    return SnapshotWriter(tmp_path / "snapshots", notify=notes.append, now=lambda: NOON)


def annotated(annotated=0, clean=0, index=0):
    view = replace(RECORDING, snapshots=annotated, clean_snapshots=clean)
    made = annotated_frame_of(textured(60, 40), index, index / 30, view=view)
    made.picture[:] = 200 + index
    return made


def names(tmp_path):
    return sorted(path.name for path in (tmp_path / "snapshots").glob("*"))


def test_nothing_is_saved_and_no_folder_made_until_a_key_asks(snapshot_writer, notes, tmp_path):
    for index in range(5):
        snapshot_writer.show(annotated(index=index))
    assert (list(tmp_path.iterdir()), notes) == ([], [])


def test_s_saves_the_annotated_picture(snapshot_writer, notes, tmp_path):
    snapshot_writer.show(annotated(annotated=1, index=7))
    path = tmp_path / "snapshots" / "livecam_2026-11-22_12-00-05.png"
    assert notes == [f"saved {path}"]
    assert np.array_equal(cv2.imread(str(path)), np.full((40, 60, 3), 207))


def test_capital_s_saves_the_clean_frame_and_its_numbers_with_the_grid(
    snapshot_writer, notes, tmp_path
):
    asked = annotated(clean=1, index=7)
    snapshot_writer.show(asked)
    path = tmp_path / "snapshots" / "livecam_2026-11-22_12-00-05_clean.png"
    assert notes == [f"saved {path}"]
    assert np.array_equal(cv2.imread(str(path)), asked.frame.bgr)
    numbers = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert numbers == stats_record(asked, grid=True, top=True)
    assert np.array(numbers["grid"]).shape == (7, 7)


def test_a_request_is_served_once_however_long_its_view_lasts(snapshot_writer, notes):
    for index in range(5):
        snapshot_writer.show(annotated(annotated=1, clean=1, index=index))
    assert len(notes) == 2


def test_pictures_of_the_same_second_never_overwrite_each_other(snapshot_writer, tmp_path):
    for count in range(1, 4):
        snapshot_writer.show(annotated(annotated=count, clean=count, index=count))
    stem = "livecam_2026-11-22_12-00-05"
    clean = [f"{stem}_clean", f"{stem}_2_clean", f"{stem}_3_clean"]
    assert set(names(tmp_path)) == {
        *(f"{stem}{number}.png" for number in ("", "_2", "_3")),
        *(f"{name}{suffix}" for name in clean for suffix in (".png", ".json")),
    }
    first = cv2.imread(str(tmp_path / "snapshots" / f"{stem}.png"))
    assert first[0, 0, 0] == 201


def test_names_carry_the_moment_of_the_key(tmp_path, notes):
    moments = iter(NOON + timedelta(minutes=n) for n in range(3))
    snapshot_writer = SnapshotWriter(
        tmp_path / "snapshots", notify=notes.append, now=lambda: next(moments)
    )
    for count in range(1, 4):
        snapshot_writer.show(annotated(annotated=count))
    assert names(tmp_path) == [f"livecam_2026-11-22_12-0{n}-05.png" for n in range(3)]


def test_a_picture_of_a_folder_is_named_in_its_numbers(snapshot_writer, tmp_path):
    asked = annotated(clean=1)
    snapshot_writer.show(replace(asked, frame=replace(asked.frame, name="photos/花.jpg")))
    (path,) = (tmp_path / "snapshots").glob("*.json")
    assert json.loads(path.read_text("utf-8"))["picture"] == "photos/花.jpg"


def test_a_folder_that_cannot_be_made_is_notified_and_does_not_end_the_run(tmp_path, notes):
    (tmp_path / "file").touch()
    snapshot_writer = SnapshotWriter(
        tmp_path / "file" / "snapshots", notify=notes.append, now=lambda: NOON
    )
    snapshot_writer.show(annotated(annotated=1))
    snapshot_writer.show(annotated(annotated=1, clean=1))
    assert len(notes) == 2
    for text in notes:
        assert "cannot be made" in text
        assert "--snapshots" in text


@pytest.mark.parametrize("asked", [{"annotated": 1}, {"clean": 1}])
def test_a_failed_write_is_notified_and_leaves_no_incomplete_picture(
    asked, snapshot_writer, notes, tmp_path, monkeypatch
):
    def half(self, data):
        with self.open("wb") as file:
            file.write(data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshots_module.Path, "write_bytes", half)
    snapshot_writer.show(annotated(**asked))
    assert len(notes) == 1
    assert "was not saved (No space left on device)" in notes[0]
    assert names(tmp_path) == []


def test_after_a_failure_the_next_request_is_served(snapshot_writer, notes, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(snapshots_module.Path, "mkdir", _refuse)
        snapshot_writer.show(annotated(annotated=1))
    snapshot_writer.show(annotated(annotated=2))
    assert len(notes) == 2
    assert names(tmp_path) == ["livecam_2026-11-22_12-00-05.png"]


def _refuse(self, **_):
    raise PermissionError(13, "Permission denied")
