"""Answers HEAD as GET, without the body: every path that can be read can be asked about."""

from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class _HeadSentError(Exception):
    """Nothing more is to be sent."""


class HeadRequests:
    """ASGI middleware; the application gets HEAD as GET, and ends where the body would begin."""

    def __init__(self, app: ASGIApp) -> None:
        """`app` is the application behind it."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            await send(message)
            await send({"type": "http.response.body"})
            raise _HeadSentError

        # Ranges are defined for GET alone.
        headers = [header for header in scope["headers"] if header[0].lower() != b"range"]
        with suppress(_HeadSentError):
            await self._app({**scope, "method": "GET", "headers": headers}, receive, send_head)
