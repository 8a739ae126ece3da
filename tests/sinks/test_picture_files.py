"""--save-pictures: annotated pictures under the names of the source's, moments of what moves."""

import os
import threading
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from annotated_frames import annotated_frame_of
from support import eventually, livecam_here, records, textured, write_clip

from livecam.errors import SettingsError, SinkError
from livecam.sinks.picture_files import PictureFiles, PictureNames
from livecam.sources.files.listing import root_of

NOON = datetime(2026, 11, 22, 12, 0, 5)  # noqa: DTZ001  (wall clock)
FLOWERS = ["--model", "flowers", "--no-window"]


def sink(folder, *, root="photos", is_live=False, every_s=1.0, force=False, said=None, sources=()):
    names = PictureNames(
        Path(root), "a walk.mp4", is_live, lambda path: path.suffix == ".mov", sources
    )
    say = (said if said is not None else []).append
    return PictureFiles(folder, names, every_s=every_s, force=force, say=say, now=lambda: NOON)


def names(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def show(pictures, *frames):
    with pictures:
        for index, (name, time_s) in enumerate(frames):
            pictures.show(annotated_frame_of(textured(60, 40, index), index, time_s, name=name))


def test_pictures_keep_their_names_and_subfolders(tmp_path):
    said = []
    show(
        sink(tmp_path / "out", said=said),
        ("photos/a.jpg", 0.0), ("photos/b/c.png", 1.0), ("photos/b/d.JPEG", 2.0),
    )  # fmt: skip
    assert names(tmp_path / "out") == ["a.jpg", "b/c.png", "b/d.JPEG"]
    assert said == [f"saved 3 pictures in {tmp_path / 'out'}"]
    shown = cv2.imread(str(tmp_path / "out/b/c.png"))
    assert np.array_equal(shown, textured(60, 40, 1))


def test_what_cannot_be_written_becomes_a_jpeg_and_replaces_no_other(tmp_path):
    show(sink(tmp_path), ("photos/a.jpg", 0.0), ("photos/a.heic", 1.0), ("photos/b.avif", 2.0))
    assert names(tmp_path) == ["a.jpg", "a_2.jpg", "b.jpg"]


def test_of_what_moves_there_is_one_every_so_many_seconds_with_the_number_of_its_frame(tmp_path):
    show(sink(tmp_path, every_s=0.5), *(("", n / 10) for n in range(12)))
    assert names(tmp_path) == [f"a_walk_{n:06d}.jpg" for n in (0, 5, 10)]


def test_every_frame_can_be_saved(tmp_path):
    show(sink(tmp_path, every_s=0.0), *(("", n / 10) for n in range(4)))
    assert names(tmp_path) == [f"a_walk_{n:06d}.jpg" for n in range(4)]


def test_clips_and_animations_of_a_folder_have_numbers_too(tmp_path):
    frames = [("photos/a.gif", 0.0), ("photos/a.gif", 0.4), ("photos/a.gif", 1.2)]
    frames += [("photos/b.mov", 2.0 + n / 4) for n in range(6)]
    show(sink(tmp_path), *frames)
    assert names(tmp_path) == [
        "a.jpg", "a_000001.jpg", "a_000002.jpg", "b_000003.jpg", "b_000007.jpg",
    ]  # fmt: skip


def test_pictures_of_a_camera_have_date_and_time(tmp_path):
    show(sink(tmp_path, is_live=True), ("", 0.0), ("", 0.5), ("", 1.0))
    assert names(tmp_path) == [
        "livecam_2026-11-22_12-00-05.jpg",
        "livecam_2026-11-22_12-00-05_2.jpg",
    ]


def test_existing_pictures_are_refused_without_force(tmp_path):
    (tmp_path / "a.jpg").write_text("mine")
    with pytest.raises(SettingsError, match=r"a\.jpg exists already: give another folder, or"):
        show(sink(tmp_path), ("photos/a.jpg", 0.0))
    assert (tmp_path / "a.jpg").read_text() == "mine"
    show(sink(tmp_path, force=True), ("photos/a.jpg", 0.0))
    assert cv2.imread(str(tmp_path / "a.jpg")) is not None


@pytest.mark.parametrize("force", [False, True])
def test_a_picture_of_the_source_is_never_replaced(force, tmp_path):
    source = tmp_path / "a.png"
    cv2.imwrite(str(source), textured(60, 40))
    before = source.read_bytes()
    with pytest.raises(SettingsError, match="is a picture of the source"):
        show(sink(tmp_path, root=str(tmp_path), force=force), (str(source), 0.0))
    assert source.read_bytes() == before


def test_with_force_no_other_picture_of_the_source_is_replaced_either(tmp_path):
    for name in ("a.heic", "a.jpg"):
        (tmp_path / name).write_text("mine")
    with pytest.raises(SettingsError, match=r"a\.jpg is a picture of the source"):
        show(sink(tmp_path, root=str(tmp_path), force=True), (str(tmp_path / "a.heic"), 0.0))
    assert (tmp_path / "a.jpg").read_text() == "mine"


def test_with_force_a_picture_of_another_folder_of_the_source_is_not_replaced(tmp_path):
    """As with photos/** saved into photos/b."""
    given = [tmp_path / "a.jpg", tmp_path / "b" / "a.jpg"]
    for path in given:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    pictures = sink(tmp_path / "b", root=str(tmp_path), force=True, sources=given)
    with pytest.raises(SettingsError, match=r"a\.jpg is a picture of the source"):
        show(pictures, (str(given[0]), 0.0))
    assert given[1].read_text() == "mine"


def test_two_runs_with_one_camera_folder_take_turns_with_the_numbers(tmp_path, monkeypatch):
    """The other one takes the name between the look and the making."""
    real = Path.open

    def raced(path, mode="r", *rest, **more):
        if mode == "xb" and path.name == "livecam_2026-11-22_12-00-05.jpg" and not path.exists():
            path.write_text("of the other run")
        return real(path, mode, *rest, **more)

    monkeypatch.setattr(Path, "open", raced)
    for force in (False, True):
        show(sink(tmp_path, is_live=True, force=force), ("", 0.0))
    assert names(tmp_path) == [
        f"livecam_2026-11-22_12-00-05{number}.jpg" for number in ("", "_2", "_3")
    ]
    first = tmp_path / "livecam_2026-11-22_12-00-05.jpg"
    assert first.read_text() == "of the other run"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes of Unix")
def test_a_named_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.jpg")
    with pytest.raises(SettingsError, match=r"a\.jpg is no ordinary file"):
        show(sink(tmp_path, force=True), ("photos/a.jpg", 0.0))


def test_a_disk_that_stalls_stops_no_camera_and_what_is_lost_is_counted(tmp_path, monkeypatch):
    goes_on = threading.Event()
    real = Path.open

    def stalled(path, *rest, **more):
        goes_on.wait(60)
        return real(path, *rest, **more)

    monkeypatch.setattr(Path, "open", stalled)
    monkeypatch.setattr("livecam.sinks.picture_files.MOST_PICTURES", 3)
    pictures = sink(tmp_path, is_live=True, every_s=0.0)
    with pictures:
        pictures.show(annotated_frame_of(textured(60, 40), 0, 0.0))
        eventually(pictures._writer._queue.empty)  # it hangs in the first one
        for index in range(1, 9):
            pictures.show(annotated_frame_of(textured(60, 40, index), index, index / 30))
        assert pictures.is_full()
        assert pictures.dropped() == 5
        goes_on.set()
    assert len(names(tmp_path)) == 4
    assert pictures.dropped() == 5


def test_a_disk_that_fails_leaves_no_half_picture(tmp_path, monkeypatch):
    pictures = sink(tmp_path)
    monkeypatch.setattr(
        "livecam.sinks.picture_files._encoded", lambda *_: memoryview(b"x" * 9).cast("B")
    )
    real = Path.open

    class Full:
        def __init__(self, file):
            self.file, self.name = file, file.name

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.file.close()

        def write(self, data):
            self.file.write(data[:4])
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "open", lambda *a, **k: Full(real(*a, **k)))
    with pytest.raises(SinkError, match="No space left on device"):
        show(pictures, ("photos/a.jpg", 0.0))
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("pattern", "root"),
    [
        ("photos", "photos"),
        ("photos/a.jpg", "photos"),
        ("photos/**/*.jpg", "photos"),
        ("photos/*/x.jpg", "photos"),
        ("*.jpg", "."),
        ("missing.jpg", "."),
        ("0", "."),
    ],
)
def test_the_folder_below_which_a_source_lies(pattern, root, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("photos").mkdir()
    Path("photos/a.jpg").touch()
    assert root_of(pattern) == Path(root)


def test_a_folder_of_class_folders_comes_out_annotated_with_its_table(tmp_path):
    for name in ("daisy/1.png", "rose/deep/2.png"):
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), textured(320, 240))
    words = [*FLOWERS, "--save-pictures", "out", "--stats", "s.jsonl"]
    run = livecam_here("photos/**/*.png", *words, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "saved 2 pictures in out" in run.stderr
    assert names(tmp_path / "out") == ["daisy/1.png", "rose/deep/2.png"]
    assert len(records((tmp_path / "s.jsonl").read_text())) == 2
    shown = cv2.imread(str(tmp_path / "out/daisy/1.png"))
    assert shown.shape == (240, 320, 3)
    assert not np.array_equal(shown, textured(320, 240))


def test_moments_of_a_clip_are_saved_without_a_window(tmp_path):
    write_clip(tmp_path / "clip.mp4", [textured(160, 120)] * 60, [n / 30 for n in range(60)])
    run = livecam_here(
        "clip.mp4", *FLOWERS, "--save-pictures", "out", "--save-every", 0.5, cwd=tmp_path
    )
    assert run.returncode == 0, run.stderr
    assert names(tmp_path / "out") == [f"clip_{n:06d}.jpg" for n in (0, 15, 30, 45)]


def test_an_interval_without_pictures_is_refused(tmp_path):
    run = livecam_here("daisy", *FLOWERS, "--stats", "s.csv", "--save-every", 2, cwd=tmp_path)
    assert (run.returncode, run.stderr.count("\n")) == (2, 1)
    assert "--save-pictures FOLDER" in run.stderr


@pytest.mark.parametrize("taken", ["a.png", "b.png"])
def test_a_run_that_is_refused_leaves_no_table_that_blocks_the_next(taken, tmp_path):
    """Before, out.csv stayed, and the same command with another folder was refused for it."""
    for folder in ("photos", "annotated"):
        (tmp_path / folder).mkdir()
    for name in ("a.png", "b.png"):
        cv2.imwrite(str(tmp_path / "photos" / name), textured(64, 48))
    (tmp_path / "annotated" / taken).write_bytes(b"mine")
    flags = ["photos", "--no-window", "--model", "flowers", "--stats", "out.csv"]
    refused = livecam_here(*flags, "--save-pictures", "annotated", cwd=tmp_path)
    assert refused.returncode == 2
    assert f"{taken} exists already" in refused.stderr
    assert not (tmp_path / "out.csv").exists()
    assert livecam_here(*flags, "--save-pictures", "other", cwd=tmp_path).returncode == 0
    assert len((tmp_path / "out.csv").read_text("utf-8").splitlines()) == 3
