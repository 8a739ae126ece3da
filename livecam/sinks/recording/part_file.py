"""The hidden file into which a copy is written, before it takes the place of its target."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

from livecam.core.formatting import reason_of
from livecam.errors import SinkError
from livecam.sinks.leftovers import PART_SUFFIX


class PartFile:
    """A hidden file beside `target`, deleted at the end unless it was moved there.

    It is created under a name that nobody can guess, follows no link, and is written through the
    file that was opened then: who may write in the folder can put nothing in its way.
    """

    def __init__(self, target: Path, on_progress: Callable[[], None] = lambda: None) -> None:
        """Create nothing yet; `on_progress` is called whenever the file has grown."""
        self.target, self.on_progress = target, on_progress
        self.write_error: OSError | None = None
        name = f".{target.name}.{secrets.token_hex(4)}{PART_SUFFIX}"
        self.path = target.with_name(name)

    def __enter__(self) -> Self:
        """Create it.

        Raises:
            SinkError: that is impossible.
        """
        try:
            self.file = self.path.open("x+b", buffering=0)  # "x" is O_CREAT and O_EXCL
        except OSError as error:
            raise write_failure(self.target, error) from error
        return self

    def opened(self, *_: object) -> "OpenFile":
        """The file as PyAV takes it; FFmpeg opens it once more, to move the index to the front."""
        return OpenFile(self)

    def move_to(self, target: Path) -> None:
        """Force the file onto the medium, and rename it.

        Raises:
            SinkError: that failed.
        """
        try:
            os.fsync(self.file.fileno())
            if not os.path.samestat(os.fstat(self.file.fileno()), self.path.lstat()):
                raise FileNotFoundError(2, "another file took its place", str(self.path))
            self.file.close()  # Windows renames no open file
            self.path.replace(target)
        except OSError as error:
            raise write_failure(target, error) from error

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Delete it, unless it was moved.

        Raises:
            SinkError: the block ended by an error, and the disk had failed: PyAV says of that only
                that a callback did.
        """
        self.file.close()
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
        if self.write_error is not None and isinstance(error, Exception):
            raise write_failure(self.target, self.write_error) from self.write_error


class OpenFile:
    """An open file with a position of its own; closing it leaves the file open."""

    def __init__(self, part: PartFile) -> None:
        """It begins at the beginning."""
        self._part, self._file = part, part.file
        self._position = 0

    def read(self, size: int) -> bytes:
        """The next bytes."""
        self._file.seek(self._position)
        data = self._file.read(size) or b""
        self._position += len(data)
        return data

    def write(self, data: bytes) -> int:
        """Write all of it."""
        try:
            self._file.seek(self._position)
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            self._part.write_error = error
            raise
        self._part.on_progress()
        self._position += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a position."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position}.get(whence)
        self._position = offset + (self._file.seek(0, os.SEEK_END) if base is None else base)
        return self._position

    def tell(self) -> int:
        """The position."""
        return self._position

    def close(self) -> None:
        """Nothing: whoever opened the file closes it."""


def write_failure(path: Path, error: BaseException) -> SinkError:
    """The error of a file that is not there at the end."""
    return SinkError(f"{path} could not be written ({reason_of(error)}): check folder and disk.")
