"""What never ends: the picture as MJPEG, the figures and the pointer by WebSocket."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from livecam.core.events import Drag, Wheel
from livecam.web.api.messages import PointerAsked
from livecam.web.server.rate_limit import Allowance, Buckets
from livecam.web.streaming.frame_hub import Hub, OverloadedError
from livecam.web.streaming.mjpeg_broadcast import Broadcast

MOST_LOOKERS = 64
MOST_LISTENERS = 64
TELL_WITHIN_S = 5.0  # the page gives a connection up that is silent for longer (live.js)
POINTER = Allowance(120, 60)
_BOUNDARY = b"livecam-frame"
_HEAD = b"--" + _BOUNDARY + b"\r\nContent-Type: image/jpeg\r\n\r\n"


def part_of(jpeg: bytes) -> bytes:
    """One picture, and the head of the next one.

    Chromium shows a picture when it has read the head of the part behind it: without that a held
    picture would be the one before.
    """
    return jpeg + b"\r\n" + _HEAD


class MjpegStream:
    """An ASGI response: the newest picture, again and again, as fast as the viewer takes them."""

    def __init__(self, broadcast: Broadcast) -> None:
        """Who takes nothing is cut off by the gate."""
        self._broadcast = broadcast

    async def __call__(self, _: Any, receive: Any, send: Any) -> None:
        """Send until the viewer or the server goes."""
        with self._broadcast.looking():
            gone = asyncio.ensure_future(_until_gone(receive))
            sending = asyncio.ensure_future(self._send_all(send))
            try:
                await asyncio.wait({gone, sending}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (gone, sending):
                    task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await asyncio.gather(gone, sending, return_exceptions=True)

    async def _send_all(self, send: Any) -> None:
        kind = b"multipart/x-mixed-replace; boundary=" + _BOUNDARY
        headers = [(b"content-type", kind), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send(_body(_HEAD))
        number = 0
        while (picture := await self._broadcast.picture_after(number)) is not None:
            number = picture.number
            await send(_body(part_of(picture.jpeg)))
            await send(_body(b""))  # waits until the picture is nearly out: then the newest
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _body(data: bytes) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": True}


async def _until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class LiveSocket:
    """One page's socket: figures go out, movements of the pointer come in."""

    def __init__(self, socket: WebSocket, broadcast: Broadcast, hub: Hub) -> None:
        """`run` does the work."""
        self._socket, self._broadcast, self._hub = socket, broadcast, hub
        self._bucket = Buckets(POINTER)

    async def run(self) -> None:
        """Until one side goes."""
        with self._broadcast.listening():
            await self._socket.accept()
            tasks = [asyncio.ensure_future(work()) for work in (self._tell, self._hear)]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(Exception):  # gone, or cut off by the gate
            await self._socket.close(1001 if self._broadcast.closing.is_set() else 1008)

    async def _tell(self) -> None:
        """Every new state; now and then the old one (null before the first): we are alive."""
        number, broadcast = 0, self._broadcast
        while True:
            sight = await broadcast.sight_after(number, TELL_WITHIN_S)
            if broadcast.closing.is_set():
                return
            number = sight.number if sight else 0
            await self._socket.send_text(broadcast.state_json(sight) if sight else "null")
            with suppress(TimeoutError):
                await asyncio.wait_for(broadcast.closing.wait(), broadcast.state_every_s())

    async def _hear(self) -> None:
        """Anything but a movement of the pointer ends the connection."""
        obey = _obeyer(self._hub)
        try:
            while self._bucket.take(""):
                obey(PointerAsked.model_validate(json.loads(await self._socket.receive_text())))
        except (WebSocketDisconnect, ValidationError, ValueError, KeyError, RecursionError):
            return


def _obeyer(hub: Hub) -> Callable[[PointerAsked], None]:
    def obey(asked: PointerAsked) -> None:
        with suppress(OverloadedError):  # movements of the pointer are no orders
            if asked.drag is not None:
                hub.ask(Drag(asked.drag.dx_px, asked.drag.dy_px))
            if asked.wheel is not None:
                hub.ask(Wheel(asked.wheel.steps))

    return obey
