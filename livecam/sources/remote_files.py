"""Files behind addresses (s3://, gs://, https:// ...), by fsspec where it is installed.

A file is copied before it is read: measuring demuxes all of it, and FFmpeg, reading an object
store in pieces, asks for several times as many bytes.
"""

import hashlib
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from livecam.core.archive.manifest import SourceState
from livecam.core.disk_errors import is_disk_full
from livecam.core.formatting import reason_of
from livecam.core.redaction import without_credentials
from livecam.errors import SourceError, causes_of
from livecam.sources.files.format import CLIP_SUFFIXES, PICTURE_SUFFIXES
from livecam.sources.files.listing import GLOB_SIGNS

TRIES, RETRY_AFTER_S = 2, 2.0
"""A copy that breaks off is begun again; many parts of fsspec try again by themselves before."""

_HOPELESS = (FileNotFoundError, IsADirectoryError, PermissionError)


def list_remote(address: str) -> list[str]:
    """The addresses of pictures and clips that an address, a folder or a glob means.

    Raises:
        SourceError: nothing is there, it cannot be reached, or fsspec or its part is missing.
    """
    with _reached(address):
        files, path = _opened(address)
        if any(sign in path for sign in GLOB_SIGNS):
            found = files.glob(path)
        elif files.info(path).get("type") == "directory":
            found = files.find(path)
        else:
            return [address]
        suffixes = PICTURE_SUFFIXES | CLIP_SUFFIXES
        named = [name for name in found if PurePosixPath(name).suffix.casefold() in suffixes]
        addresses = sorted(str(files.unstrip_protocol(name)) for name in named)
    if not addresses:
        raise SourceError(f"no picture or clip is at {without_credentials(address)}: check it.")
    return addresses


def remote_state(address: str, name: str) -> SourceState:
    """Size and date of a file behind an address; what a store calls its version is its date.

    Raises:
        SourceError: it is not there, or cannot be reached.
    """
    with _reached(address):
        files, path = _opened(address)
        about = files.info(path)
    return SourceState(name, int(about.get("size") or 0), _version_of(about))


@contextmanager
def local_copy(address: str, wait: Callable[[float], None] = time.sleep) -> Iterator[Path]:
    """A copy of the file, as long as the block lasts.

    Args:
        address: of the file.
        wait: for so many seconds, before it is tried again.

    Raises:
        SourceError: it is not there, or cannot be reached, or the disk is full.
    """
    suffix = PurePosixPath(without_credentials(address)).suffix
    with tempfile.TemporaryDirectory(prefix="livecam-") as folder:
        copy = Path(folder) / f"copy{suffix}"
        with _reached(address):
            files, path = _opened(address)
            for tries_left in reversed(range(TRIES)):
                try:
                    _copy(files, path, copy)
                    break
                except Exception as error:
                    if not tries_left or isinstance(error, _HOPELESS) or is_disk_full(error):
                        raise
                wait(RETRY_AFTER_S)
                files.invalidate_cache()
        yield copy


def _copy(files: Any, path: str, copy: Path) -> None:
    """All of a file; a part of a clip could be taken for a shorter one.

    Raises:
        Exception: of any library.
    """
    expected = files.info(path).get("size")
    files.get_file(path, str(copy))
    came = copy.stat().st_size
    if expected is not None and came != expected:
        raise OSError(f"{came} of {expected} bytes came")


_LIVE_SCHEMES = frozenset({"rtsp", "rtsps", "rtmp", "rtmps", "rtp", "srt", "udp"})
"""What is so addressed has no end, and no file system."""


def _opened(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it."""
    if address.partition("://")[0].casefold() in _LIVE_SCHEMES:
        shown = without_credentials(address)
        raise SourceError(
            f"{shown} is a live stream, not a file: record it (livecam {shown} --record a.mp4), "
            "and give the clip."
        )
    try:
        import fsspec
    except ImportError as error:
        raise SourceError(
            f"{without_credentials(address)} needs fsspec: install it with "
            "\"pip install 'livecam[remote]'\"."
        ) from error
    files, path = fsspec.core.url_to_fs(address)
    return files, path


@contextmanager
def _reached(address: str) -> Iterator[None]:
    """Any failure within, which may be of any library, as one line."""
    try:
        yield
    except SourceError:
        raise
    except ImportError as error:  # the part of fsspec for this kind of address
        raise SourceError(f"{without_credentials(address)}: {error}") from error
    except Exception as error:
        raise SourceError(f"{without_credentials(address)} {_describe(error)}") from error


def _describe(error: Exception) -> str:
    """What failed and what to do, for the user."""
    if isinstance(error, FileNotFoundError):
        return "is not there: check the address."
    if isinstance(error, PermissionError):
        return "may not be read: check the login for the store, and what that may read."
    if is_disk_full(error):
        return "could not be copied: the temporary folder is full. Free some space, or set TMPDIR."
    reason = reason_of(error).splitlines()[0]
    # Of a store that is silent, its library may fail over that, too.
    for earlier in causes_of(error, with_contexts=True):
        if "timeout" in type(earlier).__name__.casefold():
            reason = "no answer in time"
    return f"could not be read ({reason}): check address, login and network."


def _version_of(about: dict[str, Any]) -> int:
    """A number that changes with the file: its date, else a digest of its version's name."""
    for key in ("mtime", "LastModified", "last_modified", "updated", "created"):
        value = about.get(key)
        if isinstance(value, datetime):
            return int(value.timestamp() * 1e9)
        if isinstance(value, int | float):
            return int(value * 1e9)
    version = next((str(about[key]) for key in ("ETag", "etag", "md5Hash") if about.get(key)), "")
    digest = hashlib.blake2b(version.encode(), digest_size=6).digest()
    return int.from_bytes(digest, "little") if version else 0
