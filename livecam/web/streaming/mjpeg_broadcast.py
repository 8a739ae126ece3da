"""Encodes each picture once, only while there are viewers; each viewer gets the newest one.

It runs in the event loop of the web server, where requests wait for the processing loop.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from livecam.web.streaming.frame_hub import FrameHub, LatestFrame
from livecam.web.streaming.jpeg import encode_jpeg
from livecam.web.streaming.viewers import Viewers


@dataclass(frozen=True, slots=True)
class JpegPicture:
    """A JPEG, with the number of the LatestFrame that it was made from."""

    number: int
    jpeg: bytes


class _Signal:
    """Wakes all coroutines that wait at that moment."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def notify(self) -> None:
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def wait(self) -> None:
        await self._event.wait()


class MjpegBroadcast:
    """The web server's side of the FrameHub."""

    def __init__(self, hub: FrameHub, *, say: Callable[[str], None] = lambda _: None) -> None:
        """Nothing happens before `start`.

        Args:
            hub: gives the newest frame.
            say: is called with errors, in words for the user.
        """
        self.hub, self._say = hub, say
        self.viewers = Viewers()
        self.closing = asyncio.Event()
        self._hub_changed, self._picture_ready = _Signal(), _Signal()
        self._picture: JpegPicture | None = None
        self._full_size: tuple[int, asyncio.Future[bytes]] | None = None
        self._encoder = ThreadPoolExecutor(1, "livecam-jpeg")
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to follow the hub; to be called inside of the event loop."""
        loop = asyncio.get_running_loop()

        def notify() -> None:
            try:
                loop.call_soon_threadsafe(self._hub_changed.notify)
            except RuntimeError:  # the server has ended
                self.hub.on_change(lambda: None)

        self.hub.on_change(notify)
        self._task = loop.create_task(self._publish_until_closed())

    async def close(self) -> None:
        """End all streams."""
        self.hub.on_change(lambda: None)
        self.closing.set()
        self._hub_changed.notify()
        self._picture_ready.notify()
        if self._task is not None:
            self._task.cancel()
        self._encoder.shutdown(wait=False, cancel_futures=True)

    @contextmanager
    def watching_picture(self) -> Iterator[None]:
        """Count a viewer, and encode pictures, while inside."""
        try:
            with self.viewers.watching_picture():
                self._hub_changed.notify()  # a paused picture is sent at once
                yield
        finally:
            if not self.viewers.pictures:
                self._picture = None  # the next viewer must not get an old one

    async def picture_after(self, number: int) -> JpegPicture | None:
        """The newest picture that is newer than `number`; None when the server ends."""
        while not self.closing.is_set():
            if self._picture is not None and self._picture.number > number:
                return self._picture
            await self._picture_ready.wait()
        return None

    async def full_size_jpeg(self, frame: LatestFrame) -> bytes:
        """The picture in full size, encoded once for all requests."""
        if self._full_size is None or self._full_size[0] != frame.number:
            picture = frame.annotated.picture
            job = asyncio.to_thread(encode_jpeg, picture, max_side_px=max(picture.shape))
            self._full_size = (frame.number, asyncio.ensure_future(job))
        return await asyncio.shield(self._full_size[1])

    async def frame_after(self, number: int, timeout_s: float) -> LatestFrame | None:
        """Wait for a frame that is newer than `number`, at most `timeout_s` seconds.

        Returns:
            The newest frame there is, None before the first; also when the server ends.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while not self.closing.is_set():
                    newest = self.hub.newest
                    if newest is not None and newest.number > number:
                        break
                    await self._hub_changed.wait()
        return self.hub.newest

    async def wait_until_applied(self, event_number: int, timeout_s: float) -> bool:
        """Wait until the loop has applied an event; False after `timeout_s` seconds."""
        try:
            async with asyncio.timeout(timeout_s):
                while not self.hub.is_applied(event_number) and not self.closing.is_set():
                    await self._hub_changed.wait()
        except TimeoutError:
            return False
        return self.hub.is_applied(event_number)

    async def _publish_until_closed(self) -> None:
        reported = ""
        while True:
            try:
                await self._publish()
            except Exception as error:  # the next picture may be better
                message = f"the web page cannot show the picture ({type(error).__name__}: {error})"
                if message != reported:
                    self._say(message)
                reported = message
                await self._hub_changed.wait()

    async def _publish(self) -> None:
        """Encode the newest picture while there are viewers, until an error occurs."""
        loop = asyncio.get_running_loop()
        due_s = 0.0
        while True:
            await asyncio.sleep(max(0.0, due_s - loop.time()))
            newest = self.hub.newest
            published = self._picture.number if self._picture is not None else 0
            if newest is None or not self.viewers.pictures or newest.number == published:
                await self._hub_changed.wait()
                continue
            due_s = loop.time() + self.viewers.picture_interval_s()
            jpeg = await loop.run_in_executor(self._encoder, encode_jpeg, newest.annotated.picture)
            if self.viewers.pictures:
                self._picture = JpegPicture(newest.number, jpeg)
                self._picture_ready.notify()
