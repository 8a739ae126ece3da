"""Limits on the connections of one address and on slow clients, without a network."""

import asyncio

import uvicorn
from uvicorn.server import ServerState

from livecam.web.server.connection import (
    HttpConnection,
)
from livecam.web.server.connection_limits import MAX_STRANGERS_PER_ADDRESS, max_connections
from livecam.web.server.deadline import CLOSE_TIMEOUT_S

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


def test_a_further_connection_of_an_address_takes_the_place_of_its_oldest_stranger():
    loop, state = LoopWithTimers(), ServerState()
    known, _ = connected(state, "192.0.2.7", loop)
    known.is_known = True
    first, *rest = [
        connected(state, "192.0.2.7", loop)[1] for _ in range(MAX_STRANGERS_PER_ADDRESS)
    ]
    assert not first.is_aborted
    assert not connected(state, "192.0.2.7", loop)[1].is_aborted
    assert first.is_aborted
    assert not any(transport.is_aborted for transport in [known.transport, *rest])
    loop.close()


def test_silent_connections_of_this_machine_leave_room_for_others():
    loop, state = LoopWithTimers(), ServerState()
    silent = [connected(state, "127.0.0.1", loop)[1] for _ in range(max_connections())]
    asking, transport = connected(state, "127.0.0.1", loop)
    assert [each.is_aborted for each in silent] == [True] + [False] * (max_connections() - 1)
    state.connections = {c for c in state.connections if not c.transport.is_aborted}
    asking.has_asked = True
    assert not connected(state, "127.0.0.1", loop)[1].is_aborted
    assert not transport.is_aborted
    assert silent[1].is_aborted
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
