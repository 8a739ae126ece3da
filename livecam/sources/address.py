"""What SOURCE means: a camera, a clip, pictures, a stream or the built-in daisy."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

import cv2

from livecam.errors import SourceError

PICTURE_SUFFIXES = frozenset(
    {".avif", ".bmp", ".dib", ".exr", ".hdr", ".jp2", ".jpe", ".jpeg", ".jpg", ".pbm", ".pgm"}
    | {".png", ".pnm", ".ppm", ".ras", ".tif", ".tiff", ".webp"}
)
_SCHEMES = ("rtsp://", "rtsps://", "http://", "https://", "rtmp://", "udp://", "tcp://")

Kind = Literal["camera", "camera name", "clip", "stills", "stream", "daisy"]


@dataclass(frozen=True, slots=True)
class Address:
    """What kind of source, and the words to open it with."""

    kind: Kind
    text: str


def parse_address(text: str) -> Address:
    """Tell what SOURCE means.

    Raises:
        SourceError: it is none of the things that can be opened.
    """
    if text == "daisy":
        return Address("daisy", text)
    if not text.strip():
        raise SourceError("SOURCE is empty: give a camera's number (0), a clip or a picture.")
    if re.fullmatch(r"[0-9]{1,4}|/dev/video[0-9]+", text):
        return Address("camera", text)
    if text.casefold().startswith(_SCHEMES):
        return Address("stream", text)
    path = Path(text)
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except OSError as error:  # a name too long, a folder that may not be entered
        raise SourceError(
            f"{_shortened(text)} cannot be looked up ({error.strerror}): check the name."
        ) from error
    is_glob = not exists and any(sign in text for sign in "*?[")
    if is_folder or is_glob or _is_picture(path):
        return Address("stills", text)
    if exists:
        return Address("clip", text)
    if "/" not in text and "\\" not in text:
        return Address("camera name", text)
    raise unknown_source(text)


def _is_picture(path: Path) -> bool:
    if path.suffix:
        return path.suffix.casefold() in PICTURE_SUFFIXES
    return path.is_file() and cv2.haveImageReader(str(path))


def unknown_source(text: str) -> SourceError:
    """The error for a SOURCE that is nothing that can be opened."""
    return SourceError(
        f"there is no file, folder or camera {_shortened(text)!r}: give a camera's number (0) or "
        "part of its name, a clip, a picture, a folder, a glob in quotes, an rtsp:// or http:// "
        "address, or daisy."
    )


def without_credentials(address: str) -> str:
    """The address as it may be shown: no user name, password or query."""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # a port that is no number: perhaps the second half of a password
        scheme, _, rest = address.partition("://")
        return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    return urlunsplit((parts.scheme, host + port, parts.path, "", ""))


def _shortened(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:200]}..."
