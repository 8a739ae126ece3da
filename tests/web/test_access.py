"""Requests without permission: refused with the right status, nothing changed, no secret sent."""

import socket
from contextlib import suppress

import pytest
from livecam.web.server.access_token import AccessToken
from livecam.web.server.sessions import Sessions
from web.serving import QUIET, client_ports, read_to_the_end, serving
from support import eventually
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

TOKEN = "an-example-of-a-secret-1234"  # noqa: S105


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """A page that asks for a token."""
    with serving(tmp_path_factory.mktemp("guarded"), *QUIET, "--token", TOKEN) as program:
        yield program


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("served"), *QUIET) as program:
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
        Sessions(AccessToken(TOKEN + "x")).new_cookie(),
    ):
        assert guarded.get(path, Cookie=f"livecam-session-{guarded.port}={wrong}").status == 401
    if path != "/api/stream.mjpg":
        assert guarded.get(path, **bearer()).status in {200, 404}


def test_a_right_token_is_not_refused_for_the_wrong_ones_of_others_at_its_address(tmp_path):
    with serving(tmp_path, *QUIET, "--token", TOKEN) as program:
        wrong = ["", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper()]
        assert {program.get("/metrics", **bearer(guess)).status for guess in wrong} == {401}
        for number in range(30):
            guess = f"a-wrong-token-{number}"
            assert program.request("POST", "/api/login", {"token": guess}).status == 401
            assert program.get("/metrics", **bearer(guess)).status == 401
        assert program.get("/metrics", **bearer()).status == 200
        # A class behind one address logs in.
        for _ in range(30):
            assert program.request("POST", "/api/login", {"token": TOKEN}).status == 204


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


def test_all_logins_are_ended_by_one_request_and_their_streams_with_them(guarded):
    mine, other = guarded.cookie, guarded.cookie
    address = f"ws://127.0.0.1:{guarded.port}/api/live"
    with (
        connect(address, additional_headers={"Cookie": other}) as live,
        socket.create_connection(("127.0.0.1", guarded.port), timeout=40) as stream,
    ):
        request = f"GET /api/stream.mjpg HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {other}\r\n\r\n"
        stream.sendall(request.encode())
        assert stream.recv(100)
        live.recv(30)
        assert guarded.request("DELETE", "/api/logins").status == 401
        assert guarded.get("/api/state", Cookie=other).status == 200
        ended = guarded.request("DELETE", "/api/logins", headers={"Cookie": mine})
        assert (ended.status, ended.json) == (200, {"lasting": False})
        read_to_the_end(stream)
        with suppress(ConnectionClosed):
            for _ in live:
                pass
        assert live.close_code is not None
    assert {guarded.get("/api/state", Cookie=cookie).status for cookie in (mine, other)} == {401}
    assert guarded.get("/api/state", Cookie=guarded.cookie).status == 200


def test_no_secret_is_logged(guarded):
    for number in range(3):
        wrong = {"token": f"a-wrong-token-{number}"}
        assert guarded.request("POST", "/api/login", wrong).status == 401
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
    request = b"POST /api/nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
    with serving(tmp_path, *QUIET) as flooded:
        answers = b""
        with (
            suppress(ConnectionError),
            socket.create_connection(("127.0.0.1", flooded.port), timeout=60) as raw,
        ):
            for sent in range(10, 1000, 10):  # some at once: a slow machine sends little slower
                raw.sendall(request * 10)
                while answers.count(b"HTTP/1.1") < sent and (received := raw.recv(65536)):
                    answers += received
        assert 60 <= answers.count(b"HTTP/1.1 404") < 1000
        assert answers.count(b"HTTP/1.1 429") <= 1  # and the connection is closed
        eventually(lambda: flooded.request("POST", "/api/key", {"key": "?"}).status == 200)


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
