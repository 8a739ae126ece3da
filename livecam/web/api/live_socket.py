"""The WebSocket /api/live: sends the state to the page, receives the pointer from it."""

import json
from contextlib import suppress

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from livecam.core.events import Drag, Wheel
from livecam.web.api import page_socket
from livecam.web.api.page_socket import run_socket, wait_between_messages
from livecam.web.api.request_context import RequestContext
from livecam.web.api.request_messages import PointerMessage
from livecam.web.streaming.frame_hub import FrameHub, TooManyEventsError
from livecam.web.streaming.viewers import Viewer


class LiveSocket:
    """The connection of one page."""

    def __init__(
        self, socket: WebSocket, context: RequestContext, viewer: Viewer, *, is_guest: bool
    ) -> None:
        """It begins with `run`; of a guest no pointer is taken."""
        self._socket, self._context, self._viewer = socket, context, viewer
        self._is_guest = is_guest

    async def run(self) -> None:
        """Send and receive until one side ends the connection."""
        works = (self._send, self._receive)
        await run_socket(self._socket, self._viewer, self._context.broadcast, works)

    async def _send(self) -> None:
        """Send every new state; after a silence the old one, or null before the first."""
        broadcast, state_cache = self._context.broadcast, self._context.state_cache
        number = 0
        while True:
            frame = await broadcast.frame_after(number, page_socket.MAX_SILENCE_S)
            if broadcast.closing.is_set():
                return
            number = frame.number if frame else 0
            state = state_cache.json(frame, for_guests=self._is_guest) if frame else "null"
            await self._socket.send_text(state)
            await wait_between_messages(broadcast)

    async def _receive(self) -> None:
        """Pass pointer movements to the loop; any other message ends the connection.

        So does any of a guest.
        """
        try:
            while True:
                message = json.loads(await self._socket.receive_text())
                if self._is_guest:
                    return
                _submit(self._context.hub, PointerMessage.model_validate(message))
        except (WebSocketDisconnect, ValidationError, ValueError, KeyError, RecursionError):
            return


def _submit(hub: FrameHub, message: PointerMessage) -> None:
    with suppress(TooManyEventsError):  # a movement may be lost, a command may not
        if message.drag is not None:
            hub.submit(Drag(message.drag.dx_px, message.drag.dy_px))
        if message.wheel is not None:
            hub.submit(Wheel(message.wheel.steps))
