"""Still pictures: one, a folder or a glob, rotated as their EXIF says, sorted by name."""

import glob
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import cv2
import numpy as np

from livecam.core.redaction import without_credentials
from livecam.core.types import BgrImage, Frame
from livecam.errors import SourceError, SourceLostError
from livecam.native.stderr import silenced_native_stderr
from livecam.sources.pixels import read_only_image
from livecam.sources.source_argument import PICTURE_SUFFIXES

SECONDS_EACH = 1.0
"""How long a picture of a folder is shown and recorded."""


class Stills:
    """Pictures as a source; implements protocols.Source. A broken one is left out and reported."""

    is_live = False
    holds_last = True
    rate = 1.0 / SECONDS_EACH

    def __init__(self, pattern: str) -> None:
        """`pattern` is a file, a folder or a glob; it is looked up on entering."""
        self._pattern = pattern
        self._paths: list[Path] = []

    @property
    def title(self) -> str:
        """The file, folder or glob."""
        return Path(self._pattern).name or self._pattern

    @property
    def frame_count(self) -> int:
        """How many pictures there are."""
        return len(self._paths)

    def __enter__(self) -> Self:
        """Find the pictures.

        Raises:
            SourceError: there is none.
        """
        try:
            self._paths = find_pictures(self._pattern)
        except OSError as error:
            raise SourceError(
                f"{without_credentials(self._pattern)} cannot be listed ({error.strerror}): "
                "check its permissions."
            ) from error
        if not self._paths:
            raise SourceError(self._not_found_text())
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close: no file stays open between pictures."""

    def __iter__(self) -> Iterator[Frame]:
        """Each picture that can be read.

        Raises:
            SourceError: none of them can be read.
            SourceLostError: after the last one, naming those that could not be read.
        """
        broken: list[Path] = []
        index = 0
        for path in self._paths:
            picture = read_picture(path)
            if picture is None:
                broken.append(path)
                continue
            yield Frame(picture, index, index * SECONDS_EACH, str(path))
            index += 1
        if broken:
            self._raise_unreadable(broken, index)

    def _raise_unreadable(self, broken: list[Path], good: int) -> None:
        names = ", ".join(str(path) for path in broken[:3])
        more = f" and {len(broken) - 3} more" if len(broken) > 3 else ""
        if good == 0:
            reason = _unreadable_reason(broken[0])
            subject = names if len(broken) == 1 else f"each of {len(broken)} files ({names}{more})"
            raise SourceError(f"{subject} {reason}: give a .jpg, .png, .webp, .tif or .bmp file.")
        raise SourceLostError(
            f"{len(broken)} of {len(self._paths)} pictures could not be read and were left out: "
            f"{names}{more}."
        )

    def _not_found_text(self) -> str:
        path, shown = Path(self._pattern), without_credentials(self._pattern)
        if path.is_dir():
            return f"the folder {path} has no picture (.jpg, .png, .webp, .tif, .bmp ...)."
        if any(sign in self._pattern for sign in "*?["):
            return f"no picture matches {shown!r}: put the glob in quotes."
        return f"the picture {shown} does not exist: check the name."


def find_pictures(pattern: str) -> list[Path]:
    """The files that a path, folder or glob means, sorted by name; a path itself always counts."""
    path = Path(pattern)
    if path.is_file():
        return [path]
    found = path.iterdir() if path.is_dir() else map(Path, glob.glob(pattern, recursive=True))
    return sorted(p for p in found if p.is_file() and p.suffix.casefold() in PICTURE_SUFFIXES)


def _unreadable_reason(path: Path) -> str:
    if not path.is_file():
        return "is gone"
    if not os.access(path, os.R_OK):
        return "cannot be read (no permission)"
    return "is empty" if path.stat().st_size == 0 else "is damaged or no picture"


def read_picture(path: Path) -> BgrImage | None:
    """uint8 BGR of a file, EXIF orientation applied, read-only; None where it cannot be read.

    The bytes are read by Python, because cv2.imread cannot open every name on Windows.
    """
    try:
        encoded = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    except OSError:
        return None
    if not encoded.size:
        return None
    try:
        with silenced_native_stderr():  # the image libraries print warnings of their own
            decoded = cv2.imdecode(encoded, cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    if decoded is None:
        return None
    return read_only_image(decoded)
