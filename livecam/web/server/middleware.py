"""The gate before the application: names, origins, tokens, sizes and rates are judged here."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from livecam.web.server import access_policy
from livecam.web.server.rate_limit import Allowance, Buckets

Scope = dict[str, Any]
Asgi = Callable[[Scope, Any, Any], Any]

MOST_BODY_BYTES = 4096
BODY_WITHIN_S = 10.0
TAKEN_WITHIN_S = 15.0
FILES = Allowance(burst=1000, per_s=200)
REQUESTS = Allowance(burst=200, per_s=60)
CHANGES = Allowance(burst=60, per_s=20)
LOGINS = Allowance(burst=10, per_s=0.2)
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
_REASONS = {
    401: "a token is needed: open the whole link that livecam printed.",
    403: "this request comes from another site.",
    408: "the request did not come to its end.",
    413: f"the request is larger than {MOST_BODY_BYTES} bytes.",
    421: "this is not the name of this page: use the address that livecam printed.",
    429: "too many requests: wait a moment.",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may do how much.

    Attributes:
        names: host names that mean this machine.
        token: what visitors have to know; None for nothing.
        port: the page's own, part of the cookie's name.
        files: of the page itself, for one address.
        requests: others of one address.
        changes: of those, the ones that change something.
        logins: attempts with a token, and wrong bearers.
        taken_within_s: who takes nothing of an answer for so many seconds is cut off.
        clock: seconds.
    """

    names: Collection[str] = ()
    token: str | None = None
    port: int = 0
    files: Allowance = FILES
    requests: Allowance = REQUESTS
    changes: Allowance = CHANGES
    logins: Allowance = LOGINS
    taken_within_s: float = TAKEN_WITHIN_S
    clock: Callable[[], float] = time.monotonic


class _StalledError(Exception):
    """The other side takes no more bytes."""


class Gate:
    """ASGI middleware; what it refuses never reaches the application."""

    def __init__(self, app: Asgi, rules: Rules) -> None:
        """`app` is everything behind the gate."""
        self._app, self._rules = app, rules
        self._requests = Buckets(rules.requests, rules.clock)
        self._changes = Buckets(rules.changes, rules.clock)
        self._logins = Buckets(rules.logins, rules.clock)
        self._files = Buckets(rules.files, rules.clock)
        self._session = None if rules.token is None else access_policy.session_of(rules.token)
        self.refused: Counter[int] = Counter()

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Judge one request."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        send = _with_headers(_in_time(send, scope, self._rules.taken_within_s))
        headers = _headers_of(scope)
        status = self._judge(scope, headers)
        if status is None and scope["type"] == "http":
            status, receive = await _whole_body(receive, headers)
        with suppress(_StalledError):  # who takes nothing has been cut off
            if status is None:
                await self._app(scope, receive, send)
                return
            self.refused[status] += 1
            await _refuse(scope, receive, send, status)

    def _judge(self, scope: Scope, headers: dict[str, str]) -> int | None:
        """The status of a refusal; None where the request may pass."""
        rules, host = self._rules, headers.get("host", "")
        if not access_policy.is_trusted_host(host.casefold(), rules.names):
            return 421
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS
        if _is_foreign(scope, headers, host, changes=changes):
            return 403
        address = (scope.get("client") or ("",))[0]
        if not self._is_in_measure(scope["path"], address, changes=changes):
            return 429
        if rules.token is None or _is_open(scope["path"]) or self._has_session(headers):
            return None
        return self._judge_bearer(headers, address, rules.token)

    def _is_in_measure(self, path: str, address: str, *, changes: bool) -> bool:
        """Whether this address may ask for more; the page's own files are cheap, and many."""
        if _is_of_the_page(path):
            return self._files.take(address)
        buckets = [self._requests]
        buckets += [self._changes] if changes else []
        buckets += [self._logins] if path == "/api/login" else []
        return all(bucket.take(address) for bucket in buckets)

    def _judge_bearer(self, headers: dict[str, str], address: str, token: str) -> int | None:
        """Who guesses is slowed down, as with logins: after a few, nothing is compared."""
        given = access_policy.bearer_in(headers.get("authorization", ""))
        if given and self._logins.is_empty(address):
            return 429
        if access_policy.same_secret(given, token):
            return None
        if given:
            self._logins.take(address)
        return 401

    def _has_session(self, headers: dict[str, str]) -> bool:
        session = access_policy.cookie_in(
            headers.get("cookie", ""), access_policy.session_name(self._rules.port)
        )
        return self._session is not None and access_policy.same_secret(session, self._session)


def _is_open(path: str) -> bool:
    """Whether it may be had without a token: the empty page, and whether we are alive."""
    return path in {"/healthz", "/api/login"} or _is_of_the_page(path)


def _is_of_the_page(path: str) -> bool:
    return path == "/" or path.startswith("/static/")


def _is_foreign(scope: Scope, headers: dict[str, str], host: str, *, changes: bool) -> bool:
    """Whether another site's page makes the browser ask.

    Browsers tell it by two headers; programs that send neither are not led by a foreign page.
    """
    origin = headers.get("origin")
    judged = origin is not None and (changes or origin == "null")
    if judged and not access_policy.is_own_origin(origin or "", host):
        return True
    site = headers.get("sec-fetch-site", "none")
    follows_a_link = scope["path"] == "/" and headers.get("sec-fetch-mode") == "navigate"
    return site not in {"none", "same-origin"} and not follows_a_link


def _headers_of(scope: Scope) -> dict[str, str]:
    """The headers; of one that came twice both values, so that neither hides the other."""
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").casefold(), raw_value.decode("latin-1")
        joint = "; " if name == "cookie" else ", "
        found[name] = found[name] + joint + value if name in found else value
    return found


async def _whole_body(receive: Any, headers: dict[str, str]) -> tuple[int | None, Any]:
    """Read a small body to its end; gives a refusal's status, and who hands the body on."""
    announced = headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > MOST_BODY_BYTES:
        return 413, receive
    body, more = b"", True
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return 408, receive
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > MOST_BODY_BYTES:
                    return 413, receive
    except TimeoutError:
        return 408, receive
    told = False

    async def replay() -> Any:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return None, replay


def _in_time(send: Any, scope: Scope, within_s: float) -> Any:
    """Send, and cut off who does not take it: an answer's end would be waited for, for ever."""

    async def send_in_time(message: Any) -> None:
        try:
            async with asyncio.timeout(within_s):
                await send(message)
        except TimeoutError as error:
            scope.get("livecam.abort", _nothing)()
            raise _StalledError from error

    return send_in_time


def _nothing() -> None:
    """There is no connection (in tests without a server)."""


def _with_headers(send: Any) -> Any:
    async def send_with_headers(message: Any) -> None:
        if message["type"] in {"http.response.start", "websocket.http.response.start"}:
            given = list(message.get("headers", []))
            names = {name.lower() for name, _ in given}
            more = [*HEADERS, (b"cache-control", b"no-store")]
            added = [(name, value) for name, value in more if name not in names]
            message = {**message, "headers": given + added}
        await send(message)

    return send_with_headers


async def _refuse(scope: Scope, receive: Any, send: Any, status: int) -> None:
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
