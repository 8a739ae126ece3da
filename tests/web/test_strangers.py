"""Strangers with the viewers' address, floods and full tables: viewers keep what is theirs."""

import json
import socket
import sys
import threading
from contextlib import ExitStack, suppress

import psutil
import pytest
from support import eventually
from web.serving import QUIET, serving
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State
from websockets.sync.client import connect

from livecam.web.server.connection_limits import MAX_CONNECTIONS
from livecam.web.server.rate_limit import RateLimits

PING = b"\x89\x80\0\0\0\0"
PONG = b"\x8a\x80\0\0\0\0"
EMPTY_TEXT = b"\x81\x80\0\0\0\0"
CONTINUED = b"\x01\x80\0\0\0\0" + 50 * b"\x00\x80\0\0\0\0"
UPGRADE = (
    "GET /api/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{}\r\n"
)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guarded")
    with serving(folder, *QUIET, guarded=True) as program:
        yield program


def frames(served, cookie):
    for line in served.get("/metrics", Cookie=cookie).body.decode().splitlines():
        if line.startswith("livecam_frames_total"):
            return float(line.split()[1])
    return 0.0


@pytest.mark.parametrize(
    "frame", [PING, PONG, EMPTY_TEXT, CONTINUED], ids=["ping", "pong", "text", "part"]
)
def test_frames_of_any_kind_count_like_messages(guarded, frame):
    with socket.create_connection(("127.0.0.1", guarded.port), timeout=30) as raw:
        raw.sendall(UPGRADE.format(f"Cookie: {guarded.cookie}\r\n").encode())
        assert raw.recv(12) == b"HTTP/1.1 101"
        with suppress(ConnectionError):
            raw.sendall(frame * 5000)
            while raw.recv(65536):
                pass
    assert guarded.get("/healthz").status == 200


def test_a_few_pings_are_answered(guarded):
    url = f"ws://127.0.0.1:{guarded.port}/api/live"
    with connect(url, additional_headers={"Cookie": guarded.cookie}) as live:
        for _ in range(int(RateLimits().frames.burst) // 2):
            assert live.ping().wait(30)
        assert json.loads(live.recv(30))["number"] > 0


class Flood:
    """A client that pings without end, and connects again when it is disconnected."""

    def __init__(self, port, cookie):
        self.port, self.request = port, UPGRADE.format(f"Cookie: {cookie}\r\n").encode()
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.is_over.wait(0.005):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)) as raw:
                raw.settimeout(2.0)
                raw.sendall(self.request)
                while not self.is_over.is_set():
                    raw.sendall(PING * 5000)
                    if not raw.recv(65536):
                        break


def test_frames_count_for_all_websockets_of_a_client(guarded):
    """Before, each had a share of its own: sixty of them cost the loop three pictures of four."""
    url = f"ws://127.0.0.1:{guarded.port}/api/live"
    mine, other = {"Cookie": guarded.cookie}, {"Cookie": guarded.cookie}
    with ExitStack() as stack:

        def live(headers):
            return stack.enter_context(connect(url, additional_headers=headers, max_queue=None))

        viewer, sockets = live(other), [live(mine) for _ in range(10)]
        for _ in range(int(RateLimits().frames.burst) - 20):  # of each, as many as one may send
            for each in sockets:
                with suppress(ConnectionClosed):
                    each.send('{"wheel": {"steps": 0.1}}')
        eventually(lambda: any(each.state is State.CLOSED for each in sockets))
        assert viewer.ping().wait(30)


def seconds_of_pictures(served, cookie):
    """What forty pictures take of the processor, with all that the program does meanwhile."""
    program, before = psutil.Process(served.process.pid), frames(served, cookie)
    used_s = sum(program.cpu_times()[:2])
    eventually(lambda: frames(served, cookie) >= before + 40)
    return sum(program.cpu_times()[:2]) - used_s


def test_four_pinging_sockets_leave_the_loop_its_rate(guarded):
    """Before, 10 FPS became 1 or 2: the server's thread held the interpreter."""
    viewer, stranger = guarded.cookie, guarded.cookie
    calm_s = seconds_of_pictures(guarded, viewer)
    floods = [Flood(guarded.port, stranger) for _ in range(4)]
    try:
        used_s = seconds_of_pictures(guarded, viewer)
    finally:
        for flood in floods:
            flood.is_over.set()
    for flood in floods:
        flood.thread.join(30)
    assert used_s < 4 * calm_s  # of the processor for four seconds of pictures: 12 times before


def test_who_has_logged_in_is_not_refused_for_what_others_at_the_address_do(guarded):
    cookie, limits = guarded.cookie, RateLimits()
    with ExitStack() as stack:
        for _ in range(3):  # silent ones
            stack.enter_context(socket.create_connection(("127.0.0.1", guarded.port)))
        strangers = [
            guarded.get("/api/state").status for _ in range(int(limits.requests.burst) * 3)
        ]
        assert set(strangers) <= {401, 429}
        for number in range(30):
            guarded.request("POST", "/api/login", {"token": f"a-wrong-token-{number}"})
        assert guarded.get("/api/state").status in {401, 429}
        mine = {"Cookie": cookie}
        assert {guarded.get("/api/state", **mine).status for _ in range(50)} == {200}
        assert guarded.request("PATCH", "/api/settings", {"gain": 0.1}, mine).status == 200
        again = guarded.request("POST", "/api/login", {"token": guarded.token}, mine)
        assert again.status == 204  # who opens the link once more


def test_silent_connections_of_this_machine_lock_nobody_out(guarded):
    eventually(lambda: guarded.get("/healthz").status == 200)
    cookie = eventually(lambda: _cookie(guarded))
    with (
        connect(
            f"ws://127.0.0.1:{guarded.port}/api/live", additional_headers={"Cookie": cookie}
        ) as live,
        ExitStack() as stack,
    ):
        for _ in range(400):
            stack.enter_context(socket.create_connection(("127.0.0.1", guarded.port)))
        for _ in range(5):
            assert guarded.get("/api/state", Cookie=cookie).status == 200
        while json.loads(live.recv(30)) is None:
            pass


def _cookie(served):
    answer = served.request("POST", "/api/login", {"token": served.token})
    return answer.status == 204 and answer.headers["set-cookie"].partition(";")[0]


def test_descriptors_that_run_out_are_one_line(tmp_path):
    """Before, 100,000 lines of tracebacks in a second or two."""
    resource = pytest.importorskip("resource")
    with serving(tmp_path, *QUIET) as program:
        handles = psutil.Process(program.process.pid)
        before = len(program.stderr_lines)
        resource.prlimit(program.process.pid, resource.RLIMIT_NOFILE, (handles.num_fds() + 3, 4096))
        with ExitStack() as stack:
            for _ in range(30):
                stack.enter_context(socket.create_connection(("127.0.0.1", program.port)))
            eventually(lambda: len(program.stderr_lines) > before)
            number = eventually(lambda: program.state()["number"])
            eventually(lambda: program.state()["number"] > number + 20)
        assert program.get("/healthz").status == 200
        lines = program.stderr_lines[before:]
        assert len([line for line in lines if "cannot take more connections" in line]) == 1
        assert len(lines) <= 3
        assert "Traceback" not in "".join(lines)


CHUNKED = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("beginning", "piece"),
    [
        (b"0\r\n", b"a:b\r\n" * 2000), (b"0\r\nX: ", b"A" * 10_000),
        (b"1;a=", b"a" * 10_000), (b"", b"1\r\nx\r\n" * 2000),
    ],
    ids=["trailers", "one trailer", "chunk extension", "body"],
)  # fmt: skip
def test_what_comes_after_a_request_head_is_bounded(guarded, beginning, piece):
    sent = 0
    with socket.create_connection(("127.0.0.1", guarded.port), timeout=30) as raw:
        with suppress(ConnectionError):
            raw.sendall(CHUNKED + beginning)
            while sent < 100_000_000:
                sent += raw.send(piece)
        assert sent < 20_000_000  # buffers of the system hold some
    assert guarded.get("/healthz").status == 200


def test_requests_that_are_sent_ahead_are_bounded(guarded):
    """Before, whatever a connection sent at once was parsed, kept and answered."""
    request = b"HEAD /static/dom.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", guarded.port), timeout=30) as raw:
        raw.sendall(request * 10)
        received = b""
        while received.count(b"HTTP/1.1 200") < 10:
            received += raw.recv(65536)
        answers = 0
        with suppress(ConnectionError):
            raw.sendall(request * 400)
            while answers < 100 and (received := raw.recv(65536)):
                answers += received.count(b"HTTP/1.1")
        assert answers < 100
    assert guarded.get("/healthz").status == 200


def test_the_lines_of_a_head_are_bounded(guarded):
    socket_head = UPGRADE.format(f"Cookie: {guarded.cookie}\r\n").encode()[:-2]

    def first_line(lines, head=b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"):
        head += b"a:\r\n" * lines + b"\r\n"
        with socket.create_connection(("127.0.0.1", guarded.port), timeout=30) as raw:
            raw.sendall(head)
            return raw.recv(12)

    assert first_line(100) == b"HTTP/1.1 200"
    assert first_line(5000) == b"HTTP/1.1 431"
    assert first_line(100, socket_head) == b"HTTP/1.1 101"
    assert first_line(300, socket_head) == b"HTTP/1.1 431"


def test_a_body_in_the_smallest_chunks_is_taken_with_its_trailers(guarded):
    body = b"".join(b"1\r\n%c\r\n" % byte for byte in b'{"token": "' + b"x" * 3000 + b'"}')
    request = b"POST /api/login" + CHUNKED.removeprefix(b"GET /healthz")[:-2]
    request += b"Content-Type: application/json\r\n\r\n" + body + b"0\r\nA: b\r\n\r\n"
    with socket.create_connection(("127.0.0.1", guarded.port), timeout=30) as raw:
        raw.sendall(request)
        assert raw.recv(12) in {b"HTTP/1.1 401", b"HTTP/1.1 422"}


@pytest.mark.parametrize("length", ["0" * 5000, "9" * 5000, "-1", "+1", "1_0", "\xb2", ""])
def test_a_length_that_is_none_is_refused_and_is_no_error_of_ours(guarded, length):
    head = f"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", guarded.port), timeout=30) as raw:
        raw.sendall(head.encode("latin-1"))
        assert raw.recv(12) in {b"HTTP/1.1 400", b"HTTP/1.1 413", b"HTTP/1.1 200"}
    assert not any("failed to answer" in line for line in guarded.stderr_lines)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have one loopback address")
def test_without_a_token_one_address_does_not_take_the_connections_of_all(tmp_path):
    """Before, each new connection of anybody else was reset."""
    with (
        serving(tmp_path, *QUIET) as program,
        connect(f"ws://127.0.0.1:{program.port}/api/live", max_queue=None) as live,
        ExitStack() as stack,
    ):
        for _ in range(MAX_CONNECTIONS + 20):
            raw = socket.create_connection(
                ("127.0.0.1", program.port), timeout=30, source_address=("127.0.9.9", 0)
            )
            stack.enter_context(raw)
            with suppress(ConnectionError):
                raw.sendall(b"GET /static/dom.js HTTP/1.1\r\nHost: localhost\r\n\r\n")
                raw.recv(12)
        for _ in range(5):
            assert program.get("/api/state").status == 200
        assert live.ping().wait(30)
