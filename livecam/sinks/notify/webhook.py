"""Posts events to a web server as JSON; each request within one time limit, whatever comes."""

import base64
import http.client
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Self
from urllib.parse import unquote, urlsplit, urlunsplit

from livecam import __version__
from livecam.core.formatting import reason_of
from livecam.core.notifying.notification import Notification
from livecam.sinks.notify.delivery import NotDeliveredError, RefusedError

_AGAIN = frozenset({408, 425, 429})
"""Answers to a request of which the server says that it may be sent once more, beside 5xx."""


def webhook_problem(url: str) -> str:
    """Why an address cannot be posted to, "" where it can; it repeats nothing of the address."""
    try:
        parts = urlsplit(url.strip())
        is_whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # of the port, of an IPv6 address
        is_whole = False
    if not is_whole or any(letter.isspace() or not letter.isprintable() for letter in url.strip()):
        return "must be an address like https://server.example/livecam"
    return ""


def shown_url(url: str) -> str:
    """As an address may be shown: its server alone, for the rest may be what gives access."""
    parts = urlsplit(url.strip())
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}/" + "..." * bool(parts.path.strip("/") or parts.query)


class Webhook:
    """Posts to one address."""

    def __init__(self, url: str, *, limit_s: float) -> None:
        """Connect to nothing yet.

        Args:
            url: where to post; user and password in it become a header.
            limit_s: so long a request may take, from its beginning to the end of the answer.
        """
        parts = urlsplit(url.strip())
        credentials, _, host = parts.netloc.rpartition("@")
        self._url = urlunsplit(parts._replace(netloc=host, fragment=""))
        self._headers = {
            "Content-Type": "application/json",
            "User-Agent": f"livecam/{__version__}",
        }
        if credentials:
            login = base64.b64encode(unquote(credentials).encode()).decode("ascii")
            self._headers["Authorization"] = f"Basic {login}"
        self._limit_s = limit_s

    def send(self, notification: Notification) -> None:
        """Post a moment of an event.

        Raises:
            NotDeliveredError: no answer in time, or one that means later.
            RefusedError: an answer that means never.
        """
        body = notification.json_text(has_picture=True).encode("utf-8")
        request = urllib.request.Request(self._url, body, self._headers, method="POST")  # noqa: S310  (webhook_problem)
        with _TimeLimit(self._limit_s) as limit:
            try:
                _opener(limit.watch).open(request, timeout=self._limit_s).close()
            except urllib.error.HTTPError as error:
                error.close()
                raise _meant_by(error.code) from None
            except (OSError, http.client.HTTPException, ValueError) as error:
                reason = getattr(error, "reason", None)
                cause = reason if isinstance(reason, BaseException) else error
                if limit.is_over or isinstance(cause, TimeoutError):
                    raise NotDeliveredError(f"no answer in {self._limit_s:g} s") from None
                raise NotDeliveredError(reason_of(cause)) from None


def _meant_by(status: int) -> Exception:
    if status >= 500 or status in _AGAIN:
        return NotDeliveredError(f"it answers {status}")
    if 300 <= status < 400:
        return RefusedError(f"it answers {status}: give the address that it leads to")
    return RefusedError(f"it answers {status}")


class _TimeLimit:
    """Ends a request at its limit: a socket's own limit is for each piece of an answer anew.

    Attributes:
        is_over: whether the limit was reached.
    """

    def __init__(self, limit_s: float) -> None:
        self._timer = threading.Timer(limit_s, self._end)
        self._timer.daemon = True
        self._connections: list[http.client.HTTPConnection] = []
        self.is_over = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, connection: http.client.HTTPConnection) -> None:
        """End this connection, too."""
        self._connections.append(connection)

    def _end(self) -> None:
        self.is_over = True
        for connection in self._connections:
            if connection.sock is not None:
                with suppress(OSError):  # also below TLS, whose own call waits for the other side
                    socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)


def _opener(
    watch: Callable[[http.client.HTTPConnection], None],
) -> urllib.request.OpenerDirector:
    """Opens addresses, through the system's proxy; follows none to another address."""
    return urllib.request.build_opener(_WatchedHttp(watch), _WatchedHttps(watch), _NoRedirect())


class _WatchedHttp(urllib.request.HTTPHandler):
    def __init__(self, watch: Callable[[http.client.HTTPConnection], None]) -> None:
        super().__init__()
        self._watch = watch

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        made: Any = partial(_watched, http.client.HTTPConnection, self._watch)
        return self.do_open(made, req)


class _WatchedHttps(urllib.request.HTTPSHandler):
    def __init__(self, watch: Callable[[http.client.HTTPConnection], None]) -> None:
        super().__init__()
        self._watch = watch

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        made: Any = partial(_watched, http.client.HTTPSConnection, self._watch)
        return self.do_open(made, req)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A POST that is sent elsewhere would lose its content, and tell it to somebody else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _watched(
    kind: type[http.client.HTTPConnection],
    watch: Callable[[http.client.HTTPConnection], None],
    *arguments: Any,
    **given: Any,
) -> http.client.HTTPConnection:
    connection = kind(*arguments, **given)
    watch(connection)
    return connection
