"""The pictures that int8 is calibrated with: rendered scenes, and those of a folder."""

import hashlib
from pathlib import Path

from livecam.errors import SettingsError
from livecam.models.int8_quantisation import Calibration
from livecam.sources.calibration_pictures import folder_squares, list_pictures, rendered_squares

_PICTURES_VERSION = 2  # raise it when other pictures are rendered


def calibration_of(folder: Path | None) -> Calibration:
    """Rendered scenes, and the pictures of a folder where one is named.

    Raises:
        SettingsError: the folder has no pictures.
    """
    key = f"rendered {_PICTURES_VERSION}"
    if folder is None:
        return Calibration(key, rendered_squares, is_bundled=True)
    files = list_pictures(folder)
    if not files:
        raise SettingsError(f"--calibration {folder} is not a folder with pictures: name another.")
    listing = "\n".join(f"{f.name} {f.stat().st_size} {f.stat().st_mtime_ns}" for f in files)
    digest = hashlib.sha256(listing.encode()).hexdigest()
    return Calibration(f"{key}, {digest}", lambda: [*rendered_squares(), *folder_squares(folder)])
