"""Pure rules of access: which host names, origins, tokens and cookies are accepted."""

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Collection
from urllib.parse import urlsplit


def new_token() -> str:
    """A random token of 192 bits."""
    return secrets.token_urlsafe(24)


def secrets_match(given: str, expected: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())


def session_cookie_name(port: int) -> str:
    """The cookie's name; with the port, because browsers share cookies between ports of a host."""
    return f"livecam-session-{port}"


def session_cookie_value(token: str) -> str:
    """The cookie's value: derived from the token, which cannot be read from it."""
    return hmac.new(token.encode(), b"livecam session", hashlib.sha256).hexdigest()


def host_name_in(host: str) -> str | None:
    """The name in a Host header, without its port; None for a malformed header."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return None
    if parts.netloc != host or "@" in host or parts.hostname is None:
        return None
    return parts.hostname.rstrip(".")


def is_trusted_host(host: str, names: Collection[str]) -> bool:
    """Whether a Host header names this server.

    Another site can let its own name resolve to this machine (DNS rebinding), but it cannot change
    what an IP address or `localhost` stands for.
    """
    name = host_name_in(host)
    if name is None:
        return False
    return name == "localhost" or name in names or is_ip_address(name)


def is_ip_address(name: str) -> bool:
    """Whether a host is given as an IP address."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_same_origin(origin: str, host: str) -> bool:
    """Whether an Origin header names the same site as the Host header."""
    scheme, _, rest = origin.casefold().partition("://")
    return scheme in {"http", "https"} and bool(rest) and rest == host.casefold()


def bearer_token_in(authorization: str) -> str:
    """The token of an Authorization header; "" where there is none."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else ""


def cookie_in(header: str, name: str) -> str:
    """The value of a cookie, the first of that name; "" where it is missing."""
    for part in header.split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return ""
