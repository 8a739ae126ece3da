"""uvicorn's connections with an end to patience: nobody holds one open by doing nothing."""

import asyncio
import ipaddress
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

MOST_CONNECTIONS = 256
MOST_OF_ONE_ADDRESS = 64
MOST_HEAD_BYTES = 32 * 1024
HEAD_WITHIN_S = 10.0
GONE_WITHIN_S = 15.0
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class Patience:
    """Cuts a connection off unless it is ended in time; one at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """It begins with `begin`."""
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None

    @property
    def runs(self) -> bool:
        """Whether something is waited for."""
        return self._timer is not None

    def begin(self, within_s: float, transport: asyncio.Transport) -> None:
        """Closing would wait for what the other side does not take: abort does not."""
        self.end()
        self._timer = self._loop.call_later(within_s, transport.abort)

    def end(self) -> None:
        """It came, or is no longer waited for."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Connection(HttpToolsProtocol):
    """Ends where a head does not come or is too large, and where too many are connected."""

    _head_bytes = 0

    def connection_made(self, transport: Any) -> None:
        """Take a new connection, or hang up."""
        super().connection_made(transport)
        self._patience = Patience(self.loop)
        if len(self.connections) > MOST_CONNECTIONS or self._is_one_of_too_many():
            transport.abort()
            return
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._patience.end()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; while it is a head, no more of them than a head may have."""
        if not self._patience.runs and (self.cycle is None or self.cycle.response_complete):
            self._wait_for_head()
        if not self._patience.runs:
            super().data_received(data)
            return
        room = MOST_HEAD_BYTES - self._head_bytes
        head, rest = data[:room], data[room:]
        self._head_bytes += len(head)
        super().data_received(head)
        if not rest or self.transport.is_closing():
            return
        if self._patience.runs:
            self.transport.write(_TOO_LARGE)
            self.transport.close()
        elif self.transport.get_protocol() is self:  # else it has become a WebSocket
            super().data_received(rest)

    def on_message_begin(self) -> None:
        """A request begins; its answer may have to be cut off (gate.Gate)."""
        super().on_message_begin()
        if not self._patience.runs:
            self._wait_for_head()
        self.scope["livecam.abort"] = self.transport.abort  # type: ignore[typeddict-unknown-key]

    def on_headers_complete(self) -> None:
        """The request is whole but for its body."""
        self._patience.end()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """The answer is written; who is to be closed has to take the rest of it soon."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._patience.begin(GONE_WITHIN_S, self.transport)

    def timeout_keep_alive_handler(self) -> None:
        """No further request came."""
        self.transport.abort()

    def _wait_for_head(self) -> None:
        self._head_bytes = 0
        self._patience.begin(HEAD_WITHIN_S, self.transport)

    def _is_one_of_too_many(self) -> bool:
        """Whether one address has more than its share; tunnels and proxies are on this machine."""
        address = self.client[0] if self.client else ""
        if not address or _is_this_machine(address):
            return False
        clients = [getattr(other, "client", None) or ("",) for other in self.connections]
        return [client[0] for client in clients].count(address) > MOST_OF_ONE_ADDRESS


def _is_this_machine(address: str) -> bool:
    number = ipaddress.ip_address(address.partition("%")[0])
    return (getattr(number, "ipv4_mapped", None) or number).is_loopback


class SocketConnection(WebSocketsSansIOProtocol):
    """A WebSocket that ends where its handshake does not come to an end, or nobody reads."""

    def connection_made(self, transport: Any) -> None:
        """Take over a connection whose head asks for a WebSocket."""
        super().connection_made(transport)
        self._patience = Patience(self.loop)
        self._patience.begin(HEAD_WITHIN_S, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._patience.end()
        super().connection_lost(exc)

    async def run_asgi(self) -> None:
        """Hand it to the application, which may have to cut it off (gate.Gate)."""
        self.scope["livecam.abort"] = self.transport.abort  # type: ignore[typeddict-unknown-key]
        await super().run_asgi()

    def start_keepalive(self) -> None:
        """The handshake is complete."""
        self._patience.end()
        super().start_keepalive()

    def keepalive_timeout(self) -> None:
        """No answer to a ping: it will not take a farewell, either."""
        self.transport.abort()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """The application is done with it; the other side has to go soon."""
        super().on_task_complete(task)
        if not self.disconnected:
            self._patience.begin(GONE_WITHIN_S, self.transport)
