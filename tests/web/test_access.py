"""Requests without permission: refused with the right status, nothing changed, no secret sent."""

import os
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from livecam.web.server.access_policy import session_cookie_value
from web.serving import client_ports, serving
from support import eventually
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

TOKEN = "an-example-of-a-secret-1234"  # noqa: S105


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """A page that asks for a token."""
    with serving(tmp_path_factory.mktemp("guarded"), "--token", TOKEN) as program:
        yield program


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("served")) as program:
        yield program


def bearer(token=TOKEN):
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example:{port}", "", "a@127.0.0.1",
     "localhost.evil.example", "127.0.0.1:abc", "[::1"],
)  # fmt: skip
def test_an_unknown_host_name_is_refused(served, host):
    before = served.settings()
    name = {"Host": host.format(port=served.port)}
    assert served.request("GET", "/api/state", headers=name).status in {421, 400}
    assert served.request("GET", "/", headers=name).status in {421, 400}
    answer = served.request("PATCH", "/api/settings", {"mirror": not before["mirror"]}, name)
    assert answer.status in {421, 400}
    assert served.settings() == before


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:{port}", "LOCALHOST", "[::1]:{port}"])
def test_own_host_names_are_accepted(served, host):
    name = {"Host": host.format(port=served.port)}
    assert served.request("GET", "/api/state", headers=name).status == 200


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1:1", "http://localhost:{port}",
     "file://", "http://127.0.0.1:{port}.evil.example", "chrome-extension://abc"],
)  # fmt: skip
def test_a_foreign_origin_changes_nothing(served, origin):
    before = served.settings()
    headers = {"Origin": origin.format(port=served.port)}
    for method, path, body in [
        ("PATCH", "/api/settings", {"mirror": not before["mirror"]}),
        ("POST", "/api/key", {"key": "q"}),
        ("POST", "/api/recording", {"recording": True}),
    ]:
        assert served.request(method, path, body, headers).status == 403
    assert served.settings() == before
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://127.0.0.1:{served.port}/api/live", origin=headers["Origin"])
    assert refused.value.response.status_code == 403


def test_the_same_origin_may_change_settings(served):
    own = {"Origin": f"http://127.0.0.1:{served.port}", "Sec-Fetch-Site": "same-origin"}
    assert served.request("PATCH", "/api/settings", {"gain": 0.1}, own).status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_cannot_embed_anything(served, site):
    for path in ("/api/stream.mjpg", "/api/frame.jpg", "/api/state", "/static/main.js"):
        assert (
            served.get(path, **{"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}).status == 403
        )
    link = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
    assert served.get("/", **link).status == 200  # a link from a chat


@pytest.mark.parametrize(
    "path",
    ["/api/state", "/api/frame.jpg", "/api/stream.mjpg", "/api/recordings", "/api/recordings/x",
     "/metrics", "/api/openapi.json", "/api/overview", "/nonsense"],
)  # fmt: skip
def test_without_the_token_nothing_is_shown(guarded, path):
    assert guarded.get(path).status == 401
    for wrong in (
        "",
        "x",
        TOKEN[:-1],
        TOKEN + "x",
        TOKEN.upper(),
        session_cookie_value(TOKEN + "x"),
    ):
        assert guarded.get(path, Cookie=f"livecam-session-{guarded.port}={wrong}").status == 401
    if path != "/api/stream.mjpg":
        assert guarded.get(path, **bearer()).status in {200, 404}


def test_wrong_bearer_tokens_are_refused_and_limited_together_with_logins(tmp_path):
    with serving(tmp_path, "--token", TOKEN) as program:
        wrong = ["", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper()]
        assert {program.get("/metrics", **bearer(guess)).status for guess in wrong} == {401}
        cookie = {"Cookie": f"livecam-session-{program.port}={session_cookie_value(TOKEN)}"}
        eventually(lambda: program.get("/api/state", **cookie).status == 200)

        def is_refused_also_when_right(status: Callable[[], int]) -> bool:
            # A guess is allowed again every few seconds: the first one takes it.
            return program.get("/metrics", **bearer("a-guess")).status == 429 == status()

        def login() -> int:
            return program.request("POST", "/api/login", {"token": TOKEN}).status

        eventually(  # nothing is compared now
            lambda: is_refused_also_when_right(lambda: program.get("/metrics", **bearer()).status)
        )
        eventually(lambda: is_refused_also_when_right(login))
        assert program.get("/api/state", **cookie).status == 200  # a session stays valid
        eventually(lambda: program.get("/metrics", **bearer()).status == 200)


def test_static_files_do_not_count_as_requests(served):
    assert {served.get("/static/main.js").status for _ in range(300)} == {200}
    assert served.get("/api/overview").status == 200


def test_without_the_token_nothing_is_changed(guarded):
    before = guarded.get("/api/state", **bearer()).json["settings"]
    changed = {"mirror": not before["mirror"]}
    assert guarded.request("PATCH", "/api/settings", changed).status == 401
    assert guarded.request("POST", "/api/key", {"key": "q"}).status == 401
    assert guarded.get("/api/state", **bearer()).json["settings"] == before
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://127.0.0.1:{guarded.port}/api/live")
    assert refused.value.response.status_code == 401


def test_login_gives_a_cookie_that_scripts_and_other_sites_cannot_use(guarded):
    answer = guarded.request("POST", "/api/login", {"token": TOKEN})
    cookie = answer.headers["set-cookie"]
    assert answer.status == 204
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie
    assert guarded.get("/api/state", Cookie=cookie.partition(";")[0]).status == 200


def test_logins_are_limited_and_no_secret_is_logged(guarded):
    statuses = [
        guarded.request("POST", "/api/login", {"token": f"a-wrong-token-{n}"}).status
        for n in range(15)
    ]
    assert statuses[0] == 401
    assert 429 in statuses
    guarded.get(f"/?token={TOKEN}")
    printed = "".join(guarded.stderr_lines)
    assert TOKEN not in printed  # the user who started it knows it
    assert "wrong-token" not in printed


@pytest.mark.parametrize(
    "path",
    ["/../pyproject.toml", "/static/../web_screen.py", "/static/..%2fweb_screen.py",
     "/static/%2e%2e/web_screen.py", "/static//etc/passwd",
     "/api/recordings/..%2f..%2fetc%2fpasswd", "/api/recordings/../../x", "/static/%00",
     "/api/recordings/%00", "/static/..\\web_screen.py"],
)  # fmt: skip
def test_no_path_reaches_the_file_system(served, path):
    answer = served.get(path)
    assert answer.status == 404
    assert b"import" not in answer.body


def test_another_file_in_the_folder_is_not_listed(served):
    (served.folder / "private.mp4").write_bytes(b"secret")
    link = served.folder / "livecam_2020-01-01_00-00-00.mp4"
    link.symlink_to(served.folder / "private.mp4")
    assert served.get("/api/recordings").json == []


@pytest.mark.parametrize("chunked", [False, True])
def test_a_huge_body_is_refused(served, chunked):
    before = served.settings()
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as raw:
        raw.settimeout(30)
        head = (
            "PATCH /api/settings HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        )
        if chunked:
            raw.sendall((head + "Transfer-Encoding: chunked\r\n\r\n").encode())
            raw.sendall(b"1400\r\n" + b" " * 0x1400 + b"\r\n")
        else:
            raw.sendall((head + "Content-Length: 100000000\r\n\r\n").encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 413")
    assert served.settings() == before


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
    "a socket with many headers": (
        UPGRADE + "".join(f"X-{n}: 1\r\n" for n in range(300)) + "\r\n", ""
    ),
}  # fmt: skip


def read_to_the_end(raw):
    """All bytes until the server closes the connection."""
    answer = b""
    with suppress(ConnectionResetError):
        while piece := raw.recv(65536):
            answer += piece
    return answer


def test_incomplete_requests_are_disconnected_and_released(served):
    opened = {}
    for name, (sent, _) in INCOMPLETE_REQUESTS.items():
        opened[name] = socket.create_connection(("127.0.0.1", served.port), timeout=40)
        opened[name].sendall(sent.encode())
    ports = {raw.getsockname()[1] for raw in opened.values()}
    eventually(lambda: ports <= client_ports(served))
    for name, raw in opened.items():
        status = read_to_the_end(raw)[9:12].decode()
        assert status == INCOMPLETE_REQUESTS[name][1], name
        raw.close()
    eventually(lambda: ports.isdisjoint(client_ports(served)))


def test_a_client_that_does_not_read_is_disconnected(served):
    """A stream, a large file, the figures: each requested and never read."""
    large = served.folder / "livecam_2024-05-06_07-08-09.mp4"
    large.write_bytes(bytes(30_000_000))
    os.utime(large, (1_700_000_000, 1_700_000_000))
    file = next(f for f in served.get("/api/recordings").json if f["name"] == large.name)
    own = "Host: 127.0.0.1\r\n"
    requests = [
        f"GET /api/stream.mjpg HTTP/1.1\r\n{own}\r\n",
        f"GET /api/recordings/{file['id']} HTTP/1.1\r\n{own}\r\n",
        f"{UPGRADE.replace('evil.example', '127.0.0.1')}\r\n",
    ]
    opened = []
    for text in requests:
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        raw.connect(("127.0.0.1", served.port))
        raw.sendall(text.encode())
        opened.append(raw)
    ports = {raw.getsockname()[1] for raw in opened}
    eventually(lambda: ports <= client_ports(served))
    eventually(lambda: ports.isdisjoint(client_ports(served)))
    for raw in opened:
        raw.close()
    assert not [line for line in served.stderr_lines if "failed" in line]


@pytest.mark.parametrize(
    "head",
    ["X: " + "a" * 3_000_000, "".join(f"X-{n}: {'a' * 1000}\r\n" for n in range(3000))],
    ids=["one large header", "many headers"],
)
def test_an_endless_request_head_is_refused(served, head):
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as raw:
        text = b"GET / HTTP/1.1\r\nHost: evil.example\r\n" + head.encode()
        raw.sendall(text[:40_000])
        assert raw.recv(100).startswith(b"HTTP/1.1 431")
        # What is sent before the server has closed goes into the system's buffers without an error.
        with suppress(ConnectionError):
            raw.sendall(text[40_000:])
        assert not read_to_the_end(raw)
        port = raw.getsockname()[1]
        eventually(lambda: port not in client_ports(served))


def test_too_many_requests_are_refused(tmp_path):
    with serving(tmp_path) as flooded:

        def press(_: int) -> int:
            return flooded.request("POST", "/api/key", {"key": "?"}).status

        with ThreadPoolExecutor(8) as senders:
            assert 429 in list(senders.map(press, range(400)))
        eventually(lambda: press(0) == 200)


@pytest.mark.parametrize("path", ["/", "/static/main.js", "/api/state", "/nonsense", "/metrics"])
def test_every_response_has_the_security_headers(served, path):
    headers = served.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


@pytest.mark.parametrize("text", ["{", "[]", '"x"', "NaN", '{"gain": NaN}', "", "\x00", "[" * 3000])
def test_an_invalid_body_is_refused(served, text):
    answer = served.request(
        "PATCH", "/api/settings", text.encode(), {"Content-Type": "application/json"}
    )
    assert answer.status in {400, 422}
    assert served.get("/api/state").status == 200


def test_an_invalid_message_closes_the_websocket_only(served):
    for text in ("{", "[1]", '{"drag": {"dx_px": 1e400, "dy_px": 0}}', "x" * 5000, '{"key": "q"}'):
        with connect(f"ws://127.0.0.1:{served.port}/api/live") as live:
            live.send(text)
            with suppress(ConnectionClosed):
                for _ in live:
                    pass
            assert live.close_code in {1008, 1009, 1002}
    assert served.get("/api/state").status == 200
