"""A fragmented MP4 with damaged sizes of its boxes, read as if they were right.

FFmpeg looks for each box where the one before says that it ends: after one damaged size it reads
nothing more. The next fragment is found by how it begins, and all positions stay as they are.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from livecam.native.ffmpeg_url import file_start_url, file_url
from livecam.sinks.recording.container_health import size_without_zeros

_TOP = frozenset(
    {b"ftyp", b"free", b"mdat", b"mfra", b"moof", b"moov", b"sidx", b"skip", b"styp", b"uuid"}
)
_IN_FRAGMENT = frozenset({b"mfhd", b"traf"})
_FRAGMENT = b"moof\x00\x00\x00\x10mfhd"  # kind, then size and kind of its first part
_HEAD_BYTES = 8
_BLOCK_BYTES = 1 << 22
_MOST_BYTES = 1 << 32  # that a size of four bytes says


class PatchedFile:
    """A file as PyAV takes it, with other bytes at some places."""

    def __init__(self, file: BinaryIO, patches: Mapping[int, bytes], size_bytes: int) -> None:
        """Read nothing yet.

        Args:
            file: open for reading; stays open.
            patches: what is read in place of the file's own bytes, by position.
            size_bytes: so much of the file is there.
        """
        self._file, self._patches, self._size_bytes = file, patches, size_bytes
        self._position = 0

    def read(self, size: int) -> bytes:
        """The next bytes; none at the end."""
        begin = self._position
        self._file.seek(begin)
        data = bytearray(self._file.read(max(0, min(size, self._size_bytes - begin))))
        for at, patch in self._patches.items():
            first, last = max(at, begin), min(at + len(patch), begin + len(data))
            if first < last:
                data[first - begin : last - begin] = patch[first - at : last - at]
        self._position += len(data)
        return bytes(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a position."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position}.get(whence, self._size_bytes)
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """The position."""
        return self._position


@contextmanager
def what_is_there(path: Path) -> Iterator[str | PatchedFile]:
    """What of a damaged file can be read, as PyAV opens it.

    FFmpeg would look through gigabytes of zeros, and take them for the end of a picture.
    """
    try:
        size_bytes = size_without_zeros(path)
        patches = patches_of(path, size_bytes)
        file = path.open("rb") if patches else None
    except OSError:  # opening it says what is wrong
        yield file_url(path)
        return
    if file is None:
        yield file_start_url(path, size_bytes)
        return
    with file:
        yield PatchedFile(file, patches, size_bytes)


def patches_of(path: Path, size_bytes: int) -> dict[int, bytes]:
    """The heads that boxes with damaged sizes should have, by their positions.

    Args:
        path: the file; one of another format has none.
        size_bytes: so much of it is there.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        if _head(file, 0)[1] != b"ftyp":
            return {}
        return dict(_patches(file, size_bytes))


def _patches(file: BinaryIO, end: int) -> Iterator[tuple[int, bytes]]:
    at, before = 0, b""
    while at + _HEAD_BYTES <= end:
        size, kind = _head(file, at)
        if kind not in _TOP or not _is_boundary(file, at + size, at, end):
            size = _fragment_size(file, at) if kind == b"moof" else 0
            if not _is_boundary(file, at + size, at, end):
                following = _next_fragment(file, at + _HEAD_BYTES, end)
                if following is None or following - at >= _MOST_BYTES:
                    return  # the rest was cut off
                size, kind = following - at, b"mdat" if before == b"moof" else b"free"
            yield at, size.to_bytes(4, "big") + kind
        at, before = at + size, kind


def _head(file: BinaryIO, at: int) -> tuple[int, bytes]:
    """Size and kind of the box here."""
    file.seek(at)
    head = file.read(16)
    size, kind = int.from_bytes(head[:4], "big"), head[4:8]
    return (int.from_bytes(head[8:16], "big") if size == 1 else size), kind


def _is_boundary(file: BinaryIO, at: int, begin: int, end: int) -> bool:
    """Whether a box that begins at `begin` can end here: another one begins, or the file ends."""
    return at >= begin + _HEAD_BYTES and (at == end or (at < end and _head(file, at)[1] in _TOP))


def _fragment_size(file: BinaryIO, at: int) -> int:
    """The size of a fragment's head by its parts."""
    inner = at + _HEAD_BYTES
    while (part := _head(file, inner))[1] in _IN_FRAGMENT and part[0] >= _HEAD_BYTES:
        inner += part[0]
    return inner - at


def _next_fragment(file: BinaryIO, at: int, end: int) -> int | None:
    """Where the next fragment begins; None where there is none."""
    while at < end:
        file.seek(at)
        found = file.read(min(_BLOCK_BYTES, end - at)).find(_FRAGMENT)
        if found >= 4:
            return at + found - 4
        if found >= 0:  # its size lies before what was read: no whole box
            at += found + 1
        else:
            at += max(1, _BLOCK_BYTES - len(_FRAGMENT) - 4)
    return None
