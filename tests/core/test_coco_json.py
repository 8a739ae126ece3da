"""COCO JSON of found and of true boxes."""

import json
from pathlib import Path

import pytest

from livecam.core.bounding_box import Box
from livecam.core.coco_json import CocoNumbers, PictureObjects, pictures_of_coco
from livecam.core.located_object import LocatedObject, object_record

DAISY = LocatedObject(Box(12.04, 20, 30.5, 40), 0.87654, id=3, class_name="daisy")
PICTURES = [
    PictureObjects("a.jpg", 640, 480, (DAISY,)),
    PictureObjects("wall.png", 320, 240),
]


def document_of(pictures, classes):
    numbers = CocoNumbers()
    for name in classes:
        numbers.number_of(name)
    entries = [numbers.entries_of(picture) for picture in pictures]
    return {
        "images": [image for image, _ in entries],
        "annotations": [one for _, annotations in entries for one in annotations],
        "categories": numbers.categories(),
    }


def test_entries_have_the_fields_that_coco_names():
    assert document_of(PICTURES, ["daisy", "tulip"]) == {
        "images": [
            {"id": 1, "file_name": "a.jpg", "width": 640, "height": 480},
            {"id": 2, "file_name": "wall.png", "width": 320, "height": 240},
        ],
        "annotations": [
            {
                "id": 1,
                "image_id": 1,
                "category_id": 1,
                "bbox": [12.0, 20, 30.5, 40],
                "area": 1220.0,
                "iscrowd": 0,
                "score": 0.8765,
            }
        ],
        "categories": [{"id": 1, "name": "daisy"}, {"id": 2, "name": "tulip"}],
    }


def test_boxes_are_numbered_over_all_pictures_and_their_classes_too():
    rose = LocatedObject(DAISY.box, 0.5, class_name="rose")
    pictures = [PictureObjects(name, 9, 9, (DAISY, rose)) for name in ("a.jpg", "b.jpg")]
    document = document_of(pictures, ["daisy"])
    assert [one["id"] for one in document["annotations"]] == [1, 2, 3, 4]
    assert [one["image_id"] for one in document["annotations"]] == [1, 1, 2, 2]
    assert [one["category_id"] for one in document["annotations"]] == [1, 2, 1, 2]


def test_what_is_written_can_be_read():
    document = json.loads(json.dumps(document_of(PICTURES, ["daisy"])))
    first, second = pictures_of_coco(document)
    assert (first.file_name, first.width_px, first.height_px) == ("a.jpg", 640, 480)
    assert first.objects == (LocatedObject(Box(12, 20, 30.5, 40), 0.8765, class_name="daisy"),)
    assert second.objects == ()


def test_truth_has_no_score_and_crowds_are_left_out():
    document = {
        "images": [{"id": 7, "file_name": "a.jpg"}],
        "categories": [{"id": 1, "name": "daisy"}],
        "annotations": [
            {"image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4]},
            {"image_id": 7, "category_id": 1, "bbox": [0, 0, 9, 9], "iscrowd": 1},
            {"image_id": 7, "category_id": 1, "segmentation": []},
        ],
    }
    (picture,) = pictures_of_coco(document)
    assert picture.objects == (LocatedObject(Box(1, 2, 3, 4), 1.0, class_name="daisy"),)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"images": None}, "images"),
        ({"annotations": {}}, "annotations"),
        ({"images": [{"id": 1}]}, "file_name"),
        ({"images": [{"id": 1, "file_name": "a.jpg", "width": "wide"}]}, "wide"),
        ({"annotations": [{"image_id": 2, "bbox": [0, 0, 1, 1]}]}, "image 2"),
        ({"annotations": [{"image_id": [1], "bbox": [0, 0, 1, 1]}]}, "image .1."),
        ({"annotations": [{"image_id": 1, "bbox": [0, 0, 1]}]}, "four numbers"),
        ({"annotations": [{"image_id": 1, "bbox": [0, 0, "x", 1]}]}, r'not \[0, 0, "x", 1\]'),
        ({"annotations": [{"image_id": 1, "bbox": None}]}, "four numbers, not null"),
        ({"annotations": [{"image_id": 1, "bbox": [0, 0, -2, 1]}]}, "at least 0"),
        ({"annotations": [{"image_id": 1, "bbox": [0, 0, float("nan"), 1]}]}, "finite"),
        ({"annotations": [{"image_id": 1, "bbox": [float("inf"), 0, 1, 1]}]}, "finite"),
    ],
)
def test_what_is_wrong_with_a_document_is_said(change, words):
    document = {"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [], "categories": []}
    with pytest.raises(ValueError, match=words):
        pictures_of_coco(document | change)


@pytest.mark.parametrize("document", [[], None, 3, "text", {"images": [1]}])
def test_what_is_no_document_is_said(document):
    with pytest.raises(ValueError, match="images"):
        pictures_of_coco(document)


def test_the_boxes_of_the_photographs_lie_inside_them():
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "inputs" / "daisy_boxes.json"
    pictures = pictures_of_coco(json.loads(path.read_text("utf-8")))
    assert len(pictures) == len({picture.file_name for picture in pictures}) == 60
    for picture in pictures:
        assert 1 <= len(picture.objects) <= 6
        for found in picture.objects:
            assert found.box.clipped(picture.width_px, picture.height_px) == found.box
            assert found.class_name == "daisy"


def test_the_record_of_an_object_has_the_words_of_the_stats():
    assert object_record(DAISY) == {
        "id": 3,
        "class": "daisy",
        "score": 0.8765,
        "box": [12.0, 20, 30.5, 40],
    }
