"""Which connection has to go where there are too many."""

from dataclasses import dataclass

import pytest

from livecam.web.server.connection_limits import (
    MAX_STRANGERS_PER_ADDRESS,
    oldest_stranger,
    surplus,
)


@dataclass(eq=False)
class Connection:
    number: int
    address: str = "192.0.2.1"
    is_known: bool = False
    has_asked: bool = False
    is_busy: bool = False

    @property
    def client(self):
        return (self.address, 1)


def test_where_there_is_room_nobody_goes():
    connections = [Connection(number) for number in range(5)]
    assert surplus(connections, connections[-1], most=5) is None


@pytest.mark.parametrize(
    ("changed", "gone"),
    [
        ({}, 0),
        ({0: {"has_asked": True}}, 1),
        ({n: {"has_asked": True, "is_busy": n != 2} for n in range(4)}, 2),
        ({n: {"has_asked": True, "is_busy": True} for n in range(4)}, 0),
        ({0: {"is_known": True}, 1: {"is_known": True}}, 2),
        ({0: {"is_known": True}, 1: {"has_asked": True}, 2: {"is_known": True}}, 1),
        ({n: {"is_known": True} for n in range(3)}, 3),  # the new one
    ],
)
def test_the_oldest_silent_stranger_goes_then_one_that_has_asked(changed, gone):
    connections = [Connection(number, **changed.get(number, {})) for number in range(4)]
    assert surplus(reversed(connections), connections[-1], most=3).number == gone


def test_strangers_of_one_address_take_no_room_from_those_of_another():
    other = Connection(0, "192.0.2.2")
    crowd = [Connection(1 + n) for n in range(MAX_STRANGERS_PER_ADDRESS + 1)]
    assert surplus([other, *crowd], crowd[-1], most=1000) is crowd[0]
    assert surplus([other, *crowd[:-1]], crowd[-2], most=1000) is None


def test_where_all_is_full_one_goes_at_the_address_that_holds_most():
    viewers = [Connection(n, f"127.0.0.{n + 1}", has_asked=True, is_busy=True) for n in range(3)]
    crowd = [Connection(3 + n, "127.0.9.9", has_asked=True, is_busy=True) for n in range(9)]
    new = Connection(12, "127.0.0.7")
    assert surplus([*viewers, *crowd, new], new, most=12) is crowd[0]
    assert oldest_stranger([*viewers, *crowd]) is crowd[0]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", ""])
def test_proxies_on_this_machine_may_have_many(address):
    crowd = [Connection(n, address) for n in range(3 * MAX_STRANGERS_PER_ADDRESS)]
    assert surplus(crowd, crowd[-1], most=1000) is None


def test_known_clients_keep_their_connections_where_the_system_has_no_room():
    known = Connection(0, is_known=True)
    assert oldest_stranger([known]) is None
    assert oldest_stranger([known, Connection(2), Connection(1)]).number == 1
