"""uvicorn's connection with an end to patience: nobody holds one open by saying nothing."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_CONNECTIONS = 256
HEADERS_WITHIN_S = 10.0


class Connection(HttpToolsProtocol):
    """Closes where the headers of a request do not come, and where there are too many."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Take a new connection, or hang up."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
            return
        self._wait_for_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._end_patience()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A request begins; its stream may have to be cut off (streams.MjpegStream)."""
        super().on_message_begin()
        if self._patience is None:
            self._wait_for_headers()
        self.scope["livecam.abort"] = self.transport.abort  # type: ignore[typeddict-unknown-key]

    def on_headers_complete(self) -> None:
        """The request is whole but for its body."""
        self._end_patience()
        super().on_headers_complete()

    def _wait_for_headers(self) -> None:
        self._patience = self.loop.call_later(HEADERS_WITHIN_S, self.transport.abort)

    def _end_patience(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
