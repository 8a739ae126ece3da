"""Parses SOURCE of the command line: a camera, a clip, pictures, a stream or the built-in daisy."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote_to_bytes, urlsplit

from livecam.core.printable_text import quoted
from livecam.core.redaction import looks_like_address, without_credentials
from livecam.errors import SourceError
from livecam.sources.files.format import PICTURE_SUFFIXES, is_clip
from livecam.sources.files.listing import GLOB_SIGNS
from livecam.sources.files.special_files import no_source

_SCHEMES = ("rtsp://", "rtsps://", "http://", "https://", "rtmp://", "udp://", "tcp://")

_FILE_URL = re.compile(r"file:(//(localhost)?)?(?=/(?!/))", re.IGNORECASE)
_VIDEO_DEVICE = re.compile(r"/dev/video[0-9]+")

Kind = Literal["camera", "camera name", "clip", "files", "stream", "daisy"]


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
        if _lacks_host(bare):
            raise SourceError(
                f"{_shortened(bare)} names no machine: an address is like rtsp://host/stream."
            )
        return SourceArgument("stream", bare)
    return _parse_name(text, bare)


def _parse_name(text: str, bare: str) -> SourceArgument:
    """The same for a file, a folder, a glob or a camera's name; `bare` is `text` without blanks."""
    try:
        text = next((name for name in _readings(text, bare) if Path(name).exists()), text)
        path = Path(text)
        exists, is_folder = path.exists(), path.is_dir()
    except OSError as error:  # a name too long, a folder that may not be entered
        raise SourceError(
            f"{_shortened(text)} cannot be looked up ({error.strerror}): check the name."
        ) from error
    special = no_source(path)
    if special:
        raise SourceError(f"{_shortened(text)} is {special}, which cannot be read: give a clip.")
    if exists:
        return SourceArgument("files" if is_folder or not is_clip(path) else "clip", text)
    text = _readings(text, bare)[-1]
    if looks_like_address(text):
        raise _unknown_scheme(text)
    is_glob = any(sign in text for sign in GLOB_SIGNS)
    if is_glob or Path(text).suffix.casefold() in PICTURE_SUFFIXES:
        return SourceArgument("files", text)
    if "/" not in text and "\\" not in text:
        return SourceArgument("camera name", text)
    raise unknown_source(text)


def _readings(text: str, bare: str) -> list[str]:
    """What a name may mean, the most literal first.

    Some shells (cmd.exe) leave quotes where they are, and in quotes no shell expands ~.
    """
    unquoted = bare[1:-1] if len(bare) > 2 and bare[0] == bare[-1] in {"'", '"'} else bare
    homed = str(with_home(unquoted)) if unquoted[:1] == "~" else unquoted
    return [text, bare, unquoted, path_of_url(homed)]


def path_of_url(text: str) -> str:
    """The path that a file's URL means, as file managers give it: file:///my%20clip.mp4.

    All else stays as it is, also the URL of another machine's file.
    """
    found = _FILE_URL.match(text)
    if found is None:
        return text
    encoded = text[found.end() :]
    if os.name == "nt":
        from urllib.request import url2pathname  # brings ssl and more: no other start waits for it

        return url2pathname(encoded)
    return os.fsdecode(unquote_to_bytes(encoded))  # a name may be no text


def with_home(text: str) -> Path:
    """The path with the user's folder for ~; as it is where there is no such user."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def _is_camera(text: str) -> bool:
    """A number, /dev/videoN, or one of the names that always mean the same camera.

    Those are links in /dev/v4l: by-id, by-path. An unplugged camera has none.
    """
    if re.fullmatch(r"[0-9]{1,4}", text) or text.startswith("/dev/v4l/"):
        return True
    return "/" in text and _VIDEO_DEVICE.fullmatch(os.path.realpath(text)) is not None


def _lacks_host(address: str) -> bool:
    """Whether it is nobody's address, as what a script's unset variable leaves.

    Of udp:// and tcp:// it means this machine, and wrong ones are refused where they are opened.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return not parts.hostname and parts.scheme not in {"udp", "tcp"}


def _unknown_scheme(text: str) -> SourceError:
    return SourceError(
        f"{_shortened(text)} is no address that livecam supports: addresses begin with "
        f"{', '.join(_SCHEMES)}."
    )


def unknown_source(text: str) -> SourceError:
    """The error for a SOURCE that is nothing that can be opened."""
    return SourceError(
        f"there is no file, folder or camera {quoted(_shortened(text))}: give a camera's "
        "number (0) or part of its name, a clip, a picture, a folder, a glob in quotes, an rtsp:// "
        "or http:// address, or daisy."
    )


def _shortened(text: str) -> str:
    """SOURCE for a message: without credentials, and not too long."""
    text = without_credentials(text)
    return text if len(text) <= 200 else f"{text[:200]}..."
