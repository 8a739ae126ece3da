"""Boxes of a COCO JSON, found by the picture's name."""

import json

import pytest

from livecam.assembly.read_boxes import read_boxes
from livecam.core.bounding_box import Box
from livecam.errors import SettingsError


def written(tmp_path, images, annotations, categories):
    path = tmp_path / "boxes.json"
    document = {"images": images, "annotations": annotations, "categories": categories}
    path.write_text(json.dumps(document), "utf-8")
    return path


def image(number, name, width=100, height=50):
    return {"id": number, "file_name": name, "width": width, "height": height}


def box(number, image_id, category, xywh):
    return {"id": number, "image_id": image_id, "category_id": category, "bbox": xywh}


DAISY, DOG = {"id": 1, "name": "daisy"}, {"id": 7, "name": "dog"}


@pytest.fixture
def boxes(tmp_path):
    return read_boxes(
        written(
            tmp_path,
            [image(1, "a.jpg"), image(2, "other/a.jpg"), image(3, "b.jpg")],
            [
                box(1, 1, 1, [10, 5, 20, 10]),
                box(2, 1, 7, [50, 5, 20, 10]),
                box(3, 2, 1, [1, 1, 2, 2]),
            ],
            [DAISY, DOG],
        )
    )


def test_boxes_of_the_class_in_the_picture_of_this_name(boxes):
    assert boxes.boxes_of("photos/a.jpg", ["daisy"], (100, 50)) == (Box(10, 5, 20, 10),)
    assert boxes.boxes_of("photos/a.jpg", ["Dog", "hound"], (100, 50)) == (Box(50, 5, 20, 10),)


def test_a_picture_without_boxes_of_the_class_has_none(boxes):
    assert boxes.boxes_of("b.jpg", ["daisy"], (100, 50)) == ()
    assert boxes.boxes_of("unknown.jpg", ["daisy"], (100, 50)) == ()
    assert boxes.boxes_of("xa.jpg", ["daisy"], (100, 50)) == ()


def test_folders_tell_pictures_of_one_name_apart(boxes):
    assert boxes.boxes_of("/data/other/a.jpg", ["daisy"], (100, 50)) == (Box(1, 1, 2, 2),)


def test_boxes_follow_a_picture_that_was_scaled(boxes):
    assert boxes.boxes_of("a.jpg", ["daisy"], (200, 50)) == (Box(20, 5, 40, 10),)


def test_one_category_alone_stands_for_any_class(tmp_path):
    path = written(tmp_path, [image(1, "a.jpg")], [box(1, 1, 1, [1, 2, 3, 4])], [DAISY])
    assert read_boxes(path).boxes_of("a.jpg", ["bellis"], (100, 50)) == (Box(1, 2, 3, 4),)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "no COCO JSON"),
        ("[1, 2]", "no COCO JSON"),
        ('{"images": [], "annotations": 3, "categories": []}', "annotations"),
        ('{"images": [{"id": 1}], "annotations": [], "categories": []}', "file_name"),
        ("[" * 5000, "no COCO JSON"),
    ],
)
def test_what_is_no_coco_json_is_refused_in_one_line(tmp_path, content, words):
    path = tmp_path / "boxes.json"
    path.write_text(content, "utf-8")
    with pytest.raises(SettingsError, match=words) as raised:
        read_boxes(path)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_the_mark_of_windows_before_the_text_is_none_of_it(tmp_path):
    path = tmp_path / "boxes.json"
    path.write_text('\ufeff{"images": [], "annotations": [], "categories": []}', "utf-8")
    read_boxes(path)


def test_a_missing_or_binary_file_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        read_boxes(tmp_path / "none.json")
    path = tmp_path / "picture.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(SettingsError, match="no text"):
        read_boxes(path)
