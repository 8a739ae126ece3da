"""Files behind addresses (s3://, gs://, https:// ...), by fsspec where it is installed.

A file is copied before it is read: measuring demuxes all of it, and FFmpeg, reading an object
store in pieces, asks for several times as many bytes.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from livecam.core.archive.manifest import SourceState
from livecam.core.formatting import reason_of
from livecam.core.redaction import without_credentials
from livecam.errors import SourceError
from livecam.sources.files.format import CLIP_SUFFIXES, PICTURE_SUFFIXES
from livecam.sources.files.listing import GLOB_SIGNS

BLOCK_BYTES = 4_000_000


def list_remote(address: str) -> list[str]:
    """The addresses of pictures and clips that an address, a folder or a glob means.

    Raises:
        SourceError: nothing is there, it cannot be reached, or fsspec or its part is missing.
    """
    with _reached(address):
        files, path = _opened(address)
        if any(sign in path for sign in GLOB_SIGNS):
            found = files.glob(path)
        elif files.isdir(path):
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
def local_copy(address: str) -> Iterator[Path]:
    """A copy of the file, as long as the block lasts.

    Raises:
        SourceError: it is not there, or cannot be reached, or the disk is full.
    """
    suffix = PurePosixPath(without_credentials(address)).suffix
    with tempfile.TemporaryDirectory(prefix="livecam-") as folder:
        copy = Path(folder) / f"copy{suffix}"
        with _reached(address):
            files, path = _opened(address)
            with files.open(path, "rb", block_size=BLOCK_BYTES) as source, copy.open("wb") as kept:
                shutil.copyfileobj(source, kept, BLOCK_BYTES)
        yield copy


def _opened(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it."""
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
        raise SourceError(
            f"{without_credentials(address)} could not be read ({reason_of(error)}): check the "
            "address, and that it may be read."
        ) from error


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
