"""The pictures that int8 is calibrated with: rendered scenes, and those of a folder."""

from collections.abc import Callable
from pathlib import Path

from livecam.models.int8_quantisation import Calibration
from livecam.sources.calibration_pictures import (
    folder_digest,
    folder_squares,
    list_folder,
    rendered_squares,
)
from livecam.sources.files.listing import describe_passed_over

_PICTURES_VERSION = 2  # raise it when other pictures are rendered


def calibration_of(folder: Path | None, say: Callable[[str], None] = lambda _: None) -> Calibration:
    """Rendered scenes, and the pictures of a folder where one is named.

    Args:
        folder: of pictures and clips, taken as a source takes them.
        say: receives a line about what of the folder is passed over, and what cannot be read.

    Raises:
        SettingsError: the folder has no pictures.
    """
    key = f"rendered {_PICTURES_VERSION}"
    if folder is None:
        return Calibration(key, rendered_squares, is_bundled=True)
    listing = list_folder(folder)
    passed_over = describe_passed_over(listing, str(folder))
    if passed_over:
        say(f"--calibration {folder}: {passed_over}")
    return Calibration(
        f"{key}, {folder_digest(listing)}",
        lambda: [*rendered_squares(), *folder_squares(folder, say)],
    )
