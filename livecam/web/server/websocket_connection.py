"""WebSockets of uvicorn with limits on their frames, and on the time of handshake and closing."""

import asyncio
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

from livecam.web.server.connection_limits import new_number
from livecam.web.server.deadline import CLOSE_TIMEOUT_S, HEAD_TIMEOUT_S, Deadline

PIECE_BYTES = 256
"""So much is parsed at once: bytes that come with a frame too many are not."""


class WebSocketConnection(WebSocketsSansIOProtocol):
    """A WebSocket; aborted for too many frames, a late handshake, and unread messages.

    Attributes:
        number, is_known, has_asked, is_busy: see connection_limits.
        client_name: what its frames are counted by: the login, else the address.
        is_frame_allowed: counts one more frame of the client, on whichever of its WebSockets.
    """

    is_known = False
    has_asked = is_busy = True
    client_name = ""
    is_frame_allowed: Callable[[], bool]

    def connection_made(self, transport: Any) -> None:
        """Take over an HTTP connection whose request is an upgrade."""
        super().connection_made(transport)
        self.number = new_number()
        self._deadline = Deadline(self.loop)
        self._deadline.start(HEAD_TIMEOUT_S, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed."""
        self._deadline.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse bytes; of frames, a few at once."""
        if not self.handshake_initiated:
            super().data_received(data)
            return
        for start in range(0, len(data), PIECE_BYTES):
            if self.transport.is_closing():
                return
            super().data_received(data[start : start + PIECE_BYTES])

    def handle_ping(self) -> None:
        """Answer a ping, which counts like a message."""
        if self._is_within_limit():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        """Take the answer to a ping; it counts, since nobody need have asked for it."""
        if self._is_within_limit():
            super().handle_pong(event)

    def handle_text(self, event: Frame) -> None:
        """Take a message."""
        if self._is_within_limit():
            super().handle_text(event)

    def handle_bytes(self, event: Frame) -> None:
        """Take a message of bytes."""
        if self._is_within_limit():
            super().handle_bytes(event)

    def handle_cont(self, event: Frame) -> None:
        """Take a further part of a message."""
        if self._is_within_limit():
            super().handle_cont(event)

    def _is_within_limit(self) -> bool:
        """Count a frame; the connection of a frame too many is aborted."""
        if self.is_frame_allowed():
            return True
        self.transport.abort()
        return False

    async def run_asgi(self) -> None:
        """Run the application; AccessMiddleware aborts what is not read."""
        self.scope["livecam.connection"] = self  # type: ignore[typeddict-unknown-key]
        await super().run_asgi()

    def start_keepalive(self) -> None:
        """The handshake is complete."""
        self._deadline.cancel()
        super().start_keepalive()

    def keepalive_timeout(self) -> None:
        """A ping was not answered: a closing handshake would not be answered either."""
        self.transport.abort()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """The application has finished; the client has to close in time."""
        super().on_task_complete(task)
        if not self.disconnected:
            self._deadline.start(CLOSE_TIMEOUT_S, self.transport)
