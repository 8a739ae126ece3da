"""Parses SOURCE of the command line: a camera, a clip, pictures, a stream or the built-in daisy."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2

from livecam.core.redaction import looks_like_address, without_credentials
from livecam.errors import SourceError

PICTURE_SUFFIXES = frozenset(
    {".avif", ".bmp", ".dib", ".hdr", ".jp2", ".jpe", ".jpeg", ".jpg", ".pbm", ".pgm"}
    | {".png", ".pnm", ".ppm", ".ras", ".tif", ".tiff", ".webp"}
)
_SCHEMES = ("rtsp://", "rtsps://", "http://", "https://", "rtmp://", "udp://", "tcp://")

_VIDEO_DEVICE = re.compile(r"/dev/video[0-9]+")

Kind = Literal["camera", "camera name", "clip", "stills", "stream", "daisy"]


@dataclass(frozen=True, slots=True)
class SourceArgument:
    """What kind of source, and the text to open it with."""

    kind: Kind
    text: str


def parse_source_argument(text: str) -> SourceArgument:
    """Find out what SOURCE means.

    Raises:
        SourceError: it is none of the things that can be opened.
    """
    bare = text.strip()
    if bare == "daisy":
        return SourceArgument("daisy", bare)
    if not bare:
        raise SourceError("SOURCE is empty: give a camera's number (0), a clip or a picture.")
    if _is_camera(bare):
        return SourceArgument("camera", bare)
    if bare.casefold().startswith(_SCHEMES):
        return SourceArgument("stream", bare)
    return _parse_name(text, bare)


def _parse_name(text: str, bare: str) -> SourceArgument:
    """The same for a file, a folder, a glob or a camera's name; `bare` is `text` without blanks."""
    path = Path(text)
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except OSError as error:  # a name too long, a folder that may not be entered
        raise SourceError(
            f"{_shortened(text)} cannot be looked up ({error.strerror}): check the name."
        ) from error
    if not exists:
        text, path = bare, Path(bare)
        is_folder, exists = path.is_dir(), path.exists()
    if not exists and looks_like_address(text):
        raise _unknown_scheme(text)
    is_glob = not exists and any(sign in text for sign in "*?[")
    if is_folder or is_glob or _is_picture(path):
        return SourceArgument("stills", text)
    if exists:
        return SourceArgument("clip", text)
    if "/" not in text and "\\" not in text:
        return SourceArgument("camera name", text)
    raise unknown_source(text)


def _is_camera(text: str) -> bool:
    """A number, /dev/videoN, or one of the names that always mean the same camera.

    Those are links in /dev/v4l: by-id, by-path. An unplugged camera has none.
    """
    if re.fullmatch(r"[0-9]{1,4}", text) or text.startswith("/dev/v4l/"):
        return True
    return "/" in text and _VIDEO_DEVICE.fullmatch(os.path.realpath(text)) is not None


def _is_picture(path: Path) -> bool:
    if path.suffix:
        return path.suffix.casefold() in PICTURE_SUFFIXES
    return path.is_file() and cv2.haveImageReader(str(path))


def _unknown_scheme(text: str) -> SourceError:
    return SourceError(
        f"{_shortened(text)} is no address that livecam supports: addresses begin with "
        f"{', '.join(_SCHEMES)}."
    )


def unknown_source(text: str) -> SourceError:
    """The error for a SOURCE that is nothing that can be opened."""
    return SourceError(
        f"there is no file, folder or camera {_shortened(text)!r}: give a camera's number (0) or "
        "part of its name, a clip, a picture, a folder, a glob in quotes, an rtsp:// or http:// "
        "address, or daisy."
    )


def _shortened(text: str) -> str:
    """SOURCE for a message: without credentials, and not too long."""
    text = without_credentials(text)
    return text if len(text) <= 200 else f"{text[:200]}..."
