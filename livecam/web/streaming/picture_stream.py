"""One kind of picture for browsers: encoded once, only while somebody watches it."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass

from livecam.core.types import BgrImage
from livecam.web.streaming.frame_hub import LatestFrame
from livecam.web.streaming.jpeg import encode_jpeg
from livecam.web.streaming.viewers import Viewer, Viewers


@dataclass(frozen=True, slots=True)
class JpegPicture:
    """A JPEG, with the number of the LatestFrame that it was made from."""

    number: int
    jpeg: bytes


class Signal:
    """Wakes all coroutines that wait at that moment."""

    def __init__(self) -> None:
        """Nobody waits yet."""
        self._event = asyncio.Event()

    def notify(self) -> None:
        """Wake them."""
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def wait(self) -> None:
        """Wait for the next `notify`."""
        await self._event.wait()


class PictureStream:
    """The newest picture of one kind; each viewer gets the newest one that there is."""

    def __init__(
        self, pixels: Callable[[LatestFrame], BgrImage], viewers: Viewers, changed: Signal
    ) -> None:
        """Nothing is encoded before somebody watches.

        Args:
            pixels: which picture of a frame this is; called in the encoder's thread.
            viewers: counts the viewers of all kinds together.
            changed: there is another frame, or another viewer.
        """
        self._pixels, self._viewers, self._changed = pixels, viewers, changed
        self._ready = Signal()
        self._picture: JpegPicture | None = None
        self._watching = 0
        self._due_s = 0.0
        self.is_closing = False

    @contextmanager
    def watched_by(self, viewer: Viewer) -> Iterator[None]:
        """Count the viewer, and encode pictures, while inside."""
        self._watching += 1
        try:
            with self._viewers.picture_places.taken_by(viewer):
                self._changed.notify()  # a paused picture is sent at once
                yield
        finally:
            self._watching -= 1
            if not self._watching:
                self._picture = None  # the next viewer must not get an old one

    async def picture_after(self, number: int) -> JpegPicture | None:
        """The newest picture that is newer than `number`; None when the server ends."""
        while not self.is_closing:
            if self._picture is not None and self._picture.number > number:
                return self._picture
            await self._ready.wait()
        return None

    def close(self) -> None:
        """End all streams."""
        self.is_closing = True
        self._ready.notify()

    async def publish(self, newest: Callable[[], LatestFrame | None], encoder: Executor) -> None:
        """Encode the newest picture while there are viewers, until an error occurs."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(max(0.0, self._due_s - loop.time()))
            frame = newest()
            published = self._picture.number if self._picture is not None else 0
            if frame is None or not self._watching or frame.number == published:
                await self._changed.wait()
                continue
            self._due_s = loop.time() + self._viewers.picture_interval_s()
            jpeg = await loop.run_in_executor(encoder, self._encoded, frame)
            if self._watching:
                self._picture = JpegPicture(frame.number, jpeg)
                self._ready.notify()

    def _encoded(self, frame: LatestFrame) -> bytes:
        return encode_jpeg(self._pixels(frame))
