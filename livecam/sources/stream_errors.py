"""Why a stream did not open, in words; and whether it is to be waited for."""

import errno
import socket
import sys
from urllib.error import HTTPError
from urllib.parse import urlsplit

import av

from livecam.core.redaction import without_credentials
from livecam.errors import SourceError
from livecam.sources.live.connection import SourceAbsentError

_ABSENT = frozenset(
    {errno.ECONNREFUSED, errno.ECONNRESET, errno.ECONNABORTED, errno.EHOSTUNREACH, errno.EHOSTDOWN}
    | {errno.ENETUNREACH, errno.ENETDOWN, errno.ETIMEDOUT, errno.EPIPE, errno.EIO}
)
"""What a camera gives, or the network in its place, that is switched off or still starts."""

_ABSENT_ON_WINDOWS = frozenset({106, 107, 108, 110, 116, 118, 138})
"""The same by the numbers of the C library there, which FFmpeg uses and Python does not."""

_NO_ANSWER = (av.error.ExitError, av.error.HTTPServerError, TimeoutError, socket.gaierror)

_NOT_FOUND, _SERVER_ERROR, _TRY_LATER = 404, 500, frozenset({408, 425, 429})
"""Codes of HTTP."""


def not_opened(address: str, error: Exception, timeout_s: float) -> SourceError:
    """The error for a stream that did not open; SourceAbsentError where it may come yet.

    Args:
        address: as the user gave it; without its credentials in the text.
        error: of FFmpeg, or of the network.
        timeout_s: how long an answer was waited for.
    """
    title = without_credentials(address)
    is_absent = _is_absent(address, error)
    reason = reason_of(error, timeout_s)
    is_broken = getattr(error, "errno", None) == errno.EIO
    if isinstance(error, socket.gaierror) or (is_absent and is_broken and not _is_known(address)):
        reason = "its name is not found"  # FFmpeg calls that an input or output error
    text = f"{title} did not open ({reason}): check the address and that the sender is running."
    return SourceAbsentError(text, reason) if is_absent else SourceError(text)


def reason_of(error: Exception, timeout_s: float) -> str:
    """An error in a few words."""
    if isinstance(error, av.error.ExitError | TimeoutError):  # the first one is PyAV's
        return f"no answer for {timeout_s:.0f} s"
    if isinstance(error, HTTPError):
        return f"server returned {error.code} {error.reason}".lower()
    if getattr(error, "errno", None) == errno.EIO:
        return "the connection broke"
    if isinstance(error, av.error.InvalidDataError):
        return "what it sends is no video, or its beginning is missing"
    return (getattr(error, "strerror", None) or "it is not video").lower()


def _is_absent(address: str, error: Exception) -> bool:
    """Whether the camera may come yet.

    A password that is refused will not be right later. A page that is not found is a mistyped
    address; but a media server says the same of a camera that it waits for itself.
    """
    if not _is_well_formed(address):
        return False
    if isinstance(error, _NO_ANSWER):
        return True
    code = error.code if isinstance(error, HTTPError) else 0
    if code == _NOT_FOUND or isinstance(error, av.error.HTTPNotFoundError):
        return _may_be_published_later(address)
    if code:
        return code >= _SERVER_ERROR or code in _TRY_LATER
    number = getattr(error, "errno", None)
    return number in _ABSENT or (sys.platform == "win32" and number in _ABSENT_ON_WINDOWS)


def _may_be_published_later(address: str) -> bool:
    parts = urlsplit(address)
    return not parts.scheme.startswith("http") or parts.path.casefold().endswith(".m3u8")


def _is_well_formed(address: str) -> bool:
    """Whether it names a host; a password with one of `#?/` ends the host's part too early."""
    try:
        parts = urlsplit(address)
        return parts.port is None or bool(parts.hostname)
    except ValueError:  # the port is no number, a bracket has no twin
        return False


def _is_known(address: str) -> bool:
    """Whether the name of the address's host stands for a machine."""
    try:
        return bool(socket.getaddrinfo(urlsplit(address).hostname, None))
    except OSError:
        return False
