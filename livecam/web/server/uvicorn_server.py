"""The uvicorn server: its configuration, a quick shutdown, and its errors as one line each."""

import asyncio
import logging
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from livecam.web.server.connection import HttpConnection, WebSocketConnection
from livecam.web.server.listener import Listener
from livecam.web.streaming.mjpeg_broadcast import MjpegBroadcast

JOIN_TIMEOUT_S = 5.0

SHUTDOWN_TIMEOUT_S = 0.2
KEEP_ALIVE_S = 10
MAX_WEBSOCKET_MESSAGE_BYTES = 1024
PING_INTERVAL_S = 15.0


class UvicornServer(uvicorn.Server):
    """Shuts down at once: streams end, and connections that are left are aborted."""

    def __init__(
        self, app: ASGIApp, broadcast: MjpegBroadcast, *, say: Callable[[str], None]
    ) -> None:
        """`say` is called with an error that a request caused, in words for the user."""
        super().__init__(_config(app))
        self._broadcast = broadcast
        _report_errors(say)

    async def serve_on(self, listener: Listener) -> None:
        """Serve on the bound socket until `should_exit` is set."""
        await self.serve(sockets=[listener.bound_socket])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then abort every connection that is left."""
        await self._broadcast.close()
        asyncio.get_running_loop().call_later(SHUTDOWN_TIMEOUT_S, self._abort_connections)
        await super().shutdown(sockets)

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


def _report_errors(say: Callable[[str], None]) -> None:
    """Report the server's errors in one line each, and nothing else of its log."""
    logger = logging.getLogger("uvicorn.error")
    logger.handlers = [_ErrorHandler(say)]
    logger.propagate = False
    logger.setLevel(logging.ERROR)


class _ErrorHandler(logging.Handler):
    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, asyncio.CancelledError):
            self._say(f"the web page failed to answer a request ({type(error).__name__}: {error})")
