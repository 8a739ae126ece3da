"""What SOURCE means: a camera, a clip, pictures, a stream or the built-in daisy."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from livecam.errors import SourceError

PICTURE_SUFFIXES = frozenset(
    {".avif", ".bmp", ".dib", ".exr", ".hdr", ".jp2", ".jpe", ".jpeg", ".jpg", ".pbm", ".pgm"}
    | {".png", ".pnm", ".ppm", ".ras", ".tif", ".tiff", ".webp"}
)
_SCHEMES = ("rtsp://", "rtsps://", "http://", "https://", "rtmp://", "udp://", "tcp://")

Kind = Literal["camera", "clip", "stills", "stream", "daisy"]


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
    if text.isdigit() or re.fullmatch(r"/dev/video\d+", text):
        return Address("camera", text)
    if text.casefold().startswith(_SCHEMES):
        return Address("stream", text)
    path = Path(text)
    if path.is_dir() or path.suffix.casefold() in PICTURE_SUFFIXES:
        return Address("stills", text)
    if path.exists():
        return Address("clip", text)
    if any(sign in text for sign in "*?["):
        return Address("stills", text)
    raise SourceError(
        f"there is no file, folder or camera {text!r}: give a camera's number (0), a clip, a "
        "picture, a folder, a glob in quotes, an rtsp:// or http:// address, or daisy."
    )


def without_credentials(address: str) -> str:
    """The address as it may be shown: no user name, password or query."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit((parts.scheme, host + port, parts.path, "", ""))
