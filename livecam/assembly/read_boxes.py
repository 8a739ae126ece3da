"""Reads the boxes that a user gives for pictures: a COCO JSON."""

import json
from pathlib import Path

from livecam.core.coco_boxes import CocoBoxes
from livecam.core.coco_json import pictures_of_coco
from livecam.errors import SettingsError
from livecam.native.read_at_once import read_at_once

_LARGEST_BYTES = 2_000_000_000


def read_boxes(path: Path) -> CocoBoxes:
    """Read a COCO JSON.

    Raises:
        SettingsError: it cannot be read, or is something else.
    """
    try:
        document = json.loads(read_at_once(path, _LARGEST_BYTES).decode("utf-8-sig"))
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
    return CocoBoxes(path, pictures, frozenset(names))
