"""The address of the page: bound before anything slow begins, with a token where it needs one."""

import errno
import ipaddress
import os
import socket
from dataclasses import dataclass
from typing import Self

from livecam.errors import SettingsError
from livecam.settings.schema import ServeSettings
from livecam.web.server.access_policy import is_address, new_token

# A phone that is too slow shall see the newest picture, not those of the last seconds: little is
# kept for it by the system.
SEND_BUFFER_BYTES = 128 * 1024


@dataclass(frozen=True, slots=True)
class Door:
    """A bound socket, and who may come in.

    Attributes:
        listener: bound and listening.
        host: as it was asked for.
        port: the one that was taken.
        token: what visitors have to know; None for anybody on this machine.
        is_token_given: whether the user knows the token already.
        more_names: names that a proxy or the network's own name server gives to this machine.
    """

    listener: socket.socket
    host: str
    port: int
    token: str | None
    is_token_given: bool = False
    more_names: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        """It is open already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it; harmless when the server has done so."""
        self.listener.close()

    @property
    def names(self) -> frozenset[str]:
        """Names by which this machine is called, besides its addresses."""
        own = socket.gethostname().casefold()
        more = {name.casefold() for name in self.more_names}
        return frozenset({self.host.casefold(), own, f"{own.partition('.')[0]}.local"} | more)

    @property
    def address(self) -> str:
        """Where a browser finds the page, without the token."""
        return f"http://{_in_a_link(_reachable(self.listener, self.host))}:{self.port}/"

    @property
    def link(self) -> str:
        """The whole link; the token stands behind #, which browsers send to nobody."""
        return self.address + (f"#token={self.token}" if self.token else "")

    @property
    def words(self) -> str:
        """Where the page is; a token that was given is not told to whoever reads the log."""
        if self.is_token_given:
            return f"the page is at {self.address} and asks for the token that you gave"
        return f"the page is at {self.link}"


def open_door(settings: ServeSettings) -> Door:
    """Bind the address of the page.

    Raises:
        SettingsError: it is taken, forbidden or not ours.
    """
    host, port = settings.host, settings.port
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise SettingsError(
            f"there is no host {host!r} to serve on: use 127.0.0.1, or 0.0.0.0 for the network."
        ) from error
    try:
        _prepare(listener)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise SettingsError(_trouble(error, host, port)) from error
    bound = listener.getsockname()
    token, is_given = settings.token, settings.token is not None
    is_loopback = ipaddress.ip_address(bound[0].partition("%")[0]).is_loopback
    # Who gives this machine another name lets others in, through a proxy.
    if token is None and (settings.allow_host or not is_loopback):
        token = new_token()
    return Door(listener, host, bound[1], token, is_given, settings.allow_host)


def _prepare(listener: socket.socket) -> None:
    if os.name == "posix":  # elsewhere this would let two programs share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    elif hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)


def _trouble(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} of {host} is taken, perhaps by another livecam: give another one with "
            "--port, or --port 0 for a free one."
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"port {port} is forbidden to you: give one from 1024 on with --port."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine: use 127.0.0.1, or 0.0.0.0 for the network."
    return f"the page cannot be served on {host}:{port} ({error.strerror}): try another --port."


def _reachable(listener: socket.socket, host: str) -> str:
    """An address that a browser can use: for 0.0.0.0 the one of this machine in its network."""
    bound = ipaddress.ip_address(listener.getsockname()[0].partition("%")[0])
    if not bound.is_unspecified:
        return host
    # Connecting a datagram socket sends nothing; the system only chooses its own address.
    target = "2001:db8::1" if bound.version == 6 else "192.0.2.1"
    try:
        with socket.socket(listener.family, socket.SOCK_DGRAM) as probe:
            probe.connect((target, 9))
            return str(probe.getsockname()[0])
    except OSError:
        return socket.gethostname()


def _in_a_link(host: str) -> str:
    return f"[{host}]" if is_address(host) and ":" in host else host
