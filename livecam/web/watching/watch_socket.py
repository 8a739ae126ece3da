"""The WebSocket /api/live of the page of watched sources: sends cameras and changes of events."""

from contextlib import suppress

from fastapi import WebSocket, WebSocketDisconnect

from livecam.web.api import page_socket
from livecam.web.api.page_socket import run_socket, wait_between_messages
from livecam.web.streaming.viewers import Viewer
from livecam.web.watching.watch_context import WatchContext
from livecam.web.watching.watch_json import watch_state_of


class WatchSocket:
    """The connection of one page."""

    def __init__(self, socket: WebSocket, context: WatchContext, viewer: Viewer) -> None:
        """It begins with `run`."""
        self._socket, self._context, self._viewer = socket, context, viewer

    async def run(self) -> None:
        """Send until one side ends the connection."""
        works = (self._send, self._receive)
        await run_socket(self._socket, self._viewer, self._context.broadcast, works)

    async def _send(self) -> None:
        """Send every change; after a silence the same again."""
        broadcast = self._context.broadcast
        sent = None
        while not broadcast.closing.is_set():
            await broadcast.wait_for_change(sent, page_socket.MAX_SILENCE_S)
            if broadcast.closing.is_set():
                return
            sent = broadcast.version
            await self._socket.send_text(watch_state_of(self._context).model_dump_json())
            await wait_between_messages(broadcast)

    async def _receive(self) -> None:
        """Any message ends the connection: the page has nothing to say."""
        with suppress(WebSocketDisconnect):
            await self._socket.receive_text()
