"""The pictures that int8 is calibrated with: rendered scenes, and those of a folder."""

import hashlib
from pathlib import Path

from livecam.errors import SettingsError
from livecam.models.export import Calibration
from livecam.sources.calibration_pictures import folder_squares, list_pictures, rendered_squares

_PICTURES_VERSION = 2  # raise it when other pictures are rendered


def calibration_of(folder: Path | None) -> Calibration:
    """Rendered scenes, and the pictures of a folder where one is named.

    Raises:
        SettingsError: the folder holds no pictures.
    """
    key = f"rendered {_PICTURES_VERSION}"
    if folder is None:
        return Calibration(key, rendered_squares, is_usual=True)
    files = list_pictures(folder)
    if not files:
        raise SettingsError(f"--calibration {folder} is no folder with pictures: name another.")
    told = "\n".join(f"{f.name} {f.stat().st_size} {f.stat().st_mtime_ns}" for f in files)
    digest = hashlib.sha256(told.encode()).hexdigest()
    return Calibration(f"{key}, {digest}", lambda: [*rendered_squares(), *folder_squares(folder)])
