"""The boxes that a user gives for pictures: reads a COCO JSON, and finds those of a picture."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from livecam.core.bounding_box import Box
from livecam.core.class_kinds import plain
from livecam.core.coco_json import PictureObjects, pictures_of_coco
from livecam.errors import SettingsError

_NAMED = 3
"""So many of the file's pictures are named in a message."""


@dataclass(frozen=True, slots=True, eq=False)
class BoxFile:
    """The boxes of many pictures.

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
        wanted = {plain(name) for name in class_names}
        boxes = [
            found.box
            for found in picture.objects
            if len(self.categories) <= 1 or plain(found.class_name) in wanted
        ]
        across, down = (
            size / own if own else 1.0
            for size, own in zip(size_px, (picture.width_px, picture.height_px), strict=True)
        )
        return tuple(
            Box(box.left * across, box.top * down, box.width * across, box.height * down)
            for box in boxes
        )


def read_boxes(path: Path) -> BoxFile:
    """Read a COCO JSON.

    Raises:
        SettingsError: it cannot be read, or is something else.
    """
    try:
        document = json.loads(path.read_text("utf-8"))
        pictures = pictures_of_coco(document)
    except OSError as error:
        raise SettingsError(
            f"--boxes {path} cannot be read ({error.strerror}): check the name."
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"--boxes {path} is no text: give a COCO JSON.") from error
    except (ValueError, RecursionError) as error:
        words = str(error).splitlines()[0] if str(error) else "nested too deeply"
        raise SettingsError(
            f"--boxes {path} is no COCO JSON ({words}): it has images, annotations and categories."
        ) from error
    names = {found.class_name for picture in pictures for found in picture.objects}
    return BoxFile(path, pictures, frozenset(names))
