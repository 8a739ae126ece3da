"""Follows cameras and events for all viewers, in the event loop of the web server."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from livecam.core.watching.event_list import EventList
from livecam.core.watching.watch_state import CameraState
from livecam.web.streaming.jpeg import encode_jpeg
from livecam.web.streaming.picture_stream import Signal
from livecam.web.streaming.viewers import Viewers
from livecam.web.watching.watch_hub import CameraPicture, WatchHub

KEPT_JPEGS = 32


class WatchBroadcast:
    """The web server's side of the WatchHub and of the events."""

    def __init__(self, hub: WatchHub, events: EventList) -> None:
        """Nothing happens before `start`."""
        self.hub, self.events = hub, events
        self.viewers = Viewers()
        self.closing = asyncio.Event()
        self._changed = Signal()
        self._encoder = ThreadPoolExecutor(1, "livecam-jpeg")
        self._jpegs: dict[tuple[str, int], tuple[CameraPicture, asyncio.Future[bytes]]] = {}

    def start(self) -> None:
        """Begin to follow; to be called inside of the event loop."""
        loop = asyncio.get_running_loop()

        def notify() -> None:
            with suppress(RuntimeError):  # the server has ended
                loop.call_soon_threadsafe(self._changed.notify)

        self.hub.on_change(notify)
        self.events.on_change(notify)

    async def close(self) -> None:
        """End all connections that wait for changes."""
        for followed in (self.hub, self.events):
            followed.on_change(lambda: None)
        self.closing.set()
        self._changed.notify()
        self._encoder.shutdown(wait=False, cancel_futures=True)

    @property
    def version(self) -> tuple[int, int]:
        """Changes of the cameras, and of the events, so far."""
        return self.hub.number, self.events.revision

    async def wait_for_change(self, before: tuple[int, int] | None, timeout_s: float) -> None:
        """Wait for a change, at most `timeout_s` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while self.version == before and not self.closing.is_set():
                    await self._changed.wait()

    async def jpeg(self, camera: CameraState, max_side_px: int) -> bytes | None:
        """The picture of a camera, encoded once for all requests; None before the first."""
        picture, key = self.hub.picture_of(camera), (camera.name, max_side_px)
        look = picture.look
        if look is None:
            return None
        known = self._jpegs.get(key)
        if known is None or known[0] is not picture:
            job = asyncio.get_running_loop().run_in_executor(
                self._encoder,
                lambda: encode_jpeg(self.hub.draw(look), max_side_px=max_side_px),
            )
            if len(self._jpegs) >= KEPT_JPEGS:  # sizes are for the clients to choose
                self._jpegs.clear()
            known = self._jpegs[key] = picture, job
        return await asyncio.shield(known[1])
