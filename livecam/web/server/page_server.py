"""A page's server in a thread of its own: it says its address, and ends when it is told to."""

import asyncio
import threading
from collections.abc import Callable
from typing import Self

from starlette.types import ASGIApp

from livecam.web.server.listener import Listener
from livecam.web.server.printed_link import link_for_telephones, printed_link
from livecam.web.server.uvicorn_server import JOIN_TIMEOUT_S, Streams, UvicornServer

Say = Callable[[str], None]


class PageServer:
    """Serves an application from its entering on."""

    def __init__(
        self,
        listener: Listener,
        application: ASGIApp,
        streams: Streams,
        *,
        say: Say,
        show_link: Say = lambda _: None,
    ) -> None:
        """The server starts on entering.

        Args:
            listener: where to serve.
            application: what answers.
            streams: what has to end before the server can.
            say: is called with the page's address, and with errors.
            show_link: is called with a link that telephones in the network may open.
        """
        self._listener, self._say, self._show_link = listener, say, show_link
        self._server = UvicornServer(application, streams, say=say)
        self._is_leaving = False
        self._thread = threading.Thread(target=self._serve, name="livecam-web", daemon=True)

    def __enter__(self) -> Self:
        """Start the server."""
        self._thread.start()
        self._say(printed_link(self._listener))
        if self._listener.guests:
            self._say(f"guests may look at {self._listener.address}")
        if link := link_for_telephones(self._listener):
            self._show_link(link)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server."""
        self.close()

    def close(self) -> None:
        """Close all connections and stop the server; harmless when that was done."""
        self._is_leaving = True
        self._server.should_exit = True
        self._thread.join(JOIN_TIMEOUT_S)

    def _serve(self) -> None:
        reason = ""
        try:
            asyncio.run(self._server.serve_on(self._listener))
        except (Exception, SystemExit) as error:
            reason = f" ({type(error).__name__}: {error})"
        if not self._is_leaving:
            self._say(f"the web server stopped unexpectedly{reason}: start livecam again.")
