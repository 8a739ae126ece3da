"""Pictures that a caller of the library hands in: arrays, Pillow's images, files, frames."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, TypeGuard

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from livecam.core.printable_text import quoted
from livecam.core.redaction import looks_like_address, without_credentials
from livecam.core.types import BgrImage, Frame, Waiting
from livecam.errors import SourceError
from livecam.sources.picture_advice import advice_for_array, advice_for_encoded, is_encoded
from livecam.sources.pixels import read_only_image

Channels = Literal["bgr", "rgb"]
"""Order of the channels of an array: OpenCV's, or that of Pillow, imageio and matplotlib."""

PictureLike = npt.NDArray[np.uint8] | Image.Image | str | os.PathLike[str] | Frame
"""uint8 [height, width, 3], a Pillow image of any mode, a picture's file, or a frame."""

SECONDS_EACH = 1.0
"""Distance of the pictures of an iterable in time: as for those of a folder."""


def is_one_picture(given: object) -> TypeGuard[PictureLike]:
    """Whether this is meant as one picture, not as an iterable of them."""
    if isinstance(given, np.ndarray):
        return given.ndim != 4
    is_one = isinstance(given, Image.Image | str | os.PathLike | Frame)
    return given is None or is_one or is_encoded(given)


def bgr_of(picture: PictureLike, channels: Channels = "bgr") -> BgrImage:
    """The pixels of a picture: uint8 BGR [height, width, 3].

    Args:
        picture: what the caller gave.
        channels: the order of an array's channels; what else there is knows its own.

    Raises:
        ValueError: an array is no such image, or there are no such channels.
        TypeError: it is nothing that can be a picture.
        SourceError: the file cannot be read, or has no picture.
    """
    check_channels(channels)
    if isinstance(picture, Frame):
        return picture.bgr
    if isinstance(picture, Image.Image):
        return _bgr_of_image(picture)
    if isinstance(picture, str | os.PathLike):
        return _first_of_file(os.fsdecode(picture))
    if isinstance(picture, np.ndarray) or picture is None:
        return swapped(_checked(picture)) if channels == "rgb" else _checked(picture)
    raise TypeError(
        "a picture is a uint8 array [height, width, 3], a Pillow image, a file's path or a Frame, "
        f"not {_kind(picture)}{advice_for_encoded(picture)}"
    )


def check_channels(channels: object) -> None:
    """Raise ValueError for what is no order of channels."""
    if channels not in ("bgr", "rgb"):
        raise ValueError(f'channels must be "bgr" or "rgb", not {channels!r}')


def drawn_channels(picture: PictureLike, channels: Channels | None) -> Channels:
    """The order in which a drawn picture is given back: the caller's, else the picture's own.

    Raises:
        ValueError: there are no such channels.
    """
    if channels is None:
        return "rgb" if isinstance(picture, Image.Image) else "bgr"
    check_channels(channels)
    return channels


def swapped(picture: npt.NDArray[np.uint8]) -> BgrImage:
    """The same picture with red and blue exchanged: BGR of RGB, and RGB of BGR."""
    return BgrImage(np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), dtype=np.uint8))


def each_picture(pictures: Iterable[Any], channels: Channels = "bgr") -> Iterator[BgrImage]:
    """The pixels of each of them; a live source's Waiting is passed over.

    Raises:
        ValueError, TypeError, SourceError: as `bgr_of`; the first two say which picture it was.
    """
    for number, picture in enumerate(pictures):
        if not isinstance(picture, Waiting):
            yield _numbered_bgr(number, picture, channels)


def each_frame(items: Iterable[Any], channels: Channels = "bgr") -> Iterator[Frame | Waiting]:
    """What a source gives as it is, and pictures as frames, one second apart.

    Raises:
        ValueError, TypeError, SourceError: as `each_picture`.
    """
    for number, item in enumerate(items):
        if isinstance(item, Frame | Waiting):
            yield item
            continue
        bgr = read_only_image(_numbered_bgr(number, item, channels).copy())
        name = os.fspath(item) if isinstance(item, str | os.PathLike) else ""
        yield Frame(bgr, number, number * SECONDS_EACH, name)


def _numbered_bgr(number: int, picture: Any, channels: Channels) -> BgrImage:
    try:
        return bgr_of(picture, channels)
    except (TypeError, ValueError, SourceError) as error:
        raise type(error)(f"picture {number}: {error}") from None


def _checked(array: Any) -> BgrImage:
    """The array itself, if it is an image of 8 bits with three channels."""
    # cv2.imread returns None for a missing file.
    dtype = getattr(array, "dtype", _kind(array))
    shape: tuple[int, ...] = getattr(array, "shape", ())
    if dtype == np.uint8 and len(shape) == 3 and shape[2] == 3 and 0 not in shape:
        return BgrImage(array)
    found = f"{dtype} {list(shape)}{advice_for_array(array)}"
    raise ValueError(f"a picture must be uint8 [height, width, 3], not {found}")


def _bgr_of_image(image: Image.Image) -> BgrImage:
    from livecam.sources.files.pillow_pictures import DAMAGE, bgr_of_image

    try:
        return bgr_of_image(image)
    except DAMAGE as error:
        raise ValueError(f"the Pillow image cannot be decoded ({error})") from error


def _first_of_file(name: str) -> BgrImage:
    """The first picture of a file.

    Raises:
        SourceError: it cannot be read.
    """
    from livecam.sources.files.picture import UnreadablePictureError, read_pictures

    problem = _problem_of(name)
    if problem:
        raise SourceError(problem)
    try:
        return next(read_pictures(Path(name))).bgr
    except UnreadablePictureError as error:
        raise SourceError(f"{name} {error}: check the file.") from None


def _problem_of(name: str) -> str:
    """Why no picture can be read by this name, and what to do; "" where there is a file."""
    from livecam.sources.files.listing import GLOB_SIGNS

    path, shown = Path(name), without_credentials(name)
    if not name.strip():
        return "the path is empty: give the path of a picture."
    if path.exists():
        return _problem_of_existing(path)
    if looks_like_address(name):
        return f"{shown} is an address, not the path of a picture: {_OPENED_AS_SOURCE}."
    if set(name) & set(GLOB_SIGNS):
        return f"there is no picture {quoted(shown)}; as a glob, {_OPENED_AS_SOURCE}."
    return f"{shown} does not exist: check the path."


def _problem_of_existing(path: Path) -> str:
    from livecam.sources.files.format import is_clip
    from livecam.sources.files.timed_pictures import opens_as_clip

    if path.is_dir():
        return f"{path} is a folder, not a picture: {_OPENED_AS_SOURCE}."
    if not path.is_file() or not is_clip(path):
        return ""
    if opens_as_clip(path):
        return f"{path} is a clip, not a picture: {_OPENED_AS_SOURCE}."
    return f"{path} is no picture: give a .jpg, .png, .heic, .webp, .tif or .bmp file."


_OPENED_AS_SOURCE = "open it with livecam.open_source"


def _kind(value: object) -> str:
    return "None" if value is None else type(value).__name__
