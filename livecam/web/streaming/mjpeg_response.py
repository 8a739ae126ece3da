"""The MJPEG stream as an HTTP response (multipart/x-mixed-replace)."""

import asyncio
from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from livecam.web.streaming.picture_stream import PictureStream
from livecam.web.streaming.viewers import Viewer

_BOUNDARY = "livecam-frame"
_HEADER_AHEAD = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\n\r\n".encode()

REPEAT_AFTER_S = 0.5
"""A picture is sent once more when none follows for so long."""


def mjpeg_part(jpeg: bytes) -> bytes:
    """One picture with its length: a reader need not wait for the next one to know its end."""
    header = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
    return header.encode() + jpeg + b"\r\n"


def mjpeg_part_ahead(jpeg: bytes) -> bytes:
    """One picture, and the header of the next one, whose length is not known yet.

    Chromium shows a picture only when it has read the header of the following part: without it, a
    stream would always show the picture before the last.
    """
    return jpeg + b"\r\n" + _HEADER_AHEAD


class MjpegResponse(StreamingResponse):
    """Sends the newest picture again and again, as fast as the viewer reads."""

    def __init__(
        self, stream: PictureStream, viewer: Viewer, *, headers_ahead: bool = False
    ) -> None:
        """The middleware disconnects a viewer who does not read.

        Args:
            stream: of one kind of picture.
            viewer: who watches it.
            headers_ahead: each header is sent with the picture before it, and without a length.
        """
        super().__init__(
            _parts_ahead(stream) if headers_ahead else _parts(stream),
            media_type=f"multipart/x-mixed-replace; boundary={_BOUNDARY}",
            headers={"connection": "close"},
        )
        self._stream, self._viewer = stream, viewer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the viewer or the server closes the connection."""
        with self._stream.watched_by(self._viewer):
            await super().__call__(scope, receive, send)


async def _parts_ahead(stream: PictureStream) -> AsyncIterator[bytes]:
    yield _HEADER_AHEAD
    number = 0
    while (picture := await stream.picture_after(number)) is not None:
        number = picture.number
        yield mjpeg_part_ahead(picture.jpeg)
        yield b""  # waits until most of the picture is sent: then the newest one follows


async def _parts(stream: PictureStream) -> AsyncIterator[bytes]:
    number, repeatable = 0, b""
    while True:
        try:
            async with asyncio.timeout(REPEAT_AFTER_S if repeatable else None):
                picture = await stream.picture_after(number)
        except TimeoutError:  # paused: browsers show a picture when the next one begins
            yield repeatable
            repeatable = b""
            continue
        if picture is None:
            return
        number, repeatable = picture.number, mjpeg_part(picture.jpeg)
        yield repeatable
        yield b""  # waits until most of the picture is sent: then the newest one follows
