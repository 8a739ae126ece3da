"""Limits on the connections of one address and on slow clients, without a network."""

import asyncio

import uvicorn
from uvicorn.server import ServerState

from livecam.web.server.connection import (
    CLOSE_TIMEOUT_S,
    MAX_CONNECTIONS_PER_ADDRESS,
    HttpConnection,
)

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


class FakeTransport:
    """A transport that stores what is written to it; the client reads nothing."""

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


class LoopWithTimers(asyncio.SelectorEventLoop):
    """An event loop that records its timers."""

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
    config = uvicorn.Config(answer, http=HttpConnection, ws="none", log_config=None)
    config.load()
    connection, transport = HttpConnection(config, state, {}, loop), FakeTransport(address)
    connection.connection_made(transport)
    return connection, transport


def test_an_address_has_a_limit_and_this_machine_has_none():
    loop, state = LoopWithTimers(), ServerState()
    for _ in range(MAX_CONNECTIONS_PER_ADDRESS):
        assert not connected(state, "192.0.2.7", loop)[1].is_aborted
    assert connected(state, "192.0.2.7", loop)[1].is_aborted
    assert not connected(state, "2001:db8::7", loop)[1].is_aborted
    for address in ["127.0.0.1", "::ffff:127.0.0.1"] * (MAX_CONNECTIONS_PER_ADDRESS + 1):
        assert not connected(state, address, loop)[1].is_aborted
    loop.close()


def test_a_closing_connection_is_aborted_unless_it_reads_the_rest_in_time():
    loop = LoopWithTimers()
    connection, transport = connected(ServerState(), "192.0.2.7", loop)
    connection.data_received(REQUEST)
    loop.run_until_complete(asyncio.gather(*connection.tasks))
    assert transport.is_closed
    assert loop.running(CLOSE_TIMEOUT_S) == [transport.abort]
    connection.connection_lost(None)
    assert loop.running(CLOSE_TIMEOUT_S) == []
    loop.close()
