"""Sends a file that is opened once: whoever puts a link in its place meanwhile gains nothing."""

import os
import stat
from pathlib import Path
from typing import BinaryIO

from fastapi import HTTPException
from fastapi.responses import FileResponse
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from livecam.core.printable_text import printable
from livecam.web.api.range_header import NoSuchRangeError, satisfiable_ranges

# A pipe must not make the server wait, and a link is no file that livecam has made.
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_FLAGS |= getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_DESCRIPTORS = Path("/proc/self/fd"), Path("/dev/fd")


class OpenedFileResponse(FileResponse):
    """A response with the contents of a file; supports ranges."""

    def __init__(self, path: Path, media_type: str, *, is_download: bool) -> None:
        """Open the file.

        Args:
            path: which one.
            media_type: what it is, for the browser.
            is_download: whether the browser is to save it, and not to play it.

        Raises:
            FileNotFoundError: there is no regular file of that name any more.
        """
        self._file = _opened(path)
        super().__init__(
            _path_of(self._file, path),
            media_type=media_type,
            filename=printable(path.name),
            stat_result=os.fstat(self._file.fileno()),
            content_disposition_type="attachment" if is_download else "inline",
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, and close the file."""
        with self._file:
            await super().__call__(self._with_satisfiable_ranges(scope), receive, send)

    def _with_satisfiable_ranges(self, scope: Scope) -> Scope:
        """The request as the base class, which knows less of ranges, answers it well.

        Raises:
            HTTPException: the file has nothing of what is wanted.
        """
        headers = Headers(scope=scope)
        wanted, other = headers.get("range"), [h for h in scope["headers"] if h[0] != b"range"]
        condition = headers.get("if-range")
        if wanted is None or (condition is not None and not self._is_current(condition)):
            return {**scope, "headers": other}
        size_bytes = int(self.headers["content-length"])
        try:
            ranges = satisfiable_ranges(wanted, size_bytes)
        except NoSuchRangeError as error:
            raise HTTPException(
                416,
                f"the file has {size_bytes} bytes, and none of these.",
                headers={"Content-Range": f"bytes */{size_bytes}"},
            ) from error
        return {**scope, "headers": [*other, *([(b"range", ranges.encode())] if ranges else [])]}

    def _is_current(self, condition: str) -> bool:
        """Whether an If-Range header names the file as it is."""
        return condition in {self.headers["etag"], self.headers["last-modified"]}


def _opened(path: Path) -> BinaryIO:
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        raise FileNotFoundError(path) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileNotFoundError(path)
    return os.fdopen(descriptor, "rb")


def _path_of(file: BinaryIO, path: Path) -> Path:
    """A name for the open file itself; its own path where the system has no such names."""
    names = (folder / str(file.fileno()) for folder in _DESCRIPTORS)
    return next((name for name in names if name.exists()), path)
