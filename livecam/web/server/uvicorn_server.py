"""The uvicorn server: its configuration, a quick shutdown, and its errors as one line each."""

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import Any, Protocol

import uvicorn
from starlette.types import ASGIApp

from livecam.web.server.acceptor import Acceptor
from livecam.web.server.connection import HttpConnection
from livecam.web.server.connection_limits import oldest_stranger
from livecam.web.server.error_reports import ErrorReports
from livecam.web.server.listener import Listener
from livecam.web.server.websocket_connection import WebSocketConnection

JOIN_TIMEOUT_S = 5.0

SHUTDOWN_TIMEOUT_S = 0.2
KEEP_ALIVE_S = 10
MAX_WEBSOCKET_MESSAGE_BYTES = 1024
PING_INTERVAL_S = 15.0


class Streams(Protocol):
    """What is sent without end: a server waits for it to end."""

    async def close(self) -> None:
        """End all of it."""


class UvicornServer(uvicorn.Server):
    """Shuts down at once: streams end, and connections that are left are aborted."""

    def __init__(self, app: ASGIApp, streams: Streams, *, say: Callable[[str], None]) -> None:
        """`say` is called with an error that a request caused, in words for the user."""
        super().__init__(_config(app))
        self._streams, self._reports = streams, ErrorReports(say)
        self._accepting: asyncio.Task[None] | None = None
        _report_errors(self._reports)

    async def serve_on(self, listener: Listener) -> None:
        """Serve on the bound socket until `should_exit` is set."""
        self._socket = listener.bound_socket
        asyncio.get_running_loop().set_exception_handler(self._reports.on_loop_error)
        await self.serve(sockets=[])
        if self._accepting is not None and not self._accepting.cancelled():
            self._accepting.result()  # raises what ended it

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and accept connections."""
        await super().startup(sockets)
        acceptor = Acceptor(self._socket, self._new_connection, self._make_room, self._reports)
        self._accepting = asyncio.create_task(acceptor.run())
        self._accepting.add_done_callback(self._on_accepting_done)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then abort every connection that is left."""
        if self._accepting is not None:
            self._accepting.cancel()
        self._socket.close()
        await self._streams.close()
        asyncio.get_running_loop().call_later(SHUTDOWN_TIMEOUT_S, self._abort_connections)
        await super().shutdown(sockets)

    def _new_connection(self) -> asyncio.Protocol:
        return HttpConnection(self.config, self.server_state, self.lifespan.state)

    def _make_room(self) -> bool:
        """Abort the connection that is needed least; False where all are of known clients."""
        oldest: Any = oldest_stranger(self.server_state.connections)
        if oldest is not None:
            oldest.transport.abort()
        return oldest is not None

    def _on_accepting_done(self, _: asyncio.Task[None]) -> None:
        self.should_exit = True

    def _abort_connections(self) -> None:
        self.force_exit = True
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=HttpConnection,
        ws=WebSocketConnection,
        ws_max_size=MAX_WEBSOCKET_MESSAGE_BYTES,
        ws_max_queue=8,
        ws_ping_interval=PING_INTERVAL_S,
        ws_ping_timeout=PING_INTERVAL_S,
        ws_per_message_deflate=False,
        lifespan="on",
        loop="asyncio",
        log_config=None,
        log_level=logging.CRITICAL,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_S,
    )


def _report_errors(reports: ErrorReports) -> None:
    """Report the server's errors in one line each, and nothing else of its log."""
    logger = logging.getLogger("uvicorn.error")
    logger.handlers = [reports.log_handler()]
    logger.propagate = False
    logger.setLevel(logging.ERROR)
