"""The page: a protocols.Screen whose other side is a web server in a thread of its own."""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Self

import uvicorn

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.events import Event
from livecam.core.types import BgrImage
from livecam.core.view import View
from livecam.sinks.recording_index import RecordingIndex
from livecam.web.api.application import build_application
from livecam.web.api.request_context import Room
from livecam.web.api.run_info import About
from livecam.web.server.connection import Connection, SocketConnection
from livecam.web.server.listener import Door
from livecam.web.server.middleware import Rules
from livecam.web.streaming.frame_hub import Hub
from livecam.web.streaming.mjpeg_broadcast import Broadcast

Say = Callable[[str], None]
LEAVE_WITHIN_S = 0.2
SOCKET_BYTES = 1024
PING_S = 15.0


class Page:
    """Shows annotated frames to browsers and hears what they ask for."""

    def __init__(
        self, door: Door, hub: Hub, recording_index: RecordingIndex, about: About, *, say: Say
    ) -> None:
        """The server begins on entering; `say` hears where the page is."""
        self._door, self._hub, self._say = door, hub, say
        broadcast = Broadcast(hub, files=lambda: recording_index.made, say=say)
        room = Room(hub, broadcast, recording_index, about, door.token, door.port)
        app = build_application(room, Rules(door.names, door.token, door.port))
        self._broadcast = broadcast
        self._server = _Server(
            uvicorn.Config(
                app,
                http=Connection,
                ws=SocketConnection,
                ws_max_size=SOCKET_BYTES,
                ws_max_queue=8,
                ws_ping_interval=PING_S,
                ws_ping_timeout=PING_S,
                ws_per_message_deflate=False,
                lifespan="on",
                loop="asyncio",
                log_config=None,
                log_level=logging.CRITICAL,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=10,
            )
        )
        self._leaving = False
        self._thread = threading.Thread(target=self._serve, name="livecam-web", daemon=True)

    def __enter__(self) -> Self:
        """Begin to serve."""
        _hear_errors(self._say)
        self._thread.start()
        self._say(self._door.words)
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up on everybody and end, soon."""
        self._leaving = True
        self._hub.end()
        self._server.should_exit = True
        self._thread.join(5.0)

    def show(self, annotated: AnnotatedFrame) -> None:
        """Take one annotated frame."""
        self._hub.show(annotated)

    def show_status(self, picture: BgrImage, view: View) -> None:
        """Show the status card of a source that is waited for."""
        self._hub.show_status(picture, view)

    def events(self, wait_s: float) -> Sequence[Event]:
        """What the pages asked for."""
        return self._hub.events(wait_s)

    def _serve(self) -> None:
        reason = ""
        try:
            asyncio.run(self._server.serve_until_left(self._door, self._broadcast))
        except (Exception, SystemExit) as error:
            reason = f" ({type(error).__name__}: {error})"
        if not self._leaving:
            self._say(f"the web page has ended by itself{reason}: start livecam again.")


class _Server(uvicorn.Server):
    """Ends at once when told to: viewers are let go, and cut off where they do not go."""

    async def serve_until_left(self, door: Door, broadcast: Broadcast) -> None:
        """Serve on the bound socket."""
        self._broadcast = broadcast
        await self.serve(sockets=[door.listener])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Streams end, then everything that is left is cut off."""
        await self._broadcast.close()
        asyncio.get_running_loop().call_later(LEAVE_WITHIN_S, self._cut_off)
        await super().shutdown(sockets)

    def _cut_off(self) -> None:
        self.force_exit = True
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def _hear_errors(say: Say) -> None:
    """What goes wrong in the server is told in one line, and nothing else that it says."""
    logger = logging.getLogger("uvicorn.error")
    logger.handlers = [_OneLine(say)]
    logger.propagate = False
    logger.setLevel(logging.ERROR)


class _OneLine(logging.Handler):
    def __init__(self, say: Say) -> None:
        super().__init__(logging.ERROR)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, asyncio.CancelledError):
            self._say(f"the web page failed to answer a request ({type(error).__name__}: {error})")
