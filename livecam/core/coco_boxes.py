"""The boxes of a COCO JSON: those of a picture, and of a class, whose names ignore case."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from livecam.core.bounding_box import Box
from livecam.core.class_names import comparable_name
from livecam.core.coco_json import PictureObjects

_NAMED = 3
"""So many of the file's pictures are named in a message."""


@dataclass(frozen=True, slots=True, eq=False)
class CocoBoxes:
    """The boxes of many pictures, as a file has them.

    Attributes:
        path: of the file.
        pictures: what it says about each.
        categories: names of the classes that have boxes in it.
    """

    path: Path
    pictures: Sequence[PictureObjects]
    categories: frozenset[str]

    def objects_of(self, name: str) -> PictureObjects | None:
        """What the file says about a picture; None where it does not know the picture.

        A picture is found by its name with as many folders as the file gives; of two that fit,
        the one with more folders.
        """
        parts = PurePosixPath(name.replace("\\", "/")).parts
        fitting = [
            (len(own), picture)
            for picture in self.pictures
            if (own := PurePosixPath(picture.file_name).parts) == parts[-len(own) :]
        ]
        return max(fitting, key=lambda found: found[0])[1] if fitting else None

    def describe_strangers(self, names: Sequence[str]) -> str:
        """That it has none of these pictures, and the way out, for the user; "" where it has one.

        Args:
            names: the pictures' paths; at least one.
        """
        if any(self.objects_of(name) is not None for name in names):
            return ""
        listed = ", ".join(picture.file_name for picture in self.pictures[:_NAMED])
        more = " ..." if len(self.pictures) > _NAMED else ""
        has = f"it names {listed}{more}" if listed else "it names no picture"
        none = f"none of the {len(names)} pictures is" if len(names) > 1 else f"{names[0]} is not"
        way_out = "give the boxes of these pictures, or leave out --boxes."
        return f"{none} in {self.path} ({has}): {way_out}"

    def boxes_of(
        self, name: str, class_names: Sequence[str], size_px: tuple[int, int]
    ) -> tuple[Box, ...]:
        """Boxes of a class in a picture of this width and height; none for an unknown picture.

        Boxes are scaled where the file says that the picture has another size. Where the file has
        one category alone, its boxes are those of any class.

        Args:
            name: the picture's path.
            class_names: all names of the class.
            size_px: of the picture as it was read.
        """
        picture = self.objects_of(name)
        if picture is None:
            return ()
        wanted = {comparable_name(name) for name in class_names}
        boxes = [
            found.box
            for found in picture.objects
            if len(self.categories) <= 1 or comparable_name(found.class_name) in wanted
        ]
        across, down = (
            size / own if own else 1.0
            for size, own in zip(size_px, (picture.width_px, picture.height_px), strict=True)
        )
        return tuple(
            Box(box.left * across, box.top * down, box.width * across, box.height * down)
            for box in boxes
        )
