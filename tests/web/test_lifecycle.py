"""Start and end of the server: ports, hosts, tokens, shutdown with viewers connected."""

import http.client
import os
import signal
import socket
import subprocess
import sys

import pytest
from support import eventually, livecam, program_env, textured
from web.serving import serving
from websockets.sync.client import connect


def error_line(run):
    lines = run.stderr.strip().splitlines()
    assert len(lines) == 1, run.stderr
    assert "Traceback" not in run.stderr
    return lines[0]


def test_a_busy_port_is_one_clear_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = livecam("serve", "daisy", "--model", "flowers", "--port", port, cwd=tmp_path)
    assert run.returncode == 2
    assert f"port {port} of 127.0.0.1 is taken" in error_line(run)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no forbidden ports here")
def test_a_forbidden_port_is_one_clear_line(tmp_path, monkeypatch):
    from livecam.errors import SettingsError
    from livecam.settings.schema import ServeSettings
    from livecam.web.server.listener import open_listener

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
    ],
)
def test_an_invalid_address_is_one_clear_line(tmp_path, arguments, words):
    run = livecam("serve", "daisy", "--model", "flowers", *arguments, cwd=tmp_path)
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


def test_another_host_creates_a_token_and_prints_the_whole_link(tmp_path):
    with serving(tmp_path, "--host", "0.0.0.0") as program:  # noqa: S104  (the point)
        assert len(program.token) >= 32
        assert program.get("/api/state").status == 401
        own = {"Authorization": f"Bearer {program.token}"}
        assert program.get("/api/state", **own).status == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_within_a_second_with_viewers_connected(tmp_path, number):
    with serving(tmp_path) as program:
        watching, stalled = [], []
        for _ in range(3):
            viewer = http.client.HTTPConnection("127.0.0.1", program.port, timeout=30)
            viewer.request("GET", "/api/stream.mjpg")
            watching.append((viewer, viewer.getresponse()))
            stalled.append(socket.create_connection(("127.0.0.1", program.port)))
            stalled[-1].sendall(b"GET /api/stream.mjpg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        with connect(f"ws://127.0.0.1:{program.port}/api/live") as live:
            live.recv(10)
            # The stalled ones read nothing: by now the system's buffers for them are full.
            eventually(lambda: program.state()["number"] > 60)
            for _, response in watching:
                assert response.read(1000)
            took_s = program.stop(number)
        for raw in stalled:
            raw.close()
        for viewer, _ in watching:
            viewer.close()
    assert took_s < 1.0
    assert program.process.returncode == 128 + number
    assert "Traceback" not in "".join(program.stderr_lines)
    assert "frames in" in program.stderr_lines[-1]


def test_quit_from_the_page_ends_it_in_order(tmp_path):
    with serving(tmp_path) as program:
        program.request("POST", "/api/recording", {"recording": True})
        eventually(lambda: (program.state()["recording"]["seconds"] or 0) > 0.5)
        answer = program.request("POST", "/api/key", {"key": "q"})
        assert (answer.status, answer.json["recording"]["wanted"]) == (200, True)
        assert program.process.wait(30) == 0
        eventually(lambda: any("recorded livecam_" in line for line in program.stderr_lines))


def test_the_folder_of_files_is_printed_and_not_sent_to_viewers(tmp_path):
    folder = tmp_path / "private" / "shots"
    with serving(tmp_path, "--snapshots", folder) as program:

        def notice() -> str:  # shown for three seconds only
            program.request("POST", "/api/snapshot", {"clean": False})
            return program.state()["notice"]

        assert eventually(notice).startswith("saved livecam_")
        eventually(lambda: any(f"saved {folder}/livecam_" in line for line in program.stderr_lines))


def test_a_still_picture_is_healthy(tmp_path):
    import cv2

    cv2.imwrite(str(tmp_path / "still.png"), textured(320, 240))
    with serving(tmp_path, source="still.png") as program:
        eventually(lambda: program.state()["age_ms"] > 11_000)
        assert program.get("/healthz").status == 200


def test_an_allowed_host_name_needs_a_token(tmp_path):
    names = ("--allow-host", "Garden.example.org", "--allow-host", "garden.lan")
    with serving(tmp_path, *names) as program:
        assert len(program.token) >= 32
        for host in ("garden.example.org", "garden.lan:443"):
            own = {"Host": host, "Authorization": f"Bearer {program.token}"}
            assert program.get("/api/state", **own).status == 200
            assert program.get("/api/state", Host=host).status == 401
        assert program.get("/api/state", Host="example.org").status == 421


def test_a_recording_of_an_earlier_run_is_listed(tmp_path):
    old = tmp_path / "livecam_2024-05-06_07-08-09.mp4"
    old.write_bytes(b"video")
    os.utime(old, (1_700_000_000, 1_700_000_000))
    with serving(tmp_path) as program:
        (file,) = program.get("/api/recordings").json
        assert file["name"] == old.name
        assert program.get(f"/api/recordings/{file['id']}").body == b"video"
