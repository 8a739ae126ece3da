"""Start and end of the server: ports, hosts, tokens, shutdown with viewers connected."""

import http.client
import os
import signal
import socket
import subprocess
import sys

import psutil
import pytest
from support import eventually, livecam_here, program_env, textured
from web.page_actions import wait_for_pictures
from web.serving import QUIET, WITH_SMALL_BUFFERS, connected_without_reading, serving
from websockets.sync.client import connect

from livecam.errors import SettingsError
from livecam.settings.schema import ServeSettings
from livecam.web.server.listener import open_listener
from livecam.web.server.printed_link import printed_link

PATIENCE_S = 120.0
PATIENT = f"""
from livecam.web.server import deadline
deadline.SEND_TIMEOUT_S = deadline.CLOSE_TIMEOUT_S = {PATIENCE_S}
"""
"""So long the server waits for a viewer who reads nothing, unless it is stopped."""


def error_line(run):
    lines = run.stderr.strip().splitlines()
    assert len(lines) == 1, run.stderr
    assert "Traceback" not in run.stderr
    return lines[0]


def test_a_busy_port_is_one_clear_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = livecam_here("serve", "daisy", "--model", "flowers", "--port", port, cwd=tmp_path)
    assert run.returncode == 2
    assert f"port {port} of 127.0.0.1 is taken" in error_line(run)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no forbidden ports here")
def test_a_forbidden_port_is_one_clear_line(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(SettingsError, match="port 80 is not permitted to you"):
        open_listener(ServeSettings(port=80))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--host", "192.0.2.7"], "no address of this machine"),
        (["--host", "no such host"], "there is no host"),
        (["--host", ""], "must be an address: 127.0.0.1"),
        (["--allow-host", "http://garden.example"], "must be a name alone"),
        (["--port", "99999"], "port"),
        (["--token", "short"], "16 to 200"),
        (["--token-file", "missing/token"], "token file missing/token cannot be used"),
        (["--token-file", "."], "must be the name of a file"),
        (["--token-file", "a", "--no-token"], "--token-file and --no-token exclude each other"),
        (["--token-file", "a", "--token", "x" * 16], "--token and --token-file exclude each other"),
    ],
)
def test_an_invalid_address_is_one_clear_line(tmp_path, arguments, words):
    run = livecam_here("serve", "daisy", "--model", "flowers", *arguments, cwd=tmp_path)
    assert run.returncode == 2
    assert words in error_line(run)


def test_without_the_extra_it_says_what_to_install(tmp_path):
    code = (
        "import sys; sys.modules['fastapi'] = None\n"
        "from livecam.cli.app import main\n"
        "sys.exit(main(['serve', 'daisy', '--model', 'flowers']))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=program_env(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert 'pip install "livecam[web]"' in error_line(run)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])  # noqa: S104
def test_every_host_has_a_token_and_the_whole_link_is_printed(host):
    """On this machine as well: its other users could watch and record."""
    with open_listener(ServeSettings(serve=True, host=host, port=0)) as listener:
        assert len(listener.token.text) >= 32
        printed = printed_link(listener)
        assert printed == f"the page is at {listener.address}#token={listener.token.text}"
        assert host in printed or host == "0.0.0.0"  # noqa: S104  (not what a browser can open)


@pytest.fixture(scope="module")
def in_network(tmp_path_factory):
    """A page for the network, which a proxy may call by other names."""
    flags = ("--host", "0.0.0.0", "--allow-host", "Garden.example.org")  # noqa: S104
    folder = tmp_path_factory.mktemp("network")
    with serving(folder, *QUIET, *flags, "--allow-host", "garden.lan", guarded=True) as program:
        yield program


def test_the_printed_token_is_needed_and_enough(in_network):
    assert len(in_network.token) >= 32
    assert in_network.request("POST", "/api/recording", {"recording": True}).status == 401
    assert in_network.get("/api/state").status == 401
    own = {"Authorization": f"Bearer {in_network.token}"}
    assert in_network.get("/api/state", **own).status == 200


def test_an_allowed_host_name_needs_a_token(in_network):
    for host in ("garden.example.org", "garden.lan:443"):
        own = {"Host": host, "Authorization": f"Bearer {in_network.token}"}
        assert in_network.get("/api/state", **own).status == 200
        assert in_network.get("/api/state", Host=host).status == 401
    assert in_network.get("/api/state", Host="example.org").status == 421


STREAM = "GET /api/stream.mjpg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_with_viewers_connected(tmp_path, number):
    with serving(tmp_path, *QUIET, before=PATIENT + WITH_SMALL_BUFFERS) as program:
        watching, stalled = [], []
        for _ in range(3):
            viewer = http.client.HTTPConnection("127.0.0.1", program.port, timeout=30)
            viewer.request("GET", "/api/stream.mjpg")
            watching.append((viewer, viewer.getresponse()))
            stalled.append(connected_without_reading(program.port, STREAM))
        with connect(f"ws://127.0.0.1:{program.port}/api/live") as live:
            live.recv(30)
            # The stalled ones read nothing: by now the system's buffers for them are full.
            wait_for_pictures(program, 15)
            for _, response in watching:
                assert response.read(1000)
            took_s = program.stop(number)
        for raw in stalled:
            raw.close()
        for viewer, _ in watching:
            viewer.close()
    assert took_s < PATIENCE_S / 2  # a part of a second, on a machine with nothing else to do
    assert program.process.returncode == 128 + number
    assert "Traceback" not in "".join(program.stderr_lines)
    assert "frames in" in program.stderr_lines[-1]


def test_quit_from_the_page_ends_it_in_order(tmp_path):
    with serving(tmp_path, *QUIET) as program:
        program.request("POST", "/api/recording", {"recording": True})
        eventually(lambda: (program.state()["recording"]["seconds"] or 0) > 0.5)
        answer = program.request("POST", "/api/key", {"key": "q"})
        assert (answer.status, answer.json["recording"]["wanted"]) == (200, True)
        assert program.process.wait(30) == 0
        eventually(lambda: any("recorded livecam_" in line for line in program.stderr_lines))


OLD = "livecam_2024-05-06_07-08-09.mp4"


@pytest.fixture(scope="module")
def open_to_all(tmp_path_factory):
    """Without a token; in its folder of files is a recording of an earlier run."""
    folder = tmp_path_factory.mktemp("open") / "private" / "shots"
    folder.mkdir(parents=True)
    (folder / OLD).write_bytes(b"video")
    os.utime(folder / OLD, (1_700_000_000, 1_700_000_000))
    with serving(folder.parent, *QUIET, "--no-token", "--snapshots", folder) as program:
        yield program


def test_the_folder_of_files_is_printed_and_not_sent_to_viewers(open_to_all):
    program, folder = open_to_all, open_to_all.folder / "shots"

    def notice() -> str:  # shown for three seconds only
        program.request("POST", "/api/snapshot", {"clean": False})
        return program.state()["notice"]

    assert eventually(notice).startswith("saved livecam_")
    eventually(lambda: any(f"saved {folder}/livecam_" in line for line in program.stderr_lines))


def test_a_still_picture_is_healthy(tmp_path):
    import cv2

    cv2.imwrite(str(tmp_path / "still.png"), textured(320, 240))
    soon = "from livecam.web.api.routes import health\nhealth.STALE_S = 0.5\n"
    with serving(tmp_path, source="still.png", before=soon) as program:
        eventually(lambda: program.state()["age_ms"] > 1000)
        assert program.get("/healthz").status == 200


def test_a_recording_of_an_earlier_run_is_listed(open_to_all):
    *_, file = open_to_all.get("/api/recordings").json  # the oldest is the last one
    assert file["name"] == OLD
    assert open_to_all.get(f"/api/recordings/{file['id']}").body == b"video"


def test_without_a_token_it_says_plainly_who_may_watch(open_to_all):
    assert open_to_all.get("/api/state").status == 200
    eventually(lambda: "asks for no token: everybody" in "".join(open_to_all.stderr_lines))


def test_a_token_file_keeps_link_and_logins_over_restarts_and_gets_into_no_log(tmp_path):
    path = tmp_path / "token"
    cookies, tokens = [], []
    for _ in range(2):
        with serving(tmp_path, *QUIET, "--token-file", path) as program:
            tokens.append(path.read_text().strip())
            program.given_token = tokens[0]
            own = {"Authorization": f"Bearer {tokens[0]}"}
            assert program.get("/api/state").status == 401
            assert program.get("/api/state", **own).status == 200
            cookies.append(program.cookie.replace(str(program.port), "{port}"))
            first = {"Cookie": cookies[0].format(port=program.port)}
            assert program.get("/api/state", **first).status == 200
            arguments = " ".join(psutil.Process(program.process.pid).cmdline())
        printed = "".join(program.stderr_lines)
        assert tokens[0] not in printed + arguments
        assert f"asks for the token in {path}" in printed
    assert tokens[0] == tokens[1]


@pytest.mark.skipif(os.name != "posix", reason="modes of files are those of POSIX")
def test_a_token_file_that_others_can_read_is_one_clear_line(tmp_path):
    path = tmp_path / "token"
    path.write_text("an-example-of-a-secret-1234")
    path.chmod(0o644)
    run = livecam_here("serve", "daisy", "--model", "flowers", "--token-file", path, cwd=tmp_path)
    assert run.returncode == 2
    assert "can be read by others (mode 0644): chmod 600" in error_line(run)
    assert "secret" not in run.stderr


def test_recordings_of_an_earlier_run_are_listed_and_deleted_where_record_put_them(tmp_path):
    record = tmp_path / "kept" / "%Y" / "%H-%M-%S.mp4"
    for expected in (0, 1):
        with serving(tmp_path, *QUIET, "--record", record) as program:
            listed = program.get("/api/recordings").json
            assert len(listed) == expected
            eventually(lambda: (program.state()["recording"]["seconds"] or 0) > 0.5)
            for file in listed:
                path = f"/api/recordings/{file['id']}"
                assert program.get(path).body[4:8] == b"ftyp"
                assert program.request("DELETE", path).status in {200, 204}
                assert program.get(path).status == 404
            program.stop()
