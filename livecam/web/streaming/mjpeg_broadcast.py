"""Follows the newest frame for all viewers: pictures, figures, and changes that were applied.

It runs in the event loop of the web server, where requests wait for the processing loop.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

from livecam.web.streaming.frame_hub import FrameHub, LatestFrame
from livecam.web.streaming.jpeg import encode_jpeg
from livecam.web.streaming.picture_stream import PictureStream, Signal
from livecam.web.streaming.viewers import Viewers


class MjpegBroadcast:
    """The web server's side of the FrameHub.

    Attributes:
        annotated: the picture as it is recorded, for whoever watches the stream alone.
        for_guests: the same, without words on the source.
        painted: the picture without text, for the page, which writes above it.
    """

    def __init__(self, hub: FrameHub, *, say: Callable[[str], None] = lambda _: None) -> None:
        """Nothing happens before `start`.

        Args:
            hub: gives the newest frame.
            say: is called with errors, in words for the user.
        """
        self.hub, self._say = hub, say
        self.viewers = Viewers()
        self.closing = asyncio.Event()
        self._hub_changed = Signal()
        make = partial(PictureStream, viewers=self.viewers, changed=self._hub_changed)
        self.annotated = make(lambda of: of.annotated.picture)
        self.for_guests = make(lambda of: of.picture_for_guests)
        self.painted = make(lambda of: of.annotated.painted)
        self._streams = (self.annotated, self.for_guests, self.painted)
        self._full_size: dict[bool, tuple[int, asyncio.Future[bytes]]] = {}  # for guests or not
        self._encoder = ThreadPoolExecutor(1, "livecam-jpeg")
        self._tasks: list[asyncio.Task[None]] = []
        self._reported = ""

    def start(self) -> None:
        """Begin to follow the hub; to be called inside of the event loop."""
        loop = asyncio.get_running_loop()

        def notify() -> None:
            try:
                loop.call_soon_threadsafe(self._hub_changed.notify)
            except RuntimeError:  # the server has ended
                self.hub.on_change(lambda: None)

        self.hub.on_change(notify)
        for stream in self._streams:
            self._tasks.append(loop.create_task(self._publish_until_closed(stream)))

    async def close(self) -> None:
        """End all streams."""
        self.hub.on_change(lambda: None)
        self.closing.set()
        self._hub_changed.notify()
        for stream in self._streams:
            stream.close()
        for task in self._tasks:
            task.cancel()
        self._encoder.shutdown(wait=False, cancel_futures=True)

    async def full_size_jpeg(self, frame: LatestFrame, *, for_guests: bool = False) -> bytes:
        """The picture in full size, encoded once for all requests."""
        number, jpeg = self._full_size.get(for_guests, (0, None))
        if jpeg is None or number != frame.number:
            job = asyncio.to_thread(_full_size_jpeg, frame, for_guests=for_guests)
            jpeg = asyncio.ensure_future(job)
            self._full_size[for_guests] = frame.number, jpeg
        return await asyncio.shield(jpeg)

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

    async def _publish_until_closed(self, stream: PictureStream) -> None:
        while True:
            try:
                await stream.publish(lambda: self.hub.newest, self._encoder)
            except Exception as error:  # the next picture may be better
                message = f"the web page cannot show the picture ({type(error).__name__}: {error})"
                if message != self._reported:
                    self._say(message)
                self._reported = message
                await self._hub_changed.wait()


def _full_size_jpeg(frame: LatestFrame, *, for_guests: bool) -> bytes:
    picture = frame.picture_for_guests if for_guests else frame.annotated.picture
    return encode_jpeg(picture, max_side_px=max(picture.shape))
