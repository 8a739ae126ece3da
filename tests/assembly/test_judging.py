"""Pictures judged by a real network: the drawings, the classes, and what stops them."""

import itertools

import cv2
import numpy as np
import pytest
from support import textured, write_clip

from livecam.assembly.judge_sources import PicturesToJudge, PictureToJudge, scene_pictures
from livecam.assembly.judging import (
    JudgingStoppedError,
    PictureJudge,
    class_by_folder,
    drawings_of,
)
from livecam.assembly.open_model import open_model
from livecam.core.bounding_box import Box
from livecam.core.map_quality.metrics import METRICS
from livecam.core.types import BgrImage
from livecam.errors import SourceError
from livecam.models.catalogue import flowers_spec, imagenet_spec
from livecam.sources.files import timed_pictures


@pytest.fixture(scope="module")
def model():
    return open_model(flowers_spec(), engine="litert", threads=1)


@pytest.fixture(scope="module")
def scene():
    """A view of the scene with one flower."""
    return next(iter(scene_pictures(1)))


def test_the_scene_is_judged_with_its_own_truth(model, scene):
    judge = PictureJudge(model, drawings_of(["measured", "page", "exact"], [1], "square"))
    judged, maps = judge.judge(scene, 0)
    assert list(judged.scores) == ["measured", "page", "exact", "centre box", "random"]
    assert judged.has_truth
    for scores in judged.scores.values():
        assert set(scores.values) == {metric.name for metric in METRICS}
    drawn, chance = judged.scores["measured"].values, judged.scores["random"].values
    assert drawn["deletion"] < chance["deletion"]
    assert drawn["iou_mean"] > chance["iou_mean"]
    assert drawn["pointing_15px"] == 1.0
    assert maps.placed["measured"].heat.shape == (224, 224)
    assert 0 < judged.probability <= 1


def test_without_boxes_there_are_the_figures_that_need_none(model):
    judge = PictureJudge(model, drawings_of(["measured"], [1], "square"))
    plain = BgrImage(np.full((200, 300, 3), 120, np.uint8))
    judged, _ = judge.judge(PictureToJudge(plain, "a.jpg"), None)
    assert not judged.has_truth
    assert all(np.isfinite(value) for value in judged.scores["measured"].values.values())
    assert set(judged.scores["measured"].values) == {
        "deletion", "insertion", "average_drop", "increase"
    }  # fmt: skip
    assert judged.class_name in model.labels


def test_a_thing_outside_of_the_square_is_no_truth(model):
    judge = PictureJudge(model, drawings_of(["page"], [1], "square"))
    picture = PictureToJudge(textured(600, 200), "a.jpg", boxes=(Box(5, 5, 80, 80),))
    assert not judge.judge(picture, 0)[0].has_truth


def test_a_signal_stops_between_two_looks(model):
    looks = itertools.count()
    judge = PictureJudge(
        model, drawings_of(["page"], [1], "square"), stop_asked=lambda: next(looks) > 10
    )
    with pytest.raises(JudgingStoppedError):
        judge.judge(PictureToJudge(textured(224, 224), "a.jpg"), 0)
    assert next(looks) == 12


def test_the_same_pictures_give_the_same_figures(model):
    picture = PictureToJudge(textured(224, 224), "a.jpg")

    def values():
        judge = PictureJudge(model, drawings_of(["page"], [1], "square"), seed=3)
        return judge.judge(picture, 0)[0].scores["random"].values

    assert values() == values()


def test_every_place_at_every_detail_has_a_name():
    assert list(drawings_of(["page", "exact"], [1], "square")) == ["page", "exact"]
    assert list(drawings_of(["page"], [1, 2], "frame")) == ["page, detail 1", "page, detail 2"]


def test_a_folder_names_a_class_also_in_the_plural():
    flowers = flowers_spec().labels
    assert class_by_folder(flowers, "roses") == flowers.index_of("rose")
    assert class_by_folder(flowers, "daisy") == 0
    assert class_by_folder(flowers, "other") is None
    assert class_by_folder(flowers, "holidays") is None
    assert class_by_folder(imagenet_spec(0.75).labels, "daisy") == 985


def test_pictures_of_several_sources_come_in_order_up_to_the_limit(tmp_path):
    for name in ("a/1.png", "a/2.png", "b/3.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        cv2.imwrite(str(tmp_path / name), textured(40, 30))
    texts = [str(tmp_path / "b"), str(tmp_path / "a")]
    said = []
    pictures = PicturesToJudge(texts, said.append, limit=2)
    assert pictures.count == 2
    found = list(pictures)
    assert [(picture.folder, picture.name[-5:]) for picture in found] == [
        ("b", "3.png"), ("a", "1.png")
    ]  # fmt: skip
    assert PicturesToJudge(texts, said.append).count == 3


def files_of(root, *folders, count=10):
    for folder in folders:
        (root / folder).mkdir()
        for number in range(count):
            cv2.imwrite(str(root / folder / f"{number}.png"), textured(40, 30))


def test_a_limit_takes_pictures_of_all_folders_and_reads_no_others(tmp_path, monkeypatch):
    """Before, it took the first ones: all of one class."""
    files_of(tmp_path, "daisy", "rose")
    read, real = [], timed_pictures.read_pictures
    monkeypatch.setattr(
        timed_pictures, "read_pictures", lambda path, *a: read.append(path) or real(path, *a)
    )
    texts = [str(tmp_path)]
    pictures = PicturesToJudge(texts, lambda _: None, limit=4, with_subfolders=True)
    assert pictures.count == 4
    found = [(picture.folder, picture.name[-5:]) for picture in pictures]
    assert found == [("daisy", "0.png"), ("daisy", "5.png"), ("rose", "0.png"), ("rose", "5.png")]
    assert len(read) == 4


def test_a_limit_is_shared_by_several_sources_and_goes_through_a_whole_clip(tmp_path):
    files_of(tmp_path, "a", count=2)
    clip = tmp_path / "b.mp4"
    write_clip(clip, [textured(64, 48, seed=n) for n in range(8)], [n / 10 for n in range(8)])
    pictures = PicturesToJudge([str(tmp_path / "a"), str(clip)], lambda _: None, limit=5)
    assert [picture.name.split("/")[-1] for picture in pictures] == [
        "0.png", "b.mp4 at 0.00 s", "b.mp4 at 0.20 s", "b.mp4 at 0.40 s", "b.mp4 at 0.60 s",
    ]  # fmt: skip


def test_a_broken_picture_is_said_and_does_not_end_the_others(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        cv2.imwrite(str(tmp_path / folder / "1.png"), textured(40, 30))
    (tmp_path / "a" / "2.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    said = []
    pictures = PicturesToJudge([str(tmp_path / "a"), str(tmp_path / "b")], said.append)
    assert len(list(pictures)) == 2
    assert pictures.problem is not None
    assert "2.png" in said[-1]


@pytest.mark.parametrize("text", ["0", "rtsp://host/stream", "nothing.jpg", "/no/folder"])
def test_what_has_no_pictures_is_refused(text):
    with pytest.raises(SourceError):
        PicturesToJudge([text], lambda _: None)
