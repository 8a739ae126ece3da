"""Pure rules of access: which host names, origins, tokens and cookies are accepted."""

import hmac
import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit


def secrets_match(given: str, expected: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())


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


def cookies_in(header: str, name: str) -> list[str]:
    """The values of all cookies of a name: other servers of this machine can set one, too."""
    parts = (part.strip().partition("=") for part in header.split(";"))
    return [value for key, _, value in parts if key == name]
