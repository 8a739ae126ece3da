"""Writes a file whole or not at all: what stood there stays until the new one is complete."""

import codecs
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from livecam.errors import SinkError

ESCAPED = "backslashreplace"
"""Names of pictures need not be text: other bytes are written as \\udc.., as in JSON."""


@contextmanager
def whole_file(path: Path, flag: str) -> Iterator[IO[bytes]]:
    """A file that takes its name when the block has ended; an existing one is replaced.

    Args:
        path: the file.
        flag: names the setting that asked for it, in errors.

    Raises:
        SinkError: it cannot be written; nothing of it is left.
    """
    part, is_made = path.with_name(f".{path.name}.{secrets.token_hex(4)}"), False
    try:
        with part.open("xb") as file:  # "x": a name that is taken is nobody's to write or delete
            is_made = True
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException as error:
        if is_made:
            with suppress(OSError):
                part.unlink()
        if isinstance(error, OSError):
            raise not_written(path, flag, error) from error
        raise


@contextmanager
def whole_text_file(path: Path, flag: str) -> Iterator[codecs.StreamWriter]:
    """The same for text, which is written as UTF-8.

    Raises:
        SinkError: as there.
    """
    with whole_file(path, flag) as file:
        yield codecs.getwriter("utf-8")(file, ESCAPED)


def write_whole(path: Path, content: str | bytes, flag: str) -> None:
    """Write all of such a file at once; text as UTF-8.

    Raises:
        SinkError: as there.
    """
    with whole_file(path, flag) as file:
        file.write(content.encode("utf-8", ESCAPED) if isinstance(content, str) else content)


def not_written(path: Path, flag: str, error: OSError) -> SinkError:
    """The error of a file that cannot be written."""
    return SinkError(
        f"{flag} {path} could not be written ({error.strerror or error}): "
        "free some space, or give another name."
    )
