"""Who is trusted: pure rules about names, origins and tokens."""

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Collection
from urllib.parse import urlsplit


def new_token() -> str:
    """A token that nobody guesses: 192 random bits."""
    return secrets.token_urlsafe(24)


def same_secret(given: str, expected: str) -> bool:
    """Whether both are the same, in a time that does not tell how much of it is."""
    return hmac.compare_digest(given.encode(), expected.encode())


def session_name(port: int) -> str:
    """The cookie's name: browsers keep one jar for all ports of a host."""
    return f"livecam-session-{port}"


def session_of(token: str) -> str:
    """What the cookie holds: proves the token and does not contain it."""
    return hmac.new(token.encode(), b"livecam session", hashlib.sha256).hexdigest()


def name_in(host: str) -> str | None:
    """The name in a Host header, without its port; None where it is no such header."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port
    except ValueError:
        return None
    if parts.netloc != host or "@" in host or parts.hostname is None:
        return None
    return parts.hostname.rstrip(".")


def is_trusted_host(host: str, names: Collection[str]) -> bool:
    """Whether a browser that sends this Host header means us.

    A foreign page can make its own name point to this machine (DNS rebinding), but not change
    what a number or `localhost` means.
    """
    name = name_in(host)
    if name is None:
        return False
    return name == "localhost" or name in names or is_address(name)


def is_address(name: str) -> bool:
    """Whether it is an IP address."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_own_origin(origin: str, host: str) -> bool:
    """Whether an Origin header names the same site as the Host header."""
    scheme, _, rest = origin.casefold().partition("://")
    return scheme in {"http", "https"} and bool(rest) and rest == host.casefold()


def bearer_in(authorization: str) -> str:
    """The token of an Authorization header; "" where there is none."""
    kind, _, token = authorization.partition(" ")
    return token.strip() if kind.casefold() == "bearer" else ""


def cookie_in(header: str, name: str) -> str:
    """The value of one cookie; "" where it is missing."""
    for part in header.split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return ""
