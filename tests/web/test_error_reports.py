"""The server's errors: one line of each kind a minute."""

import asyncio
import errno
import logging
import os
import socket

import pytest
from support import FakeClock

from livecam.web.server import acceptor
from livecam.web.server.acceptor import Acceptor
from livecam.web.server.error_reports import INTERVAL_S, ErrorReports


def test_a_kind_is_said_once_a_minute_with_the_number_of_those_left_out():
    clock, said = FakeClock(), []
    reports = ErrorReports(said.append, clock)
    for _ in range(1000):
        reports.report("full", "it is full")
    reports.report("other", "something else")
    assert said == ["it is full", "something else"]
    clock.sleep(INTERVAL_S)
    reports.report("full", "it is full")
    assert said[2:] == ["it is full (999 times more in the last minutes)"]


def test_errors_of_the_log_and_of_the_event_loop_are_lines_and_not_tracebacks():
    said = []
    reports = ErrorReports(said.append, FakeClock())
    handler = reports.log_handler()
    error = OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    for _ in range(3):
        handler.emit(logging.makeLogRecord({"exc_info": (OSError, error, None)}))
        reports.on_loop_error(None, {"message": "socket.accept()", "exception": error})
        reports.on_loop_error(None, {"message": "x", "exception": asyncio.CancelledError()})
    (line,) = said
    assert "Too many open files" in line


@pytest.mark.parametrize("has_room", [False, True])
def test_without_descriptors_it_accepts_again_later(has_room, monkeypatch):
    monkeypatch.setattr(acceptor, "RETRY_S", 0.0)
    monkeypatch.setattr(acceptor, "RETRY_WITH_ROOM_S", 0.0)
    said, made_room, accepted = [], [], []

    class Accepted(asyncio.Protocol):
        def connection_made(self, transport):
            accepted.append(transport)

    async def main():
        loop, failures = asyncio.get_running_loop(), [errno.EMFILE] * 500 + [errno.ECONNABORTED]
        real = loop.sock_accept

        async def accept(listening):
            if failures:
                raise OSError(failures[0], os.strerror(failures.pop(0)))
            return await real(listening)

        monkeypatch.setattr(loop, "sock_accept", accept)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            task = asyncio.ensure_future(
                Acceptor(
                    listening, Accepted, lambda: made_room.append(1) or has_room,
                    ErrorReports(said.append),
                ).run()
            )  # fmt: skip
            with socket.create_connection(listening.getsockname()):
                async with asyncio.timeout(30):
                    while not accepted:  # noqa: ASYNC110  (nothing notifies of it)
                        await asyncio.sleep(0.001)
            task.cancel()
            accepted[0].close()
        return len(made_room)

    assert asyncio.run(main()) == 500
    assert len(said) == 1
    assert "cannot take more connections" in said[0]
