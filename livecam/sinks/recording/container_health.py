"""Whether a video file is whole: closed properly, with its index, nothing cut off."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_SEGMENT, _CUES = b"\x18\x53\x80\x67", b"\x1c\x53\xbb\x6b"
_EBML = b"\x1a\x45\xdf\xa3"

_ZEROS_BYTES = 1 << 16  # no packet of video ends in so many
_BLOCK_BYTES = 1 << 22


def is_whole(path: Path) -> bool:
    """Whether a file was closed properly, as far as its structure says; not of another format.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        beginning = file.read(8)
        file.seek(0)
        if beginning.startswith(_EBML):
            return _is_whole_matroska(file)
        return beginning[4:8] == b"ftyp" and _is_whole_mp4(file)


def size_without_zeros(path: Path) -> int:
    """The size of a file without the zeros at its end, which a power cut may leave: even 200 GB.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        size_bytes = file.seek(0, os.SEEK_END)
        end = _end_of_data(file, size_bytes)
        while end > 0:
            begin = max(0, end - _BLOCK_BYTES)
            file.seek(begin)
            block = file.read(end - begin).rstrip(b"\0")
            if block:
                end = begin + len(block)
                break
            end = begin
    return end if size_bytes - end >= _ZEROS_BYTES else size_bytes


def _end_of_data(file: BinaryIO, size_bytes: int) -> int:
    """Where the last part of a file ends that takes place on the disk."""
    if not hasattr(os, "SEEK_DATA"):  # Windows
        return size_bytes
    end = 0
    try:
        while end < size_bytes:
            end = file.seek(file.seek(end, os.SEEK_DATA), os.SEEK_HOLE)
    except OSError as error:  # ENXIO: there is no more; else the file system does not know
        return end if error.errno == errno.ENXIO else size_bytes
    return end


def _is_whole_mp4(file: BinaryIO) -> bool:
    """Boxes that end where the file does, with an index and without fragments."""
    end = file.seek(0, 2)
    boxes = list(_boxes(file, end))
    kinds = [kind for kind, _ in boxes]
    return (
        kinds.count(b"moov") == 1
        and b"mdat" in kinds
        and b"moof" not in kinds
        and boxes[-1][1] == end
    )


def _boxes(file: BinaryIO, end: int) -> Iterator[tuple[bytes, int]]:
    """Kind and end of each box."""
    at = 0
    while at < end:
        file.seek(at)
        head = file.read(16)
        size, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        elif size == 0:  # up to the end of the file
            size = end - at
        if size < 8:
            yield kind, -1
            return
        at += size
        yield kind, at


def _is_whole_matroska(file: BinaryIO) -> bool:
    """One segment of known size that ends where the file does, with its index in it."""
    end = file.seek(0, 2)
    file.seek(len(_EBML))
    header_size = _size(file)
    if header_size is None:
        return False
    file.seek(header_size, 1)
    if file.read(4) != _SEGMENT:
        return False
    size = _size(file)
    begin = file.tell()
    return size is not None and begin + size == end and _CUES in set(_elements(file, begin, end))


def _elements(file: BinaryIO, at: int, end: int) -> Iterator[bytes]:
    """The ids of the elements of a segment."""
    while at < end:
        file.seek(at)
        first = file.read(1)
        length = 9 - first[0].bit_length() if first and first[0] else 9
        if length > 4:
            return
        yield first + file.read(length - 1)
        size = _size(file)
        if size is None:
            return
        at = file.tell() + size


def _size(file: BinaryIO) -> int | None:
    """A size as Matroska writes it; None where it is unknown."""
    first = file.read(1)
    if not first or not first[0]:
        return None
    length = 9 - first[0].bit_length()
    bits = 7 * length
    value = int.from_bytes(first + file.read(length - 1), "big") & ((1 << bits) - 1)
    return None if value == (1 << bits) - 1 else value
