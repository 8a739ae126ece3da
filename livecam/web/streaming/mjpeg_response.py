"""The MJPEG stream as an HTTP response (multipart/x-mixed-replace)."""

from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from livecam.web.streaming.mjpeg_broadcast import MjpegBroadcast

_BOUNDARY = "livecam-frame"
_PART_HEADER = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\n\r\n".encode()


def mjpeg_part(jpeg: bytes) -> bytes:
    """One picture, and the header of the next one.

    Chromium shows a picture only when it has read the header of the following part: without it, a
    paused stream would show the picture before the last.
    """
    return jpeg + b"\r\n" + _PART_HEADER


class MjpegResponse(StreamingResponse):
    """Sends the newest picture again and again, as fast as the viewer reads."""

    def __init__(self, broadcast: MjpegBroadcast) -> None:
        """The middleware disconnects a viewer who does not read."""
        super().__init__(
            _parts(broadcast),
            media_type=f"multipart/x-mixed-replace; boundary={_BOUNDARY}",
            headers={"connection": "close"},
        )
        self._broadcast = broadcast

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the viewer or the server closes the connection."""
        with self._broadcast.watching_picture():
            await super().__call__(scope, receive, send)


async def _parts(broadcast: MjpegBroadcast) -> AsyncIterator[bytes]:
    yield _PART_HEADER
    number = 0
    while (picture := await broadcast.picture_after(number)) is not None:
        number = picture.number
        yield mjpeg_part(picture.jpeg)
        yield b""  # waits until most of the picture is sent: then the newest one follows
