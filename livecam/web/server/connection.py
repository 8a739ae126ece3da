"""Connections of uvicorn with limits on their number, their idle time and their request head."""

import asyncio
import ipaddress
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

SEND_TIMEOUT_S = 15.0

MAX_CONNECTIONS = 256
MAX_CONNECTIONS_PER_ADDRESS = 64
MAX_HEAD_BYTES = 32 * 1024
HEAD_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 15.0
_HEAD_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class Deadline:
    """Aborts a connection unless it is cancelled in time; one at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """It runs from `start` to `cancel`."""
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_running(self) -> bool:
        """Whether the connection is going to be aborted."""
        return self._timer is not None

    def start(self, timeout_s: float, transport: asyncio.Transport) -> None:
        """Abort after `timeout_s`: closing would wait until the client has read everything."""
        self.cancel()
        self._timer = self._loop.call_later(timeout_s, transport.abort)

    def cancel(self) -> None:
        """Do not abort."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class HttpConnection(HttpToolsProtocol):
    """An HTTP connection; aborted if its request head is late, or there are too many of them."""

    _head_bytes = 0

    def connection_made(self, transport: Any) -> None:
        """Accept a new connection, or abort it."""
        super().connection_made(transport)
        self._deadline = Deadline(self.loop)
        if len(self.connections) > MAX_CONNECTIONS or self._exceeds_address_limit():
            transport.abort()
            return
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed."""
        self._deadline.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse bytes; of a request head, at most `MAX_HEAD_BYTES`."""
        if not self._deadline.is_running and (self.cycle is None or self.cycle.response_complete):
            self._wait_for_head()
        if not self._deadline.is_running:
            super().data_received(data)
            return
        remaining = MAX_HEAD_BYTES - self._head_bytes
        head, rest = data[:remaining], data[remaining:]
        self._head_bytes += len(head)
        super().data_received(head)
        if not rest or self.transport.is_closing():
            return
        if self._deadline.is_running:
            self.transport.write(_HEAD_TOO_LARGE)
            self.transport.close()
        elif self.transport.get_protocol() is self:  # else it has become a WebSocket
            super().data_received(rest)

    def on_message_begin(self) -> None:
        """A request begins; AccessMiddleware aborts it where its response is not read."""
        super().on_message_begin()
        if not self._deadline.is_running:
            self._wait_for_head()
        self.scope["livecam.abort"] = self.transport.abort  # type: ignore[typeddict-unknown-key]

    def on_headers_complete(self) -> None:
        """The request head is complete."""
        self._deadline.cancel()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """The response is written; a connection that is closing has to read it in time."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._deadline.start(CLOSE_TIMEOUT_S, self.transport)

    def timeout_keep_alive_handler(self) -> None:
        """No further request came."""
        self.transport.abort()

    def _wait_for_head(self) -> None:
        self._head_bytes = 0
        self._deadline.start(HEAD_TIMEOUT_S, self.transport)

    def _exceeds_address_limit(self) -> bool:
        """Whether an address has too many; not this machine's own: tunnels and proxies use it."""
        address = self.client[0] if self.client else ""
        if not address or _is_loopback(address):
            return False
        clients = [getattr(other, "client", None) or ("",) for other in self.connections]
        return [client[0] for client in clients].count(address) > MAX_CONNECTIONS_PER_ADDRESS


def _is_loopback(address: str) -> bool:
    number = ipaddress.ip_address(address.partition("%")[0])
    return (getattr(number, "ipv4_mapped", None) or number).is_loopback


class WebSocketConnection(WebSocketsSansIOProtocol):
    """A WebSocket; aborted if its handshake is late, or the client does not read."""

    def connection_made(self, transport: Any) -> None:
        """Take over an HTTP connection whose request is an upgrade."""
        super().connection_made(transport)
        self._deadline = Deadline(self.loop)
        self._deadline.start(HEAD_TIMEOUT_S, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed."""
        self._deadline.cancel()
        super().connection_lost(exc)

    async def run_asgi(self) -> None:
        """Run the application; AccessMiddleware aborts what is not read."""
        self.scope["livecam.abort"] = self.transport.abort  # type: ignore[typeddict-unknown-key]
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
