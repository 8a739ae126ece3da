"""Requests are counted by who sends them: strangers use up nothing of whoever has the token."""

import asyncio

from support import FakeClock

from livecam.web.server.access_token import AccessToken
from livecam.web.server.middleware import AccessMiddleware, AccessRules
from livecam.web.server.sessions import Sessions

TOKEN = "t" * 20
ADDRESS = "192.0.2.7"


class Connection:
    """What the middleware needs to know of a connection."""

    transport = None


def status_of(middleware, path, *, token="", method="GET"):
    """The status of the answer to one request."""
    headers = [(b"host", b"127.0.0.1"), (b"content-length", b"0")]
    if token:
        headers.append((b"authorization", f"Bearer {token}".encode()))
    scope = {
        "type": "http", "method": method, "path": path, "headers": headers,
        "client": (ADDRESS, 1), "livecam.connection": Connection(),
    }  # fmt: skip
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    asyncio.run(middleware(scope, receive, send))
    return sent[0]["status"]


async def application(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def test_strangers_of_an_address_starve_no_program_with_the_token():
    rules = AccessRules(sessions=Sessions(AccessToken(TOKEN)), clock=FakeClock())
    middleware = AccessMiddleware(application, rules)
    asked = [
        ("/api/state", "GET"),
        ("/api/key", "POST"),
        ("/static/x", "GET"),
        ("/api/login", "POST"),
    ]
    for path, method in asked:
        answers = [status_of(middleware, path, method=method) for _ in range(1200)]
        assert answers[-1] == 429
        assert status_of(middleware, path, token="wrong", method=method) == 429  # noqa: S106
        assert status_of(middleware, path, token=TOKEN, method=method) == 200, path
