"""Snapshots: what the two keys save; failures are notified and never end the run."""

import json
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from annotated_frames import RECORDING, annotated_frame_of
from support import FakeClock, eventually, textured

from livecam.errors import SinkError
from livecam.sinks import snapshots as snapshots_module
from livecam.sinks.snapshots import SnapshotWriter
from livecam.core.stats_record import stats_record

NOON = datetime(2026, 11, 22, 12, 0, 5)  # noqa: DTZ001  (wall clock)


@pytest.fixture
def notes():
    """The notifications."""
    return []


class Waiting(SnapshotWriter):
    """Waits until each snapshot is saved."""

    def show(self, annotated):
        super().show(annotated)
        eventually(lambda: not self.is_saving)


@pytest.fixture
def snapshot_writer(tmp_path, notes):
    with Waiting(tmp_path / "snapshots", notify=notes.append, now=lambda: NOON) as writer:
        yield writer


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
    snapshot_writer = Waiting(
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
    snapshot_writer = Waiting(
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
    def full(files, contents):
        for file in files:
            file.write(b"half")
            file.close()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshots_module, "_fill", full)
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


def test_of_programs_that_save_in_the_same_second_each_keeps_its_picture(tmp_path):
    """What is said to be saved is saved, and nobody replaces it."""
    said = []
    ready = threading.Barrier(6)

    def program(number):
        writer = Waiting(tmp_path, notify=said.append, now=lambda: NOON)
        ready.wait()
        writer.show(annotated(annotated=1, clean=1, index=number))

    programs = [threading.Thread(target=program, args=[number]) for number in range(6)]
    for each in programs:
        each.start()
    for each in programs:
        each.join()
    paths = [Path(text.removeprefix("saved ")) for text in said]
    assert len(set(paths)) == 12
    shown = sorted(int(cv2.imread(str(p))[0, 0, 0]) for p in paths if "clean" not in p.name)
    assert shown == [200 + number for number in range(6)]
    for path in paths:
        if "clean" in path.name:
            numbers = json.loads(path.with_suffix(".json").read_text())
            assert np.array_equal(cv2.imread(str(path)), textured(60, 40))
            assert numbers["frame"] in range(6)


def test_a_disk_that_stalls_stops_nobody_and_loses_nothing(tmp_path, notes, monkeypatch):
    answers, write = threading.Event(), snapshots_module._write

    def stalled(*arguments):
        assert answers.wait(60)
        return write(*arguments)

    monkeypatch.setattr(snapshots_module, "_write", stalled)
    with SnapshotWriter(tmp_path, notify=notes.append, now=lambda: NOON) as writer:
        for count in range(1, 5):
            writer.show(annotated(annotated=count, index=count))
        assert writer.is_saving
        assert notes == []
        answers.set()
    assert len(list(tmp_path.glob("*.png"))) == len(notes) == 4


def test_a_disk_that_never_answers_is_told_at_the_end(tmp_path, notes, monkeypatch):
    is_writing, answers = threading.Event(), threading.Event()

    def stalled(*_):
        is_writing.set()
        answers.wait(60)

    monkeypatch.setattr(snapshots_module, "_write", stalled)
    monkeypatch.setattr(snapshots_module, "DISK_PATIENCE_S", 0.05)
    with SnapshotWriter(tmp_path, notify=notes.append) as writer:
        writer.show(annotated(annotated=1))
        assert is_writing.wait(60)  # from now on nothing leaves the queue
        for count in range(2, 30):
            writer.show(annotated(annotated=count))
    waiting, lost = notes  # before the disk answers, and its thread says so
    answers.set()
    assert waiting == f"no snapshot: {tmp_path} has not taken those before"
    assert lost.startswith(f"the disk of {tmp_path} gives no answer: not saved: ")
    assert lost.endswith("9 snapshots")  # one that was being written, eight that waited


def test_a_flood_of_snapshots_is_bounded_and_told_once(tmp_path, notes):
    clock = FakeClock()
    with Waiting(tmp_path, notify=notes.append, now=lambda: NOON, clock=clock) as writer:
        for count in range(1, 101):
            writer.show(annotated(annotated=count))
        assert len(list(tmp_path.glob("*.png"))) == 20
        assert notes[20:] == ["no snapshot: at most 20 in 10 s are saved"]
        clock.sleep(10.0)
        writer.show(annotated(annotated=101))
    assert len(list(tmp_path.glob("*.png"))) == 21


def test_the_reserve_of_the_disk_is_not_filled_by_snapshots(tmp_path, notes):
    def full(folder):
        raise SinkError(f"the snapshot was not saved: {folder} is nearly full")

    with SnapshotWriter(tmp_path, notify=notes.append, check_space=full) as writer:
        writer.show(annotated(clean=1))
    assert notes == [f"the snapshot was not saved: {tmp_path} is nearly full"]
    assert not list(tmp_path.iterdir())


def _refuse(self, **_):
    raise PermissionError(13, "Permission denied")
