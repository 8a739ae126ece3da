"""The boxes of pictures as COCO JSON."""

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from annotated_frames import annotated_frames_of
from support import eventually, fill_disk_of, textured

from livecam.core.bounding_box import Box
from livecam.core.coco_json import pictures_of_coco
from livecam.core.located_object import LocatedObject
from livecam.errors import SettingsError, SinkError
from livecam.sinks import coco_file as module
from livecam.sinks.coco_file import CocoFile
from livecam.sinks.picture_files import PictureNames

DAISY = LocatedObject(Box(3, 4, 20, 10), 0.75, id=1, class_name="daisy")


def frames(folder, names, objects=(DAISY,)):
    made = annotated_frames_of([textured(64, 48, seed) for seed in range(len(names))])
    return [
        replace(one, frame=replace(one.frame, name=name and str(folder / name)), objects=objects)
        for one, name in zip(made, names, strict=True)
    ]


def coco_file(folder, *, force=False, clips=()):
    names = PictureNames(folder, "scene", False, lambda path: path.suffix in clips)
    return CocoFile(folder / "boxes.coco.json", names, force=force)


def written(folder):
    return pictures_of_coco(json.loads((folder / "boxes.coco.json").read_text("utf-8")))


def test_every_picture_stands_in_the_file_by_its_name_below_the_folder(tmp_path):
    with coco_file(tmp_path) as sink:
        for annotated in frames(tmp_path, ["a.jpg", "more/b.jpg"]):
            sink.show(annotated)
        assert not list(tmp_path.iterdir())
    first, second = written(tmp_path)
    assert (first.file_name, first.width_px, first.height_px) == ("a.jpg", 64, 48)
    assert second.file_name == "more/b.jpg"
    assert first.objects == (replace(DAISY, id=0),)
    assert [path.name for path in tmp_path.iterdir()] == ["boxes.coco.json"]


def test_a_picture_without_things_stands_there_too(tmp_path):
    with coco_file(tmp_path) as sink:
        for annotated in frames(tmp_path, ["a.jpg"], objects=()):
            sink.show(annotated)
    (picture,) = written(tmp_path)
    assert picture.objects == ()


def test_frames_of_a_clip_and_of_a_camera_have_their_numbers(tmp_path):
    with coco_file(tmp_path, clips={".mp4"}) as sink:
        for annotated in frames(tmp_path, ["clip.mp4", "clip.mp4", ""]):
            sink.show(annotated)
    assert len({picture.file_name for picture in written(tmp_path)}) == 3


def test_an_existing_file_is_refused_without_force_and_replaced_whole(tmp_path):
    (tmp_path / "boxes.coco.json").write_text("mine")
    with pytest.raises(SettingsError, match="exists already"):
        coco_file(tmp_path)
    with coco_file(tmp_path, force=True) as sink:
        for annotated in frames(tmp_path, ["a.jpg"]):
            sink.show(annotated)
        assert (tmp_path / "boxes.coco.json").read_text() == "mine"
    assert len(written(tmp_path)) == 1


def test_a_run_that_is_refused_or_shows_nothing_leaves_no_file(tmp_path):
    with coco_file(tmp_path):
        pass
    sink = coco_file(tmp_path).__enter__()
    sink.show(*frames(tmp_path, ["a.jpg"]))
    sink.__exit__(SettingsError, SettingsError("refused"), None)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_gone_is_said(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    sink = coco_file(folder).__enter__()
    sink.show(*frames(folder, ["a.jpg"]))
    folder.rmdir()
    with pytest.raises(SinkError, match=r"boxes\.coco\.json could not be written"):
        sink.__exit__(None, None, None)


def test_a_long_run_is_kept_in_a_bounded_memory_and_a_file_without_a_name(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_MEMORY_BYTES", 1000)
    shown = frames(tmp_path, [f"{number}.jpg" for number in range(100)], (DAISY, DAISY))
    with coco_file(tmp_path) as sink:
        for annotated in shown:
            sink.show(annotated)
        eventually(sink.is_idle)
        assert sink._images._file._rolled
        assert sink._annotations._file._rolled
    pictures = written(tmp_path)
    assert [picture.file_name for picture in pictures] == [f"{n}.jpg" for n in range(100)]
    assert all(len(picture.objects) == 2 for picture in pictures)
    assert sink.dropped() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")
@pytest.mark.parametrize("is_kept_on_disk", [False, True])
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path, monkeypatch, is_kept_on_disk):
    def full(opened):
        def on_a_full_disk(*arguments, **given):
            file = opened(*arguments, **given)
            fill_disk_of(file)
            return file

        return on_a_full_disk

    owner, name = (tempfile, "TemporaryFile") if is_kept_on_disk else (Path, "open")
    monkeypatch.setattr(module, "MOST_MEMORY_BYTES", 1 if is_kept_on_disk else 10_000)
    monkeypatch.setattr(owner, name, full(getattr(owner, name)))
    sink = coco_file(tmp_path).__enter__()
    for annotated in frames(tmp_path, ["a.jpg"]):
        sink.show(annotated)
    with pytest.raises(SinkError, match=r"boxes\.coco\.json could not be written"):
        sink.__exit__(None, None, None)
    assert not list(tmp_path.iterdir())


def test_a_name_that_is_no_text_is_written_as_json_has_it(tmp_path):
    with coco_file(tmp_path) as sink:
        for annotated in frames(tmp_path, ["a\udcff.jpg"]):
            sink.show(annotated)
    assert [picture.file_name for picture in written(tmp_path)] == ["a\udcff.jpg"]
