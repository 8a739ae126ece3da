"""The listening socket of the web page: address, port, printed link, and the token it needs."""

import errno
import ipaddress
import os
import socket
from dataclasses import dataclass
from typing import Self

from livecam.core.printable_text import quoted
from livecam.errors import SettingsError
from livecam.settings.schema import ServeSettings
from livecam.web.server.access_policy import is_ip_address
from livecam.web.server.access_token import AccessToken, access_token

# A slow client has to see the newest picture, not those of the last seconds: the system may buffer
# only a few of them.
SEND_BUFFER_BYTES = 128 * 1024


@dataclass(frozen=True, slots=True)
class Listener:
    """A listening socket, and what clients need to use it.

    Attributes:
        bound_socket: it is listening.
        host: as given in the settings.
        port: the port that was bound.
        token: the secret that clients have to prove; None where none is needed.
        guests: whether clients that prove none may look.
        extra_host_names: names that a proxy or the network's name server gives to this machine.
    """

    bound_socket: socket.socket
    host: str
    port: int
    token: AccessToken | None
    guests: bool = False
    extra_host_names: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        """It is listening already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the socket; harmless when the server has done so."""
        self.bound_socket.close()

    @property
    def host_names(self) -> frozenset[str]:
        """Names of this machine, besides its addresses."""
        own = socket.gethostname().casefold()
        extra = {name.casefold() for name in self.extra_host_names}
        return frozenset({self.host.casefold(), own, f"{own.partition('.')[0]}.local"} | extra)

    @property
    def address(self) -> str:
        """The URL of the page, without the token."""
        return f"http://{_url_host(_reachable_host(self.bound_socket, self.host))}:{self.port}/"

    @property
    def link(self) -> str:
        """The URL with the token, behind #: browsers do not send that part to any server."""
        return self.address + (f"#token={self.token.text}" if self.token else "")

    @property
    def is_for_others(self) -> bool:
        """Whether other machines can open the page at this address."""
        return not _bound_address(self.bound_socket).is_loopback


def open_listener(settings: ServeSettings) -> Listener:
    """Bind the address of the page.

    Raises:
        SettingsError: the address is in use, not permitted, or not one of this machine; the token
            cannot be had.
    """
    token = access_token(settings)
    host = settings.host
    bound_socket = _bound_socket(host, settings.port)
    port = bound_socket.getsockname()[1]
    return Listener(bound_socket, host, port, token, settings.guests, settings.allow_host)


def _bound_socket(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        new_socket = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise SettingsError(
            f"there is no host {quoted(host)} to serve on: use 127.0.0.1, or "
            "0.0.0.0 for the network."
        ) from error
    try:
        _set_options(new_socket)
        new_socket.bind(address)
        new_socket.listen(128)
    except OSError as error:
        new_socket.close()
        raise SettingsError(_bind_error(error, host, port)) from error
    return new_socket


def _set_options(new_socket: socket.socket) -> None:
    if os.name == "posix":  # elsewhere this would let two programs share the port
        new_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    elif hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
        new_socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    new_socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)


def _bind_error(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} of {host} is taken, perhaps by another livecam: give another one with "
            "--port, or --port 0 for a free one."
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"port {port} is not permitted to you: give one from 1024 on with --port."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine: use 127.0.0.1, or 0.0.0.0 for the network."
    return f"the page cannot be served on {host}:{port} ({error.strerror}): try another --port."


def _reachable_host(bound_socket: socket.socket, host: str) -> str:
    """A host that browsers can use: for 0.0.0.0 the address of this machine in its network."""
    bound = _bound_address(bound_socket)
    if not bound.is_unspecified:
        return host
    # Connecting a datagram socket sends nothing; the system only chooses its own address.
    target = "2001:db8::1" if bound.version == 6 else "192.0.2.1"
    try:
        with socket.socket(bound_socket.family, socket.SOCK_DGRAM) as probe:
            probe.connect((target, 9))
            return str(probe.getsockname()[0])
    except OSError:
        return socket.gethostname()


def _bound_address(bound_socket: socket.socket) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_address(bound_socket.getsockname()[0].partition("%")[0])


def _url_host(host: str) -> str:
    return f"[{host}]" if is_ip_address(host) and ":" in host else host
