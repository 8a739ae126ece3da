"""What tells whether a file has changed: its size, its date, and a checksum of its content."""

import hashlib
import os
from pathlib import Path

from livecam.core.archive.manifest import SourceState

WHOLE_BYTES = 4_000_000
"""So much of a file is read whole."""

_BLOCKS = 32
_BLOCK_BYTES = 65_536


def state_of(source: str, path: Path) -> SourceState:
    """Size and date of a file, without a checksum.

    Raises:
        OSError: it is not there.
    """
    found = path.stat()
    return SourceState(source, found.st_size, found.st_mtime_ns)


def checksum_of(path: Path) -> str:
    """BLAKE2b-128 of size and content, in hexadecimal digits.

    Of a file larger than WHOLE_BYTES, of 32 blocks of 64 KiB spread evenly from its beginning to
    its end: reading all of an archive would take longer than measuring it.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        digest.update(size.to_bytes(8, "little"))
        if size <= WHOLE_BYTES:
            digest.update(file.read())
        else:
            for block in range(_BLOCKS):
                file.seek((size - _BLOCK_BYTES) * block // (_BLOCKS - 1))
                digest.update(file.read(_BLOCK_BYTES))
    return digest.hexdigest()
