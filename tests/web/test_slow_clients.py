"""Clients that send no whole request, or read no answer: they are disconnected and released."""

import os
import socket

import pytest
from support import eventually
from web.serving import (
    QUIET,
    WITH_SMALL_BUFFERS,
    client_ports,
    connected_without_reading,
    read_to_the_end,
    serving,
)

IMPATIENT = """
from livecam.web.server import deadline, request_body
deadline.HEAD_TIMEOUT_S = deadline.SEND_TIMEOUT_S = deadline.CLOSE_TIMEOUT_S = 3.0
request_body.BODY_TIMEOUT_S = 3.0
"""


@pytest.fixture(scope="module")
def impatient(tmp_path_factory):
    """A server that waits three seconds where others wait ten or fifteen."""
    before = IMPATIENT + WITH_SMALL_BUFFERS
    with serving(tmp_path_factory.mktemp("impatient"), *QUIET, before=before) as program:
        yield program


UPGRADE = (
    "GET /api/live HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
INCOMPLETE_REQUESTS = {
    "silent": ("", ""),
    "part of a head": ("GET / HTTP/1.1\r\nHost: 127.", ""),
    "one letter": ("G", ""),
    "part of a body": (
        "PATCH /api/settings HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n{", "408"
    ),
    "part of a second head": (
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /hea", "200"
    ),
    "an empty line after the first request": (
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n\r\n", "200"
    ),
    "no body where one is announced": (
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n", "408"
    ),
    "no end of a body in pieces": (
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n", "408"
    ),
    "a socket with a body": (UPGRADE + "Content-Length: 5\r\n\r\nhello", ""),
    "a socket with a large cookie": (UPGRADE + f"Cookie: {'x' * 20_000}\r\n\r\n", ""),
}  # fmt: skip


def test_incomplete_requests_are_disconnected_and_released(impatient):
    opened = {}
    for name, (sent, _) in INCOMPLETE_REQUESTS.items():
        opened[name] = socket.create_connection(("127.0.0.1", impatient.port), timeout=40)
        opened[name].sendall(sent.encode())
    ports = {raw.getsockname()[1] for raw in opened.values()}
    eventually(lambda: ports <= client_ports(impatient))
    for name, raw in opened.items():
        status = read_to_the_end(raw)[9:12].decode()
        assert status == INCOMPLETE_REQUESTS[name][1], name
        raw.close()
    eventually(lambda: ports.isdisjoint(client_ports(impatient)))


def test_a_client_that_does_not_read_is_disconnected(impatient):
    """A stream, a large file, the figures: each requested and never read."""
    large = impatient.folder / "livecam_2024-05-06_07-08-09.mp4"
    large.write_bytes(bytes(30_000_000))
    os.utime(large, (1_700_000_000, 1_700_000_000))
    (file,) = eventually(
        lambda: [f for f in impatient.get("/api/recordings").json if f["name"] == large.name]
    )
    own = "Host: 127.0.0.1\r\n"
    requests = [
        f"GET /api/stream.mjpg HTTP/1.1\r\n{own}\r\n",
        f"GET /api/recordings/{file['id']} HTTP/1.1\r\n{own}\r\n",
        f"{UPGRADE.replace('evil.example', '127.0.0.1')}\r\n",
    ]
    opened = [connected_without_reading(impatient.port, text) for text in requests]
    ports = {raw.getsockname()[1] for raw in opened}
    eventually(lambda: ports <= client_ports(impatient))
    eventually(lambda: ports.isdisjoint(client_ports(impatient)))
    for raw in opened:
        raw.close()
    assert not [line for line in impatient.stderr_lines if "failed" in line]
