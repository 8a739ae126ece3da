"""The WebSocket /api/live: sends the state to the page, receives the pointer from it."""

import asyncio
import json
from contextlib import suppress

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from livecam.core.events import Drag, Wheel
from livecam.web.api.request_context import RequestContext
from livecam.web.api.request_messages import PointerMessage
from livecam.web.streaming.frame_hub import FrameHub, TooManyEventsError
from livecam.web.streaming.viewers import Viewer

MAX_SILENCE_S = 5.0  # the page reconnects after a longer silence (live_socket.js)


class LiveSocket:
    """The connection of one page."""

    def __init__(self, socket: WebSocket, context: RequestContext, viewer: Viewer) -> None:
        """It begins with `run`."""
        self._socket, self._context, self._viewer = socket, context, viewer

    async def run(self) -> None:
        """Send and receive until one side ends the connection."""
        broadcast = self._context.broadcast
        with broadcast.viewers.figure_places.taken_by(self._viewer):
            await self._socket.accept()
            tasks = [asyncio.ensure_future(work()) for work in (self._send, self._receive)]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(Exception):  # closed already, or aborted by the middleware
            await self._socket.close(1001 if broadcast.closing.is_set() else 1008)

    async def _send(self) -> None:
        """Send every new state; after `MAX_SILENCE_S` the old one, or null before the first."""
        broadcast, state_cache = self._context.broadcast, self._context.state_cache
        number = 0
        while True:
            frame = await broadcast.frame_after(number, MAX_SILENCE_S)
            if broadcast.closing.is_set():
                return
            number = frame.number if frame else 0
            await self._socket.send_text(state_cache.json(frame) if frame else "null")
            with suppress(TimeoutError):
                await asyncio.wait_for(
                    broadcast.closing.wait(), broadcast.viewers.state_interval_s()
                )

    async def _receive(self) -> None:
        """Pass pointer movements to the loop; any other message ends the connection."""
        try:
            while True:
                message = json.loads(await self._socket.receive_text())
                _submit(self._context.hub, PointerMessage.model_validate(message))
        except (WebSocketDisconnect, ValidationError, ValueError, KeyError, RecursionError):
            return


def _submit(hub: FrameHub, message: PointerMessage) -> None:
    with suppress(TooManyEventsError):  # a movement may be lost, a command may not
        if message.drag is not None:
            hub.submit(Drag(message.drag.dx_px, message.drag.dy_px))
        if message.wheel is not None:
            hub.submit(Wheel(message.wheel.steps))
