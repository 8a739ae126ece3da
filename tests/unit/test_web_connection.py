"""Connections that do nothing, and those of one address: bounded, without a network."""

import asyncio

import uvicorn
from uvicorn.server import ServerState

from livecam.web.server.connection import GONE_WITHIN_S, MOST_OF_ONE_ADDRESS, Connection

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


class Wire:
    """A transport that keeps what is written to it; its other side takes nothing."""

    def __init__(self, address):
        self.address, self.written, self.is_aborted, self.is_closed = address, b"", False, False

    def get_extra_info(self, name):
        return (self.address, 1234) if name == "peername" else None

    def abort(self):
        self.is_aborted = True

    def close(self):
        self.is_closed = True

    def is_closing(self):
        return self.is_closed or self.is_aborted

    def write(self, data):
        self.written += data


class Loop(asyncio.SelectorEventLoop):
    """A loop that keeps its timers for the test to look at."""

    def __init__(self):
        super().__init__()
        self.timers = []

    def call_later(self, delay, callback, *rest, **named):
        handle = super().call_later(delay, callback, *rest, **named)
        self.timers.append((delay, callback, handle))
        return handle

    def running(self, delay_s):
        return [call for delay, call, handle in self.timers
                if delay == delay_s and not handle.cancelled()]  # fmt: skip


async def answer(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"x" * 100})


def connected(state, address, loop):
    config = uvicorn.Config(answer, http=Connection, ws="none", log_config=None)
    config.load()
    connection, wire = Connection(config, state, {}, loop), Wire(address)
    connection.connection_made(wire)
    return connection, wire


def test_one_address_has_its_share_and_this_machine_as_much_as_there_is():
    loop, state = Loop(), ServerState()
    for _ in range(MOST_OF_ONE_ADDRESS):
        assert not connected(state, "192.0.2.7", loop)[1].is_aborted
    assert connected(state, "192.0.2.7", loop)[1].is_aborted
    assert not connected(state, "2001:db8::7", loop)[1].is_aborted
    for address in ["127.0.0.1", "::ffff:127.0.0.1"] * (MOST_OF_ONE_ADDRESS + 1):
        assert not connected(state, address, loop)[1].is_aborted
    loop.close()


def test_who_is_to_be_closed_has_to_take_the_rest_soon():
    loop = Loop()
    connection, wire = connected(ServerState(), "192.0.2.7", loop)
    connection.data_received(REQUEST)
    loop.run_until_complete(asyncio.gather(*connection.tasks))
    assert wire.is_closed
    assert loop.running(GONE_WITHIN_S) == [wire.abort]
    connection.connection_lost(None)
    assert loop.running(GONE_WITHIN_S) == []
    loop.close()
