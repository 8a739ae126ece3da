"""HTTP connections of uvicorn with limits on their number, idle time and request head."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from livecam.web.server.connection_limits import max_connections, new_number, surplus
from livecam.web.server.deadline import CLOSE_TIMEOUT_S, HEAD_TIMEOUT_S, Deadline

MAX_HEAD_BYTES = 32 * 1024
MAX_HEADER_LINES = 128
MAX_QUEUED_REQUESTS = 16
"""Of one connection, sent before the responses to those before them: browsers send none so."""
MAX_REST_BYTES = 64 * 1024
"""Of a request after its head: a body of request_body.MAX_BODY_BYTES in the smallest of chunks.

What else may stand there (chunk extensions, trailers) is kept by nobody, but by the parser.
"""
_HEAD_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class _TooMuchError(Exception):
    """Raised in a callback of the parser: it parses no further."""


class HttpConnection(HttpToolsProtocol):
    """An HTTP connection; aborted if its request head is late, or there are too many of them.

    Attributes:
        number, is_known, has_asked, is_busy: see connection_limits.
        client_name: what its last request was counted by: the login, else the address.
    """

    is_known = has_asked = False
    client_name = ""
    _head_bytes = _rest_bytes = 0
    _is_body_open = False

    @property
    def is_busy(self) -> bool:
        """Whether a response is being sent."""
        return self.cycle is not None and not self.cycle.response_complete

    def connection_made(self, transport: Any) -> None:
        """Accept a new connection; where there are too many, one has to go."""
        super().connection_made(transport)
        self.number = new_number()
        self._deadline = Deadline(self.loop)
        self._wait_for_head()
        one_too_many: Any = surplus(self.connections, self, most=max_connections())
        if one_too_many is not None:
            one_too_many.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed."""
        self._deadline.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse bytes; of a request head, at most `MAX_HEAD_BYTES`."""
        if not self._deadline.is_running and (self.cycle is None or self.cycle.response_complete):
            self._wait_for_head()
        if not self._deadline.is_running:
            self._receive_rest(data)
            return
        remaining = MAX_HEAD_BYTES - self._head_bytes
        head, rest = data[:remaining], data[remaining:]
        self._head_bytes += len(head)
        super().data_received(head)
        if not rest or self.transport.is_closing():
            return
        if self._deadline.is_running:
            self._refuse_head()
        elif self.transport.get_protocol() is self:  # else it has become a WebSocket
            self._receive_rest(rest)

    def on_message_begin(self) -> None:
        """A request begins; AccessMiddleware aborts it where its response is not read."""
        super().on_message_begin()
        if not self._deadline.is_running:
            self._wait_for_head()
        self.scope["livecam.connection"] = self  # type: ignore[typeddict-unknown-key]

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a line of the head, or a trailer; at most `MAX_HEADER_LINES`."""
        super().on_header(name, value)
        if len(self.headers) > MAX_HEADER_LINES:
            if self._is_body_open:
                self.transport.abort()
            else:
                self._refuse_head()
            raise _TooMuchError

    def on_headers_complete(self) -> None:
        """The request head is complete; it waits for the responses to those before it."""
        if len(self.pipeline) >= MAX_QUEUED_REQUESTS:
            self.transport.abort()
            raise _TooMuchError
        self.has_asked = True
        self._deadline.cancel()
        self._is_body_open, self._rest_bytes = True, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is complete, with its body and what may come after that."""
        self._is_body_open = False
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Say that the request cannot be parsed, unless it is the parsing that was ended."""
        if not self.transport.is_closing():
            super().send_400_response(msg)

    def on_response_complete(self) -> None:
        """The response is written; a connection that is closing has to read it in time."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._deadline.start(CLOSE_TIMEOUT_S, self.transport)

    def timeout_keep_alive_handler(self) -> None:
        """No further request came."""
        self.transport.abort()

    def _receive_rest(self, data: bytes) -> None:
        """Parse bytes after a head; of one request, at most `MAX_REST_BYTES`."""
        if self._is_body_open:
            self._rest_bytes += len(data)
            if self._rest_bytes > MAX_REST_BYTES:
                self.transport.abort()
                return
        super().data_received(data)

    def _refuse_head(self) -> None:
        self.transport.write(_HEAD_TOO_LARGE)
        self.transport.close()

    def _wait_for_head(self) -> None:
        self._head_bytes = 0
        self._deadline.start(HEAD_TIMEOUT_S, self.transport)


def abort_others(connection: Any) -> None:
    """Abort all connections of known clients but this one, which still has to answer."""
    for other in list(connection.connections):
        if other.is_known and other is not connection:
            other.transport.abort()
