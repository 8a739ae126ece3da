"""Downloads a file: in bounded time whatever hangs, and whole or not at all."""

import http.client
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from livecam import __version__

CONNECT_S = 30.0
"""A name has many addresses; behind a firewall that drops what it gets, each takes its time-out."""

ADDRESS_S = 10.0
SILENCE_S = 20.0
"""So long a connection that stands may give nothing."""

SLOW_S, SLOW_BYTES = 60.0, 60_000
"""What gives less than this in that time is as good as broken: 17 MB would take five hours."""

PROGRESS_EVERY_S = 5.0
_CHUNK_BYTES = 1 << 16

Clock = Callable[[], float]


class BrokenOffError(OSError):
    """Less came than there is, or too slowly; the text is for the user."""


def download(
    address: str, path: Path, on_progress: Callable[[int], None], clock: Clock = time.monotonic
) -> None:
    """Write what an address gives into a new file.

    Args:
        address: http, https or file; a proxy of the environment is used.
        path: of the file, in a folder that is there.
        on_progress: receives the number of bytes that came, every few seconds.
        clock: seconds.

    Raises:
        OSError: it cannot be reached, gives nothing for long or less than there is, or the file
            cannot be written.
        http.client.HTTPException: what comes is no HTTP.
    """
    request = urllib.request.Request(address, headers={"User-Agent": f"livecam/{__version__}"})  # noqa: S310  (the address is ours)
    opener = urllib.request.build_opener(_HttpHandler, _HttpsHandler)
    try:
        with opener.open(request, timeout=SILENCE_S) as answer, path.open("xb") as file:
            length = answer.headers.get("Content-Length", "")
            came = _copy(answer, file, on_progress, clock)
    except urllib.error.HTTPError as error:
        error.close()  # it is the answer, too, with its connection
        raise
    if length.isdecimal() and came != int(length):
        raise BrokenOffError(f"the connection broke off after {came} of {length} bytes")


def _copy(answer: Any, file: BinaryIO, on_progress: Callable[[int], None], clock: Clock) -> int:
    """Copy all of it; gives the number of bytes."""
    came = came_before = 0
    told_s = since_s = clock()
    while chunk := answer.read1(_CHUNK_BYTES):
        file.write(chunk)
        came += len(chunk)
        now_s = clock()
        if now_s - told_s >= PROGRESS_EVERY_S:
            on_progress(came)
            told_s = now_s
        if now_s - since_s >= SLOW_S:
            if came - came_before < SLOW_BYTES:
                slow = f"{(came - came_before) / 1000:.0f} kB in {now_s - since_s:.0f} s"
                raise BrokenOffError(f"the connection is too slow: {slow}")
            came_before, since_s = came, now_s
    return came


def _connect(
    address: tuple[str, int], timeout: float, source_address: tuple[str, int] | None = None
) -> socket.socket:
    """As socket.create_connection, but in bounded time over all addresses of the name."""
    until_s = time.monotonic() + CONNECT_S
    failed: OSError = OSError("the name has no address")
    for *_, place in socket.getaddrinfo(*address, type=socket.SOCK_STREAM):
        left_s = min(ADDRESS_S, until_s - time.monotonic())
        if left_s <= 0:
            break
        try:
            made = socket.create_connection((str(place[0]), int(place[1])), left_s, source_address)
        except OSError as error:
            failed = error
        else:
            made.settimeout(timeout)
            return made
    raise failed


class _HttpConnection(http.client.HTTPConnection):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._create_connection = _connect


class _HttpsConnection(http.client.HTTPSConnection):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._create_connection = _connect


class _HttpHandler(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_HttpConnection, req)


class _HttpsHandler(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_HttpsConnection, req)


def reason_in_words(error: Exception) -> str:
    """Why it failed, in a few words without numbers of the system."""
    if isinstance(error, urllib.error.HTTPError):
        return f"{error.code} {error.reason}".strip()
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    if isinstance(cause, ConnectionRefusedError):
        return "connection refused"
    if isinstance(cause, socket.gaierror):
        return "its name cannot be looked up: no network?"
    words = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    return str(words).splitlines()[0]
