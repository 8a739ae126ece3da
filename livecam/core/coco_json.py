"""Boxes of pictures as COCO JSON: the document of images, annotations and categories, both ways.

https://cocodataset.org/#format-data; a box is [x, y, width, height] in pixels, from the upper left
corner. An annotation that a program made has a `score` beside it, as COCO's results have.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from livecam.core.bounding_box import Box
from livecam.core.located_object import LocatedObject


@dataclass(frozen=True, slots=True)
class PictureObjects:
    """What is in one picture.

    Attributes:
        file_name: as COCO's `file_name` has it.
        width_px, height_px: of the picture; 0 where nobody knows.
        objects: what is in it.
    """

    file_name: str
    width_px: int
    height_px: int
    objects: tuple[LocatedObject, ...] = ()


class CocoNumbers:
    """Gives pictures, boxes and classes their ids, each from 1 on, and makes their entries."""

    def __init__(self) -> None:
        """Nothing is numbered yet."""
        self._images = self._annotations = 0
        self._classes: dict[str, int] = {}

    def number_of(self, class_name: str) -> int:
        """The id of a class; one that was looked for has one, whether it is found or not."""
        return self._classes.setdefault(class_name, len(self._classes) + 1)

    def entries_of(self, picture: PictureObjects) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The next picture's entry of `images`, and those of its boxes in `annotations`."""
        self._images += 1
        image = {
            "id": self._images,
            "file_name": picture.file_name,
            "width": picture.width_px,
            "height": picture.height_px,
        }
        return image, [self._annotation(found) for found in picture.objects]

    def categories(self) -> list[dict[str, Any]]:
        """The entries of all classes so far."""
        return [{"id": number, "name": name} for name, number in self._classes.items()]

    def _annotation(self, found: LocatedObject) -> dict[str, Any]:
        """The entry of a box in the newest picture."""
        self._annotations += 1
        return {
            "id": self._annotations,
            "image_id": self._images,
            "category_id": self.number_of(found.class_name),
            "bbox": [round(value, 1) for value in found.box.xywh()],
            "area": round(found.box.area, 1),
            "iscrowd": 0,
            "score": round(found.score, 4),
        }


def pictures_of_coco(document: Any) -> list[PictureObjects]:
    """The pictures of a document with their boxes, in the order of `images`.

    Boxes that COCO marks as crowds are left out, and so are annotations without a box. The score is
    1 where the document has none.

    Raises:
        ValueError: what is wrong with the document, in a few words.
    """
    images = _table(document, "images")
    names = {repr(c.get("id")): str(c.get("name", "")) for c in _table(document, "categories")}
    objects: dict[str, list[LocatedObject]] = {repr(image.get("id")): [] for image in images}
    for annotation in _table(document, "annotations"):
        image_id = repr(annotation.get("image_id"))  # of whatever type a file may have it
        if image_id not in objects:
            raise ValueError(f"an annotation belongs to image {image_id}, which is not in images")
        if annotation.get("iscrowd") or "bbox" not in annotation:
            continue
        objects[image_id].append(
            _object(annotation, names.get(repr(annotation.get("category_id")), ""))
        )
    return [_picture(image, tuple(objects[repr(image.get("id"))])) for image in images]


def _table(document: Any, name: str) -> list[Mapping[str, Any]]:
    rows = document.get(name) if isinstance(document, Mapping) else None
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise ValueError(f"COCO JSON has a list of objects named {name}")
    return rows


def _object(annotation: Mapping[str, Any], class_name: str) -> LocatedObject:
    values, score = annotation["bbox"], annotation.get("score", 1.0)
    given = f"{_json(values)} with score {_json(score)}"
    try:
        left, top, width, height = (float(value) for value in values)
        box = Box(left, top, width, height)
        found = LocatedObject(box, float(score), class_name=class_name)
    except (TypeError, ValueError):
        raise ValueError(f"a box is four numbers, not {given}") from None
    if not all(map(math.isfinite, (*box.xywh(), found.score))):  # JSON of Python and JavaScript
        raise ValueError(f"a box is four finite numbers, not {given}")
    if not (width >= 0 and height >= 0):
        raise ValueError(f"a box is [x, y, width, height] with sides of at least 0, not {given}")
    return found


def _picture(image: Mapping[str, Any], objects: tuple[LocatedObject, ...]) -> PictureObjects:
    name, width, height = (image.get(key, default) for key, default in _IMAGE_FIELDS)
    if not name or not isinstance(name, str):
        raise ValueError("each image has a file_name")
    if {type(width), type(height)} != {int}:
        given = f"{_json(width)} x {_json(height)}"
        raise ValueError(f"the size of {name} is two whole numbers, not {given}")
    return PictureObjects(name, width, height, objects)


def _json(value: Any) -> str:
    """As it stands in the file."""
    return json.dumps(value, ensure_ascii=False)


_IMAGE_FIELDS = (("file_name", ""), ("width", 0), ("height", 0))
