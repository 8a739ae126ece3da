"""Pictures with their boxes as a data set: a folder of JPEG files and one file of COCO JSON."""

import json
from pathlib import Path
from typing import Any, Self

from livecam.core.coco_json import CocoNumbers, PictureObjects
from livecam.core.jpeg import jpeg_of
from livecam.core.located_object import LocatedObject
from livecam.core.types import BgrImage
from livecam.errors import SinkError
from livecam.sinks.new_files import NewFiles
from livecam.sinks.output_paths import refuse_existing
from livecam.sinks.whole_file import write_whole

FLAG = "--coco"
JPEG_QUALITY = 95
DOCUMENT = "instances.coco.json"
PICTURES = "images"


class CocoFolder:
    """Writes pictures as they come, and the document at the end of a with statement.

    Where an error ends it nothing new is left: pictures without their document are no data set.
    """

    def __init__(self, folder: Path, class_names: tuple[str, ...]) -> None:
        """Nothing is written yet.

        Args:
            folder: of the data set.
            class_names: they have a number each, whether one is found or not.
        """
        self._folder, self._new = folder, NewFiles()
        self._numbers = CocoNumbers()
        for name in class_names:
            self._numbers.number_of(name)
        self._images: list[dict[str, Any]] = []
        self._annotations: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        """Make the folder.

        Raises:
            SinkError: it cannot be made.
        """
        with self._new:
            self._new.make_folder(self._folder / PICTURES, FLAG)
        return self

    def __exit__(self, kind: object, *error: object) -> None:
        """Write the document, or remove what there is.

        Raises:
            SinkError: it cannot be written.
        """
        if kind is not None:
            self._new.__exit__(kind, *error)
            return
        with self._new:
            self._write_document()

    def add(
        self, name: str, bgr: BgrImage, objects: tuple[LocatedObject, ...], about: dict[str, Any]
    ) -> None:
        """Write one picture.

        Args:
            name: of its file, without a suffix.
            bgr: uint8 [height, width, 3].
            objects: what is in it.
            about: what its entry says besides: clip and time.

        Raises:
            SinkError: it cannot be written.
        """
        path = self._folder / PICTURES / f"{name}.jpg"
        try:
            content = jpeg_of(bgr, JPEG_QUALITY)
        except ValueError as error:
            raise SinkError(f"{path} was not saved: {error}.") from error
        write_whole(self._new.expect(path), content, FLAG)
        height, width = bgr.shape[:2]
        picture = PictureObjects(f"{PICTURES}/{name}.jpg", width, height, objects)
        image, annotations = self._numbers.entries_of(picture)
        self._images.append(image | about)
        self._annotations += annotations

    def _write_document(self) -> None:
        document = {
            "images": self._images,
            "annotations": self._annotations,
            "categories": self._numbers.categories(),
        }
        text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
        write_whole(self._new.expect(self._folder / DOCUMENT), text, FLAG)


def refuse_existing_data_set(folder: Path, *, force: bool) -> None:
    """Raise SettingsError where a data set is there already, and may not be replaced."""
    refuse_existing(folder / DOCUMENT, force=force, folder_is_made=True)
