"""Checks every request before the application: host, origin, rate, token and body size."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from livecam.web.server import access_policy
from livecam.web.server.deadline import SEND_TIMEOUT_S
from livecam.web.server.rate_limit import TOO_MANY_REQUESTS, RateLimiter, RateLimits
from livecam.web.server.request_body import MAX_BODY_BYTES, BodyError, read_body
from livecam.web.server.security_headers import with_security_headers
from livecam.web.server.sessions import Sessions

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
GUEST_PATHS = frozenset(
    f"/api/{name}"
    for name in (
        "overview", "state", "activation", "history", "classes", "frame.jpg", "stream.mjpg",
        "judged.jpg", "live",
    )
)  # fmt: skip
"""What guests may look at. The socket /api/live takes the pointer of others alone."""

_REASONS = {
    401: "a token is needed: open the whole link that livecam printed.",
    403: "this request comes from another site.",
    408: "the request was not complete in time.",
    413: f"the request is larger than {MAX_BODY_BYTES} bytes.",
    421: "the Host header does not name this server: use the address that livecam printed.",
    429: TOO_MANY_REQUESTS,
}


@dataclass(frozen=True, slots=True)
class AccessRules:
    """Who may do what, and how often.

    Attributes:
        host_names: names of this machine, besides `localhost` and IP addresses.
        sessions: the token that requests have to prove, and who has logged in with it.
        rate_limits: of each login, and of each address without one.
        send_timeout_s: a client that reads nothing of a response for so long is disconnected.
        clock: seconds.
        guests: whether those who prove no token may look at what GUEST_PATHS give.
    """

    host_names: Collection[str] = ()
    sessions: Sessions = field(default_factory=Sessions)
    rate_limits: RateLimits = field(default_factory=RateLimits)
    send_timeout_s: float = SEND_TIMEOUT_S
    clock: Callable[[], float] = time.monotonic
    guests: bool = False


@dataclass(frozen=True, slots=True)
class _Client:
    """Who sends a request.

    Attributes:
        name: what its requests are counted by: the login, else the address, so that strangers at
            the same address (one network, one proxy) cannot use up what belongs to a login.
        is_known: whether it has proved the token.
    """

    name: str
    is_known: bool


class _SendTimeoutError(Exception):
    """The client reads no more bytes."""


class AccessMiddleware:
    """ASGI middleware; requests that it refuses do not reach the application.

    Attributes:
        refused: how many requests were refused, by status.
    """

    def __init__(self, app: ASGIApp, rules: AccessRules) -> None:
        """`app` is the application behind it."""
        self._app, self._rules = app, rules
        limits, clock = rules.rate_limits, rules.clock
        self._static_files = RateLimiter(limits.static_files, clock)
        self._thumbnails = RateLimiter(limits.thumbnails, clock)
        self._requests = RateLimiter(limits.requests, clock)
        self._changes = RateLimiter(limits.changes, clock)
        self._logins = RateLimiter(limits.logins, clock)
        self._frames = RateLimiter(limits.frames, clock)
        self.refused: Counter[int] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one request; answer it with an error, or pass it on."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        send = with_security_headers(_with_timeout(send, scope, self._rules.send_timeout_s))
        headers = _headers_of(scope)
        status = self._error_status(scope, headers)
        if status is None and scope["type"] == "http":
            try:
                receive = await read_body(receive, headers.get("content-length", "0"))
            except BodyError as error:
                status = error.status
        with suppress(_SendTimeoutError):  # the client has been disconnected
            if status is None:
                await self._app(scope, receive, send)
                return
            self.refused[status] += 1
            await _refuse(scope, receive, send, status)

    def _error_status(self, scope: Scope, headers: dict[str, str]) -> int | None:
        """The status of the error response; None where the request may pass."""
        rules, host = self._rules, headers.get("host", "")
        if not access_policy.is_trusted_host(host.casefold(), rules.host_names):
            return 421
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS
        if _is_cross_site(scope, headers, host, changes=changes):
            return 403
        client = self._client_of(scope, headers)
        if not self._is_within_limits(scope["path"], client.name, changes=changes):
            return 429
        connection = _connection_of(scope)
        connection.is_known, connection.client_name = client.is_known, client.name
        connection.is_frame_allowed = partial(self._frames.allow, client.name)
        is_allowed = client.is_known or not rules.sessions.is_token_needed
        is_guest = rules.guests and _is_look(scope)
        return None if is_allowed or is_guest or _is_public(scope["path"]) else 401

    def _client_of(self, scope: Scope, headers: dict[str, str]) -> _Client:
        """Who sends a request.

        A right token is never refused for the wrong ones of others at the same address.
        """
        address = (scope.get("client") or ("",))[0]
        sessions = self._rules.sessions
        if session := sessions.session_in(headers.get("cookie", "")):
            return _Client(f"login {session}", is_known=True)
        if sessions.is_token(access_policy.bearer_token_in(headers.get("authorization", ""))):
            return _Client(f"token {address}", is_known=True)
        return _Client(f"address {address}", is_known=False)

    def _is_within_limits(self, path: str, name: str, *, changes: bool) -> bool:
        if _is_static(path):
            return self._static_files.allow(name)
        if _is_thumbnail(path) and not changes:
            return self._thumbnails.allow(name)
        if path == "/api/login":
            return self._logins.allow(name)
        limiters = [self._requests, self._changes] if changes else [self._requests]
        return all(limiter.allow(name) for limiter in limiters)


def _is_look(scope: Scope) -> bool:
    """Whether a guest may do it: see the live picture and its figures, and change nothing."""
    is_safe = scope["type"] == "websocket" or scope["method"] in _SAFE_METHODS
    return is_safe and scope["path"] in GUEST_PATHS


def _is_public(path: str) -> bool:
    """Whether a path needs no token: the page without its data, health, login."""
    return path in {"/healthz", "/api/login"} or _is_static(path)


def _is_static(path: str) -> bool:
    return path == "/" or path.startswith("/static/")


def _is_thumbnail(path: str) -> bool:
    """Whether it is one of the many pictures of the timeline."""
    return path.startswith("/api/events/") and path.endswith("/thumbnail")


def _is_cross_site(scope: Scope, headers: dict[str, str], host: str, *, changes: bool) -> bool:
    """Whether the page of another site makes the browser send this request.

    Browsers say so in two headers; programs that send neither act for their own user.
    """
    origin = headers.get("origin")
    matters = origin is not None and (changes or origin == "null")
    if matters and not access_policy.is_same_origin(origin or "", host):
        return True
    site = headers.get("sec-fetch-site", "none")
    follows_a_link = scope["path"] == "/" and headers.get("sec-fetch-mode") == "navigate"
    return site not in {"none", "same-origin"} and not follows_a_link


def _headers_of(scope: Scope) -> dict[str, str]:
    """The headers; repeated ones are joined, so that no value hides another."""
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").casefold(), raw_value.decode("latin-1")
        separator = "; " if name == "cookie" else ", "
        found[name] = found[name] + separator + value if name in found else value
    return found


def _with_timeout(send: Send, scope: Scope, timeout_s: float) -> Send:
    """Wrap an ASGI `send`: a client that does not read in time is disconnected."""

    async def send_in_time(message: Message) -> None:
        try:
            async with asyncio.timeout(timeout_s):
                await send(message)
        except TimeoutError as error:
            _connection_of(scope).transport.abort()  # closing would wait for the client
            raise _SendTimeoutError from error

    return send_in_time


def _connection_of(scope: Scope) -> Any:
    """The connection of a request: an HttpConnection or a WebSocketConnection."""
    return scope["livecam.connection"]


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    body = json.dumps({"detail": _REASONS[status]}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if status == 429:
        headers.append((b"retry-after", b"1"))
    kind = "http.response"
    if scope["type"] == "websocket":
        await receive()  # the connect message
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008})
            return
        kind, headers = "websocket.http.response", headers[:2]
    await send({"type": f"{kind}.start", "status": status, "headers": headers})
    await send({"type": f"{kind}.body", "body": body})
