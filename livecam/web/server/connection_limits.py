"""How many connections there may be, and which one has to go where there are too many.

Whoever is known (has proved the token) keeps the connection; where no token is needed, nobody is.
Of the others one goes at the address that holds most: first a silent one, then an idle one, then
the oldest. Strangers who hold connections open, silent or not, leave room for a new one.
"""

import ipaddress
import itertools
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Protocol, TypeVar

MAX_CONNECTIONS = 256
MAX_STRANGERS_PER_ADDRESS = 64


_numbers = itertools.count()


class Connection(Protocol):
    """What has to be known of a connection.

    Attributes:
        number: counts connections; a larger one is younger.
        client: address and port.
        is_known: see the module.
        has_asked: whether a whole request has arrived.
        is_busy: whether a response is being sent, or it is a WebSocket.
    """

    number: int
    client: tuple[str, int] | None
    is_known: bool
    has_asked: bool

    @property
    def is_busy(self) -> bool:
        """See above."""


Open = TypeVar("Open", bound=Connection)


def new_number() -> int:
    """The number of a new connection."""
    return next(_numbers)


@cache
def max_connections() -> int:
    """The limit of all connections; half of the descriptors stay for files and devices."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return MAX_CONNECTIONS
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MAX_CONNECTIONS if soft <= 0 else max(1, min(MAX_CONNECTIONS, soft // 2))


def surplus(connections: Iterable[Open], new: Open, *, most: int) -> Open | None:
    """The connection that has to go now that a new one has come; None where there is room.

    Args:
        connections: all, with the new one.
        new: goes itself where all others are known.
        most: the limit of all together.
    """
    every = list(connections)
    strangers = [each for each in every if not each.is_known and each is not new]
    address = address_of(new)
    neighbours = [each for each in strangers if address_of(each) == address]
    # Not this machine's own address: tunnels and proxies use it.
    if len(neighbours) >= MAX_STRANGERS_PER_ADDRESS and not _is_loopback(address):
        return _first_to_go(neighbours)
    if len(every) > most:
        return _first_to_go(strangers) or new
    return None


def oldest_stranger(connections: Iterable[Open]) -> Open | None:
    """The stranger that goes first where the system has no room; None if all are known."""
    return _first_to_go([each for each in connections if not each.is_known])


def address_of(connection: Connection) -> str:
    """The client's address, "" where there is none."""
    return connection.client[0] if connection.client else ""


def _first_to_go(strangers: list[Open]) -> Open | None:
    held = Counter(map(address_of, strangers))
    most = max(held.values(), default=0)
    return min(
        (each for each in strangers if held[address_of(each)] == most),
        key=lambda each: (each.has_asked, each.is_busy, each.number),
        default=None,
    )


def _is_loopback(address: str) -> bool:
    if not address:
        return True
    number = ipaddress.ip_address(address.partition("%")[0])
    return (getattr(number, "ipv4_mapped", None) or number).is_loopback
