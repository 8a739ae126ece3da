"""One answer over HTTP: its head, and its body as it comes. Redirects, passwords, time-outs."""

import errno
import http.client
import re
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from io import BufferedIOBase, BytesIO
from typing import IO
from urllib.parse import unquote, urlsplit

import av

from livecam import __version__
from livecam.core.input_limits import TooLargeError
from livecam.sources.jpeg_splitter import START
from livecam.sources.stream import LARGEST_FILE_BYTES

_BEGINNING_BYTES = 4096
_CHUNK_BYTES = 1 << 16

READ_AHEAD_S, READ_AHEAD_PAUSE_S, READ_AHEAD_BYTES = 0.5, 0.2, 64 << 20
"""For so long a body of unknown length is read ahead, unless it pauses, up to so many bytes."""

_TEXT = bytes(range(0x20, 0x7F)) + b"\t\r\n"

NOT_HTTP = (http.client.HTTPException, ValueError)
"""What `open_http` raises where FFmpeg may still understand the answer, or the address."""


@dataclass(frozen=True, slots=True)
class Login:
    """An address without its user and password, and these."""

    address: str
    user: str
    password: str


class _WholeBody(BytesIO):
    """A body with the name by which PyAV guesses its format."""

    name = ""


class HttpAnswer:
    """A body that is read once; PyAV takes it for a file that cannot be sought.

    Attributes:
        name: the path of the address, without query: its suffix says something of the format.
        content_type: in small letters, without parameters; "" where the server does not say.
        length_bytes: of the whole body; None where the server does not say, or nothing believable.
    """

    def __init__(self, body: BufferedIOBase, address: str, heads: Message) -> None:
        """`body` is closed with this."""
        self._body = body
        self.name = urlsplit(address).path
        self.content_type = heads.get_content_type() if "Content-Type" in heads else ""
        self.length_bytes = _length_bytes(heads)
        self._ahead = bytearray()
        self._given = 0  # so many bytes of `_ahead` were read
        self._has_ended = False

    def read(self, most_bytes: int = _CHUNK_BYTES) -> bytes:
        """What has come, at least one byte; b"" at the end.

        Raises:
            av.error.FFmpegError: as FFmpeg does where nothing comes, or the connection breaks.
        """
        if self._ahead:
            taken = bytes(self._ahead[self._given : self._given + most_bytes])
            self._given += len(taken)
            if self._given == len(self._ahead):
                self._ahead, self._given = bytearray(), 0
            return taken
        if self._has_ended:
            return b""
        received = self._receive(most_bytes)
        self._has_ended = not received
        return received

    def beginning(self) -> bytes:
        """The first bytes, as many as tell text from pictures; they stay to be read."""
        while not self._has_ended and len(self._ahead) < _BEGINNING_BYTES:
            if START in self._ahead or self._ahead.translate(None, _TEXT):
                break
            received = self._receive(_CHUNK_BYTES)
            self._has_ended = not received
            self._ahead += received
        return bytes(self._ahead)

    def comes_at_once(self, clock: Callable[[], float] = time.monotonic) -> bool:
        """Read ahead: whether a file comes, and nothing live; call it before `read`.

        That is so where the end is reached at once, or more comes than any camera sends.
        """
        until_s = came_s = clock() + READ_AHEAD_S
        while not self._has_ended and len(self._ahead) < READ_AHEAD_BYTES:
            began_s = clock()
            received = self._receive(_CHUNK_BYTES)
            came_s = clock()
            self._has_ended = not received
            self._ahead += received
            if came_s > until_s or came_s - began_s > READ_AHEAD_PAUSE_S:
                break
        return self._has_ended or len(self._ahead) >= READ_AHEAD_BYTES

    def whole(self) -> BytesIO | None:
        """All of the body, in which can be sought, instead of `read`; None before its end came."""
        if not self._has_ended:
            return None
        body = _WholeBody(self._ahead)
        self._ahead = bytearray()
        body.name = self.name
        return body

    def read_list(self, most_bytes: int) -> None:
        """Read a list of addresses to its end, which FFmpeg will then fetch itself.

        Raises:
            TooLargeError: it has more bytes than that.
        """
        while not self._has_ended:
            if len(self._ahead) > most_bytes:
                raise TooLargeError(
                    f"is a list of more than {most_bytes / 1e6:g} MB (--max-part-mb)"
                )
            received = self._receive(_CHUNK_BYTES)
            self._has_ended = not received
            self._ahead += received

    def is_text(self) -> bool:
        """Whether it begins with nothing but text: a page, a playlist."""
        return not self.beginning().translate(None, _TEXT)

    def has_jpeg_first(self) -> bool:
        """Whether it begins with a JPEG, perhaps after some lines of text."""
        text, start, _ = self.beginning().partition(START)
        return bool(start) and not text.translate(None, _TEXT)

    def close(self) -> None:
        """Disconnect."""
        with suppress(OSError):
            self._body.close()

    def _receive(self, most_bytes: int) -> bytes:
        try:
            return self._body.read1(most_bytes)
        except TimeoutError:
            raise av.error.ExitError(errno.ETIMEDOUT, "no answer") from None
        except (OSError, http.client.HTTPException):
            raise av.error.FFmpegError(errno.EIO, "Input/output error") from None


def open_http(address: str, timeout_s: float) -> HttpAnswer:
    """Ask for an address.

    Args:
        address: http:// or https://, perhaps with user and password.
        timeout_s: so long may each step of the answer take, and later each read.

    Raises:
        OSError: nobody answers; urllib.error.HTTPError: the server refuses.
        http.client.HTTPException, ValueError: it is no HTTP that Python understands.
    """
    login = split_login(address)
    # The same requests as FFmpeg's: with them servers say whether they can be sought.
    headers = {"User-Agent": f"livecam/{__version__}", "Accept": "*/*", "Range": "bytes=0-"}
    request = urllib.request.Request(login.address, headers=headers)  # noqa: S310  (http only)
    try:
        response = _opener(login).open(request, timeout=timeout_s)
        return HttpAnswer(response, login.address, response.headers)
    except urllib.error.HTTPError as error:
        error.close()
        raise
    except http.client.RemoteDisconnected as error:  # an HTTPException, too: NOT_HTTP
        raise ConnectionResetError(errno.ECONNRESET, "connection reset") from error
    except http.client.BadStatusLine as error:
        if not str(error.args[0]).startswith("--") or not login.address.startswith("http://"):
            raise
        return _open_without_head(login.address, timeout_s)
    except urllib.error.URLError as error:
        raise error.reason if isinstance(error.reason, OSError) else error from None


def split_login(address: str) -> Login:
    """Take user and password out of an address."""
    scheme, _, rest = address.partition("://")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    before, _, host = authority.rpartition("@")
    user, _, password = before.partition(":")
    bare = f"{scheme}://{host}{rest[len(authority) :]}"
    return Login(bare, unquote(user), unquote(password))


def _opener(login: Login) -> urllib.request.OpenerDirector:
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    if login.user:
        parts = urlsplit(login.address)
        root = f"{parts.scheme}://{parts.netloc}/"
        passwords.add_password(None, root, login.user, login.password)
    # Cameras sign their certificates themselves; FFmpeg does not check them either.
    unchecked = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    return urllib.request.build_opener(
        urllib.request.ProxyHandler(urllib.request.getproxies_environment()),
        urllib.request.HTTPSHandler(context=unchecked),
        _RefusalCloser(),
        urllib.request.HTTPBasicAuthHandler(passwords),
        urllib.request.HTTPDigestAuthHandler(passwords),
    )


class _RefusalCloser(urllib.request.BaseHandler):
    """Closes the answer that asks for a password before the handlers ask again with it."""

    handler_order = 100

    def http_error_401(self, _request: object, answer: IO[bytes], *_: object) -> None:
        answer.close()


def _open_without_head(address: str, timeout_s: float) -> HttpAnswer:
    """Some small cameras begin with the first boundary: their parts are all that they send."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port or 80), timeout_s) as connected:
        path = f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}"
        connected.sendall(f"GET {path} HTTP/1.0\r\nHost: {parts.netloc}\r\n\r\n".encode())
        heads = Message()
        heads["Content-Type"] = "multipart/x-mixed-replace"
        return HttpAnswer(connected.makefile("rb"), address, heads)


def _length_bytes(heads: Message) -> int | None:
    """Of the whole, also where the server gives a range of it."""
    total = heads.get("Content-Range", "").rpartition("/")[2].strip()
    text = total if total.isdecimal() else heads.get("Content-Length", "").strip()
    length = int(text) if text.isdecimal() else 0
    return length if 0 < length <= LARGEST_FILE_BYTES else None
